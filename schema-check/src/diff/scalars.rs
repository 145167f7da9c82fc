//! Bounds, formats and patterns of values without parts.

use super::change::What;
use super::shape::Types;
use super::view::View;
use serde_json::Value;
use std::fmt;

/// Integers between two bounds, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range {
    low: Option<i128>,
    high: Option<i128>,
}

/// What Rust calls a range, and what schemars calls it.
const INTEGERS: [(&str, &str, Option<i128>, Option<i128>); 12] = [
    ("u8", "uint8", Some(0), Some(u8::MAX as i128)),
    ("u16", "uint16", Some(0), Some(u16::MAX as i128)),
    ("u32", "uint32", Some(0), Some(u32::MAX as i128)),
    ("u64", "uint64", Some(0), Some(u64::MAX as i128)),
    ("usize", "uint", Some(0), Some(u64::MAX as i128)),
    ("i8", "int8", Some(i8::MIN as i128), Some(i8::MAX as i128)),
    ("i16", "int16", Some(i16::MIN as i128), Some(i16::MAX as i128)),
    ("i32", "int32", Some(i32::MIN as i128), Some(i32::MAX as i128)),
    ("i64", "int64", Some(i64::MIN as i128), Some(i64::MAX as i128)),
    ("isize", "int", Some(i64::MIN as i128), Some(i64::MAX as i128)),
    ("i128", "int128", Some(i128::MIN), Some(i128::MAX)),
    ("u128", "uint128", Some(0), None),
];

impl Range {
    /// The integers that pass; a format counts as a range when `formats`.
    pub(crate) fn of(view: &View<'_>, formats: bool) -> Self {
        let mut range = Self { low: None, high: None };
        for value in view.keyword("minimum").filter_map(integer) {
            range.raise(Some(value));
        }
        for value in view.keyword("exclusiveMinimum").filter_map(integer) {
            range.raise(value.checked_add(1));
        }
        for value in view.keyword("maximum").filter_map(integer) {
            range.lower(Some(value));
        }
        for value in view.keyword("exclusiveMaximum").filter_map(integer) {
            range.lower(value.checked_sub(1));
        }
        for (_, _, low, high) in view.keyword("format").filter_map(|format| formats.then(|| named(format)).flatten()) {
            range.raise(*low);
            range.lower(*high);
        }
        range
    }

    /// Everything in `self` is in `other`.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        let low = other.low.is_none_or(|bound| self.low.is_some_and(|low| low >= bound));
        low && other.high.is_none_or(|bound| self.high.is_some_and(|high| high <= bound))
    }

    fn raise(&mut self, bound: Option<i128>) {
        self.low = self.low.max(bound);
    }

    fn lower(&mut self, bound: Option<i128>) {
        self.high = match (self.high, bound) {
            (Some(own), Some(bound)) => Some(own.min(bound)),
            (own, bound) => own.or(bound),
        };
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((rust, ..)) = INTEGERS.iter().find(|(_, _, low, high)| *low == self.low && *high == self.high) {
            return f.write_str(rust);
        }
        match (self.low, self.high) {
            (None, None) => f.write_str("integer"),
            (Some(low), None) => write!(f, "integer from {low}"),
            (None, Some(high)) => write!(f, "integer up to {high}"),
            (Some(low), Some(high)) => write!(f, "integer from {low} to {high}"),
        }
    }
}

fn integer(value: &Value) -> Option<i128> {
    let number = value.as_number()?;
    number.as_i128().or_else(|| number.as_f64().filter(|float| float.fract() == 0.0).map(|float| float as i128))
}

fn named(format: &Value) -> Option<&'static (&'static str, &'static str, Option<i128>, Option<i128>)> {
    let format = format.as_str()?;
    INTEGERS.iter().find(|(_, name, ..)| *name == format)
}

/// Tighter bounds, formats and patterns where `read`.
pub(crate) fn obstacles(written: &View<'_>, read: &View<'_>, formats: bool) -> Vec<What> {
    let both = written.types().and(read.types());
    let mut found = Vec::new();
    if both.meets(Types::INTEGER) {
        found.extend(integers(written, read, both, formats));
    }
    if both.meets(Types::NUMBER) && !found.iter().any(|what| matches!(what, What::Integers { .. })) {
        found.extend(["minimum", "exclusiveMinimum"].into_iter().filter_map(|it| tighter(written, read, it, true)));
        found.extend(["maximum", "exclusiveMaximum"].into_iter().filter_map(|it| tighter(written, read, it, false)));
        found.extend(spelled(written, read, "multipleOf"));
    }
    if both.meets(Types::STRING) {
        found.extend(strings(written, read));
    }
    found.extend(spelled(written, read, "not"));
    found
}

fn integers(written: &View<'_>, read: &View<'_>, both: Types, formats: bool) -> Option<What> {
    if both.has(Types::NUMBER) {
        return None;
    }
    let (written, read) = (Range::of(written, formats), Range::of(read, formats));
    (!written.is_within(&read)).then_some(What::Integers { written, read })
}

fn strings(written: &View<'_>, read: &View<'_>) -> Vec<What> {
    let format = |view: &View<'_>| view.keyword("format").find_map(Value::as_str).map(str::to_owned);
    let (was, is) = (format(written), format(read));
    let format = is.filter(|is| Some(is) != was.as_ref()).map(|read| What::Format { written: was, read });
    let bounds = [tighter(written, read, "minLength", true), tighter(written, read, "maxLength", false)];
    if is_char(written) != is_char(read) && bounds.iter().any(Option::is_some) {
        return vec![What::Type { written: text(written), read: text(read) }];
    }
    bounds.into_iter().flatten().chain(spelled(written, read, "pattern")).chain(format).collect()
}

/// A Rust `char`.
pub(crate) fn is_char(view: &View<'_>) -> bool {
    ["minLength", "maxLength"].into_iter().all(|keyword| view.keyword(keyword).any(|it| it.as_u64() == Some(1)))
}

fn text(view: &View<'_>) -> String {
    if is_char(view) { "char".to_owned() } else { "string".to_owned() }
}

/// A bound that is tighter where it is read; a lower bound when `lower`.
pub(crate) fn tighter(written: &View<'_>, read: &View<'_>, keyword: &'static str, lower: bool) -> Option<What> {
    let bound = |view: &View<'_>| {
        let all = view.keyword(keyword).filter_map(Value::as_f64);
        all.reduce(|a, b| if lower { a.max(b) } else { a.min(b) })
    };
    let is = bound(read)?;
    let was = bound(written);
    let wide_enough = was.is_some_and(|was| if lower { was >= is } else { was <= is });
    (!wide_enough).then(|| What::Constraint { keyword, written: was.map(|it| it.to_string()), read: is.to_string() })
}

/// A keyword that must be spelled alike.
pub(crate) fn spelled(written: &View<'_>, read: &View<'_>, keyword: &'static str) -> Option<What> {
    let promised: Vec<&Value> = written.keyword(keyword).collect();
    let asked = read.keyword(keyword).find(|value| !promised.contains(value))?;
    let written = promised.first().map(ToString::to_string);
    Some(What::Constraint { keyword, written, read: asked.to_string() })
}
