//! `consumer = "billing"`, `unknown = "dead_letter"`, `crate = path`.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Ident, LitStr, Path};

use crate::attr::Slot;
use crate::attr::list::{entries, expect, value};
use crate::problems::Problems;
use crate::suggest::{did_you_mean, nearest};

/// The arguments of `#[event_handlers(…)]`.
const NAMES: [&str; 3] = ["consumer", "unknown", "crate"];

/// The longest name of a consumer, in characters.
const LONGEST_CONSUMER: usize = 100;

/// `#[event_handlers(…)]`.
#[derive(Default)]
pub(super) struct Args {
    pub(super) consumer: Slot<String>,
    pub(super) unknown: Slot<Unknown>,
    pub(super) krate: Slot<Path>,
}

/// What happens to events without a handler.
#[derive(Clone, Copy)]
pub(super) enum Unknown {
    Ignore,
    DeadLetter,
}

impl Args {
    /// Reads the arguments.
    pub(super) fn parse(problems: &Problems, tokens: TokenStream) -> Self {
        let mut args = Self::default();
        entries(problems, tokens, |name, input| args.entry(name, input));
        args
    }

    fn entry(&mut self, name: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
        match name.unraw().to_string().as_str() {
            "consumer" => self.consumer.fill(name, value(name, input, "consumer = \"billing\"", consumer)),
            "unknown" => self.unknown.fill(name, value(name, input, "unknown = \"dead_letter\"", unknown)),
            "crate" => self.krate.fill(name, value(name, input, "crate = path", Path::parse_mod_style)),
            other => {
                if nearest(other, NAMES) == Some("consumer") {
                    self.consumer.meant();
                }
                Err(Error::new(name.span(), format!("unknown option `{other}`{}", did_you_mean(other, NAMES))))
            }
        }
    }
}

fn consumer(input: ParseStream<'_>) -> syn::Result<String> {
    let text: LitStr = expect(input, "the name of a consumer is a string: write `consumer = \"billing\"`")?;
    let name = text.value();
    match wrong_consumer(&name) {
        Some(wrong) => Err(Error::new(text.span(), wrong)),
        None => Ok(name),
    }
}

fn wrong_consumer(name: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if name.is_empty() {
        return Some("a consumer needs a name: write `consumer = \"billing\"`".to_owned());
    }
    if let Some(other) = name.chars().find(|c| !allowed(*c)) {
        return Some(format!(
            "malformed consumer name: {other:?} is neither a letter of ASCII, a digit, `_`, `.` nor `-`; write a name such as `billing`"
        ));
    }
    let length = name.chars().count();
    (length > LONGEST_CONSUMER)
        .then(|| format!("the consumer name has {length} characters; at most {LONGEST_CONSUMER} are allowed"))
}

fn unknown(input: ParseStream<'_>) -> syn::Result<Unknown> {
    let text: LitStr = expect(input, "write `unknown = \"ignore\"` or `unknown = \"dead_letter\"`")?;
    match text.value().as_str() {
        "ignore" => Ok(Unknown::Ignore),
        "dead_letter" => Ok(Unknown::DeadLetter),
        _ => Err(Error::new(text.span(), "write `unknown = \"ignore\"` or `unknown = \"dead_letter\"`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consumers_have_plain_names() {
        for good in ["billing", "Billing-2", "billing.eu_west"] {
            assert_eq!(wrong_consumer(good), None, "{good}");
        }
        for bad in ["", "a b", "a/b", "ä"] {
            assert!(wrong_consumer(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn consumers_have_at_most_100_characters() {
        assert_eq!(wrong_consumer(&"a".repeat(100)), None);
        assert!(wrong_consumer(&"a".repeat(101)).is_some());
    }
}
