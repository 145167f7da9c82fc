//! What the reader says of numbers and texts.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::writer::{INTEGER, NUMBERS, TEXT, Writer};
use crate::contain::format;
use crate::contain::lower::integer_range;
use crate::contain::solve::number::exact;

fn compare(left: &Number, right: &Number) -> Option<Ordering> {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => Some(exact(left)?.cmp(&exact(right)?)),
    }
}

fn at_least(left: &Number, right: &Number) -> bool {
    matches!(compare(left, right), Some(Ordering::Greater | Ordering::Equal))
}

fn above(left: &Number, right: &Number) -> bool {
    compare(left, right) == Some(Ordering::Greater)
}

/// Whether what the writer says of numbers implies what the reader says.
pub(super) fn number(writer: &Writer<'_>, keyword: &str, said: &Value) -> bool {
    let Value::Number(bound) = said else { return false };
    if keyword == "multipleOf" {
        return writer.schemas.iter().any(|schema| schema.get("multipleOf").and_then(Value::as_number) == Some(bound));
    }
    let (low, strict) = (keyword.ends_with("inimum"), keyword.starts_with("exclusive"));
    let implies = |known: &Number, excluded: bool| match (low, strict && !excluded) {
        (true, false) => at_least(known, bound),
        (true, true) => above(known, bound),
        (false, false) => at_least(bound, known),
        (false, true) => above(bound, known),
    };
    let (inclusive, exclusive) = if low { ("minimum", "exclusiveMinimum") } else { ("maximum", "exclusiveMaximum") };
    writer.schemas.iter().any(|schema| {
        let says = |keyword: &str, excluded| {
            schema.get(keyword).and_then(Value::as_number).is_some_and(|known| implies(known, excluded))
        };
        says(inclusive, false) || says(exclusive, true)
    }) || range(writer).is_some_and(|(least, most)| implies(if low { &least } else { &most }, false))
}

/// The range of an integer format that serde keeps to.
fn range(writer: &Writer<'_>) -> Option<(Number, Number)> {
    if !writer.asserts_formats() || writer.kinds & NUMBERS != INTEGER {
        return None;
    }
    writer.schemas.iter().find_map(|schema| integer_range(schema.get("format")?.as_str()?))
}

/// Whether what the writer says implies a format, where formats are asserted.
pub(super) fn format(writer: &Writer<'_>, said: &Value) -> bool {
    let Value::String(name) = said else { return false };
    if let Some((least, most)) = integer_range(name) {
        let number = |keyword, bound| number(writer, keyword, &Value::Number(bound));
        return !writer.may_be(NUMBERS) || number("minimum", least) && number("maximum", most);
    }
    let formats = writer.schemas.iter().filter_map(|schema| schema.get("format").and_then(Value::as_str));
    let mut formats = formats.filter(|_| writer.values().is_none());
    !writer.may_be(TEXT) || formats.any(|known| format::includes(name, known))
}

/// Whether what the writer says of texts implies what the reader says.
pub(super) fn text(writer: &Writer<'_>, keyword: &str, said: &Value) -> bool {
    if keyword == "pattern" {
        return writer.schemas.iter().any(|schema| schema.get("pattern") == Some(said));
    }
    implied(writer, keyword, said)
}

/// Whether the writer has a bound of the same keyword that is as narrow.
pub(super) fn implied(writer: &Writer<'_>, keyword: &str, said: &Value) -> bool {
    let Some(bound) = said.as_u64() else { return false };
    let mut known = writer.schemas.iter().filter_map(|schema| schema.get(keyword)?.as_u64());
    if keyword.starts_with("min") {
        bound == 0 || known.any(|known| known >= bound)
    } else {
        known.any(|known| known <= bound)
    }
}
