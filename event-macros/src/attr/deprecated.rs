//! `deprecated`, `deprecated(from = "…", sunset = "…", migration = "…")`.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Ident, LitStr, token};

use super::list::{at_end, entries, expect, value};
use super::slot::Slot;
use super::time::{self, Time};
use crate::problems::Problems;
use crate::suggest::did_you_mean;

/// What is said about the end of a version.
pub(crate) struct Deprecated {
    pub(crate) name: Ident,
    pub(crate) from: Slot<Time>,
    pub(crate) sunset: Slot<Time>,
    pub(crate) migration: Slot<String>,
}

const PARTS: [&str; 3] = ["from", "sunset", "migration"];

impl Deprecated {
    /// Reads what follows the name.
    pub(crate) fn parse(problems: &Problems, name: &Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        let mut deprecated =
            Self { name: name.clone(), from: Slot::Missing, sunset: Slot::Missing, migration: Slot::Missing };
        if at_end(input) {
            return Ok(deprecated);
        }
        if !input.peek(token::Paren) {
            let example = "`deprecated`, or `deprecated(sunset = \"2027-01-01T00:00:00Z\")`";
            return Err(Error::new(name.span(), format!("`deprecated` takes a list, or nothing: write {example}")));
        }
        let content;
        syn::parenthesized!(content in input);
        entries(problems, content.parse()?, |name, input| deprecated.part(name, input));
        deprecated.in_order()
    }

    fn part(&mut self, name: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
        let time = |example: &str| value(name, input, &format!("{name} = {example}"), time::rfc_3339);
        match name.unraw().to_string().as_str() {
            "from" => self.from.fill(name, time("\"2026-01-01T00:00:00Z\"")),
            "sunset" => self.sunset.fill(name, time("\"2027-01-01T00:00:00Z\"")),
            "migration" => self.migration.fill(name, value(name, input, "migration = \"https://…\"", uri)),
            other => {
                let meant = did_you_mean(other, PARTS);
                let takes = if meant.is_empty() { "; it takes `from`, `sunset` and `migration`" } else { &meant };
                let message = format!("`deprecated` has no `{other}`{takes}");
                Err(Error::new(name.span(), message))
            }
        }
    }

    /// CloudEvents: the sunset is not before the beginning.
    fn in_order(self) -> syn::Result<Self> {
        match (self.from.given(), self.sunset.given()) {
            (Some(from), Some(sunset)) if sunset.micros < from.micros => {
                Err(Error::new(sunset.span, "the `sunset` of a version is not before its `from`"))
            }
            _ => Ok(self),
        }
    }
}

fn uri(input: ParseStream<'_>) -> syn::Result<String> {
    let text: LitStr = expect(input, "a migration is a URI: write `\"https://…\"`")?;
    let value = text.value();
    let scheme = value.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    if is_scheme && value.chars().all(|c| c.is_ascii_graphic()) {
        return Ok(value);
    }
    Err(Error::new(text.span(), "a migration is an absolute URI, such as `https://example.com/order-placed-2`"))
}
