//! The values of attributes which are texts and numbers: wire types, aggregates, versions.

use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::{Error, LitInt, LitStr};

use super::list::expect;

/// A value and where it was written.
#[derive(Debug, Clone)]
pub(crate) struct Spanned<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

/// The longest wire type, in bytes.
const LONGEST_TYPE: usize = 200;

/// Reads a wire type.
pub(crate) fn event_type(input: ParseStream<'_>) -> syn::Result<Spanned<String>> {
    let text: LitStr = expect(input, "an event type is a string: write `\"order.placed\"`")?;
    let (value, span) = (text.value(), text.span());
    match wrong_type(&value) {
        Some(wrong) => Err(Error::new(span, wrong)),
        None => Ok(Spanned { value, span }),
    }
}

fn wrong_type(value: &str) -> Option<String> {
    if value.len() > LONGEST_TYPE {
        return Some(format!("the event type has {} bytes; at most {LONGEST_TYPE} are allowed", value.len()));
    }
    if let Some(wrong) = wrong_words(value) {
        return Some(format!("malformed event type: {wrong}; write words joined by dots, such as `order.placed`"));
    }
    (!value.contains('.')).then(|| {
        format!(
            "malformed event type: there is no dot; write what it is about and what happened, such as `{value}.created`"
        )
    })
}

/// Reads the name of an aggregate.
pub(crate) fn aggregate(input: ParseStream<'_>) -> syn::Result<String> {
    let text: LitStr = expect(input, "an aggregate is a string: write `aggregate = \"order\"`")?;
    let value = text.value();
    match wrong_words(&value) {
        _ if value.len() > LONGEST_TYPE => {
            Err(Error::new(text.span(), format!("the aggregate has more than {LONGEST_TYPE} bytes")))
        }
        Some(wrong) => {
            Err(Error::new(text.span(), format!("malformed aggregate: {wrong}; write a word such as `order`")))
        }
        None => Ok(value),
    }
}

fn wrong_words(value: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if value.is_empty() {
        return Some("it is empty".to_owned());
    }
    if let Some(other) = value.chars().find(|c| !allowed(*c)) {
        return Some(format!("{other:?} is neither a letter of ASCII, a digit, `_` nor `-`"));
    }
    value.split('.').any(str::is_empty).then(|| "a dot needs a word on both sides".to_owned())
}

/// The highest version: what a signed 32-bit column of a database holds.
const HIGHEST_VERSION: u32 = 2_147_483_647;

/// Reads a version; `name` is that of the attribute.
pub(crate) fn version(name: &str, input: ParseStream<'_>) -> syn::Result<Spanned<u32>> {
    let number: LitInt = expect(input, &format!("event versions are integers; write `{name} = 1`"))?;
    let span = number.span();
    if number.base10_digits() == "0" || number.base10_digits().starts_with('-') {
        return Err(Error::new(span, format!("event versions start at 1; write `{name} = 1`")));
    }
    match number.base10_parse::<u32>() {
        Ok(value) if value <= HIGHEST_VERSION => Ok(Spanned { value, span }),
        _ => Err(Error::new(span, format!("event versions end at {HIGHEST_VERSION}; write a smaller `{name}`"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_types_are_words_joined_by_dots() {
        for good in ["order.placed", "a.b.c", "Order_2.placed-now", "1.2"] {
            assert_eq!(wrong_type(good), None, "{good}");
        }
        for bad in ["order", "", ".", "order.", ".placed", "a..b", "order placed.x", "orderé.placed", "a/b.c"] {
            assert!(wrong_type(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn wire_types_have_at_most_200_bytes() {
        let of_length = |length: usize| format!("a.{}", "b".repeat(length - 2));
        assert_eq!(wrong_type(&of_length(200)), None);
        assert!(wrong_type(&of_length(201)).is_some());
    }
}
