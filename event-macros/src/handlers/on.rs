//! `#[on]`, `#[on(unordered, attempts = 3, retry = "1s, 5s", timeout = "30s")]`.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Error, Ident, LitInt, LitStr, Meta};

use crate::attr::Slot;
use crate::attr::list::{entries, expect, flag, value};
use crate::problems::Problems;
use crate::suggest::did_you_mean;

/// The options of a handler.
const NAMES: [&str; 4] = ["unordered", "attempts", "retry", "timeout"];

/// `#[on(…)]` of a method.
#[derive(Default)]
pub(super) struct On {
    pub(super) unordered: Slot<Ident>,
    pub(super) attempts: Slot<u32>,
    /// Delays in milliseconds.
    pub(super) retry: Slot<Vec<u64>>,
    /// In milliseconds.
    pub(super) timeout: Slot<u64>,
}

impl On {
    /// Takes `#[on]` away from a method; nothing when there is none.
    pub(super) fn take(problems: &Problems, attributes: &mut Vec<Attribute>) -> Option<Self> {
        let mut taken = attributes.extract_if(.., |attribute| attribute.path().is_ident("on"));
        let first = taken.next()?;
        for again in taken {
            problems.push(Error::new_spanned(again.path(), "duplicate `#[on]`; keep one"));
        }
        Some(Self::parse(problems, &first))
    }

    fn parse(problems: &Problems, attribute: &Attribute) -> Self {
        let mut on = Self::default();
        match &attribute.meta {
            Meta::Path(_) => {}
            Meta::List(list) => entries(problems, list.tokens.clone(), |name, input| on.entry(name, input)),
            Meta::NameValue(meta) => {
                problems.push(Error::new_spanned(
                    &meta.path,
                    "expected `#[on]` or options in parentheses: `#[on(unordered)]`",
                ));
            }
        }
        on
    }

    fn entry(&mut self, name: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
        match name.unraw().to_string().as_str() {
            "unordered" => self.unordered.fill(name, flag(name, input)),
            "attempts" => self.attempts.fill(name, value(name, input, "attempts = 3", attempts)),
            "retry" => self.retry.fill(name, value(name, input, "retry = \"1s, 5s, 30s\"", retry)),
            "timeout" => self.timeout.fill(name, value(name, input, "timeout = \"30s\"", timeout)),
            other => Err(Error::new(name.span(), format!("unknown option `{other}`{}", did_you_mean(other, NAMES)))),
        }
    }
}

fn attempts(input: ParseStream<'_>) -> syn::Result<u32> {
    let number: LitInt = expect(input, "attempts are counted: write `attempts = 3`")?;
    match number.base10_parse::<i32>() {
        Ok(count @ 1..) => Ok(count.unsigned_abs()),
        Ok(_) => Err(Error::new(number.span(), "an event is tried at least once; write `attempts = 1`")),
        Err(_) => Err(Error::new(number.span(), "too many attempts; write a smaller number, such as `attempts = 3`")),
    }
}

fn retry(input: ParseStream<'_>) -> syn::Result<Vec<u64>> {
    let text: LitStr = expect(input, "delays are a string, with units and commas: write `retry = \"1s, 5s, 30s\"`")?;
    let value = text.value();
    let delays = value.split(',').map(|delay| milliseconds(delay.trim()).ok_or_else(|| delay.trim().to_owned()));
    delays.collect::<Result<_, _>>().map_err(|wrong: String| {
        let what = match wrong.as_str() {
            "" => "a delay is missing beside a comma".to_owned(),
            _ => format!("`{wrong}` is no delay, which is a whole number above 0 and one of `ms`, `s`, `m`, `h`"),
        };
        Error::new(text.span(), format!("{what}: write `retry = \"1s, 5s, 30s\"`"))
    })
}

fn timeout(input: ParseStream<'_>) -> syn::Result<u64> {
    let text: LitStr = expect(input, "a timeout is a string with a unit: write `timeout = \"30s\"`")?;
    let wrong = "a timeout is a whole number above 0 and one of `ms`, `s`, `m`, `h`: write `timeout = \"30s\"`";
    milliseconds(&text.value()).ok_or_else(|| Error::new(text.span(), wrong))
}

fn milliseconds(text: &str) -> Option<u64> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let factor = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor).filter(|milliseconds| *milliseconds > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_have_a_unit() {
        assert_eq!(milliseconds("250ms"), Some(250));
        assert_eq!(milliseconds("30s"), Some(30_000));
        assert_eq!(milliseconds("5m"), Some(300_000));
        assert_eq!(milliseconds("2h"), Some(7_200_000));
    }

    #[test]
    fn other_timeouts_are_refused() {
        for bad in ["", "30", "s", "30 s", "1.5s", "-1s", "0s", "1d", "99999999999999999999s", "9999999999999999999h"] {
            assert_eq!(milliseconds(bad), None, "{bad}");
        }
    }
}
