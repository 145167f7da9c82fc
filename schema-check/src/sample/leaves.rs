//! Values of texts, numbers and keys of maps: those first that code trips over.

use std::rc::Rc;

use serde_json::{Number, Value, json};

use super::document::{KINDS, Shape, escaped};
use super::smallest::{Sample, Sampler, distinct};
use crate::contain::{Language, sample_within, samples_of_format};

/// Between the bounds of one integer type and the next, and what casts and factors overflow on.
const INTEGERS: [i64; 11] =
    [i32::MAX as i64, 0, -1, i32::MIN as i64, 1, u32::MAX as i64, 100, (1 << 53) + 1, 255, 65_536, -100];
const FRACTIONS: [f64; 8] = [0.5, -2.25, 0.0, 1e300, -1e300, 1e-300, 1.0, 123_456_789.125];
/// The same within the range of `f32`.
const SHORT_FRACTIONS: [f64; 6] = [0.5, -2.25, 0.0, 3.0e38, -3.0e38, 1.0];

/// Empty, of several bytes and of several letters a sign, escaped, long.
const TEXTS: [&str; 10] = ["", "𝄞e\u{301}", "a", "ß\"\\\n\t\u{0}", " ", "0", "A b", "-1", "日本語", "true"];
const LONG: [u64; 2] = [65, 1_000];
/// No text of a length beyond this is made.
const LONGEST: u64 = 4_096;

/// Texts of formats that nobody asserts, and more of those that readers do: every writer may write them.
const OF_FORMATS: [(&str, &[&str]); 12] = [
    ("date-time", &["1970-01-01T00:00:00Z", "2100-02-28T23:59:59.999999999Z", "1969-12-31T23:59:59-11:00"]),
    ("date", &["2024-02-29", "1970-01-01", "2100-12-31"]),
    ("partial-time", &["00:00:00", "23:59:59.999999999"]),
    ("partial-date-time", &["1970-01-01T00:00:00", "2100-02-28T23:59:59.999999999"]),
    ("uuid", &["ffffffff-ffff-ffff-ffff-ffffffffffff"]),
    ("ipv4", &["0.0.0.0", "255.255.255.255"]),
    ("ipv6", &["::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]),
    ("uri", &["https://example.com/%C3%A9?a=b#c"]),
    ("byte", &["", "AAAA", "AA=="]),
    ("base64", &["", "AAAA", "AA=="]),
    ("decimal", &["0", "1.5", "-12.34"]),
    ("ulid", &["01ARZ3NDEKTSV4RRFFQ69G5FAV"]),
];

impl Sampler<'_> {
    /// Everything that a leaf is tried with.
    pub(super) fn leaves(&self, shape: &Shape) -> Rc<[Value]> {
        if let Some(known) = self.leaves.borrow().get(shape) {
            return Rc::clone(known);
        }
        let leaves: Rc<[Value]> = self.all_leaves(shape).into();
        self.leaves.borrow_mut().insert(shape.clone(), Rc::clone(&leaves));
        leaves
    }

    fn all_leaves(&self, shape: &Shape) -> Vec<Value> {
        let kinds = self.document().kinds(shape);
        if kinds.len() == KINDS.len() {
            return vec![json!({}), json!([]), Value::Null, json!(true), json!(0), json!("a")];
        }
        let mut values = Vec::new();
        for kind in kinds.iter().rev() {
            match *kind {
                "null" => values.push(Value::Null),
                "boolean" => values.extend([json!(true), json!(false)]),
                "integer" => values.extend(self.integers(shape)),
                "number" => values.extend(self.fractions(shape)),
                "string" => values.extend(self.strings(shape)),
                _ => {}
            }
        }
        distinct(values)
    }

    /// A text where none of the plain ones fits.
    pub(super) fn text(&self, shape: &Shape) -> Option<Value> {
        self.strings(shape).into_iter().next()
    }

    fn integers(&self, shape: &Shape) -> Vec<Value> {
        let mut all = self.numbers(shape);
        all.sort_by_key(|value| std::cmp::Reverse(value.as_number().map(|number| number.to_string().len())));
        let factors = self.document().said(shape, "multipleOf").filter_map(|(_, factor)| factor.as_i64());
        all.extend(factors.flat_map(|factor| [Some(factor), factor.checked_mul(-3)]).flatten().map(Value::from));
        all.extend(INTEGERS.map(Value::from));
        let near = ["exclusiveMinimum", "exclusiveMaximum"].into_iter();
        let near =
            near.flat_map(|keyword| self.document().said(shape, keyword)).filter_map(|(_, bound)| bound.as_i64());
        all.extend(near.flat_map(|bound| [bound.checked_add(1), bound.checked_sub(1)]).flatten().map(Value::from));
        self.fitting(shape, all)
    }

    fn fractions(&self, shape: &Shape) -> Vec<Value> {
        let is_short = self.document().said(shape, "format").any(|(_, format)| format == "float");
        let fractions: &[f64] = if is_short { &SHORT_FRACTIONS } else { &FRACTIONS };
        let mut all: Vec<Value> =
            fractions.iter().filter_map(|number| Number::from_f64(*number)).map(Value::Number).collect();
        if !is_short {
            all.extend(self.numbers(shape));
        }
        let bounds = ["minimum", "maximum"].into_iter().flat_map(|keyword| self.document().said(shape, keyword));
        all.extend(bounds.map(|(_, bound)| bound.clone()));
        self.fitting(shape, all)
    }

    fn strings(&self, shape: &Shape) -> Vec<Value> {
        let said = |keyword: &'static str| self.document().said(shape, keyword);
        if let Some(format) = said("format").find_map(|(_, format)| format.as_str()) {
            return self.formatted(shape, format);
        }
        let least = said("minLength").filter_map(|(_, least)| least.as_u64()).max().unwrap_or(0);
        let most = said("maxLength").filter_map(|(_, most)| most.as_u64()).min().unwrap_or(u64::MAX);
        if let Some(pattern) = said("pattern").find_map(|(_, pattern)| pattern.as_str()) {
            return self.fitting(shape, matching(pattern, (least, most)));
        }
        let texts = TEXTS.iter().map(|text| (*text).to_owned());
        let lengths = [least, most].into_iter().chain(LONG).filter(|length| *length <= LONGEST);
        let long = lengths
            .filter_map(|length| usize::try_from(length).ok())
            .flat_map(|length| [("a".repeat(length)), "é".repeat(length)]);
        self.fitting(shape, texts.chain(long).map(Value::String).collect())
    }

    /// Of a format that nobody knows only what was seen to be accepted is a text.
    fn formatted(&self, shape: &Shape, format: &str) -> Vec<Value> {
        let others = OF_FORMATS.iter().find(|(name, _)| *name == format).map_or(&[][..], |(_, texts)| *texts);
        let known = samples_of_format(format).unwrap_or_default().iter().chain(others);
        self.fitting(shape, known.map(|text| json!(text)).collect())
    }

    fn fitting(&self, shape: &Shape, mut values: Vec<Value>) -> Vec<Value> {
        values.retain(|value| self.fits(shape, value));
        distinct(values)
    }

    /// A key of a map with its value.
    pub(super) fn entry(&self, shape: &Shape, levels: u32) -> Option<(String, Sample)> {
        let (values, part) = self.document().map_values(shape)?;
        let key = self.keys(&part).into_iter().next()?;
        Some((key, self.of_place(&values, levels.checked_sub(1)?)?))
    }

    /// Keys that a map may have.
    pub(super) fn keys(&self, part: &str) -> Vec<String> {
        let names = format!("{part}/propertyNames");
        if self.document().at(&names).is_some() {
            let shapes = self.document().shapes(&names);
            let values = shapes.iter().flat_map(|shape| self.named(shape));
            return values.filter_map(|value| value.as_str().map(str::to_owned)).take(6).collect();
        }
        let patterns = self.document().at(&format!("{part}/patternProperties")).and_then(Value::as_object);
        if let Some(pattern) = patterns.and_then(|patterns| patterns.keys().next()) {
            return matching(pattern, (0, u64::MAX)).iter().filter_map(|key| key.as_str().map(str::to_owned)).collect();
        }
        ["a", "𝄞é", ""].map(str::to_owned).to_vec()
    }

    fn named(&self, shape: &Shape) -> Vec<Value> {
        let listed = self.document().said(shape, "enum").find_map(|(_, values)| values.as_array().cloned());
        let only = self.document().said(shape, "const").map(|(_, value)| vec![value.clone()]).next();
        listed.or(only).unwrap_or_else(|| self.strings(shape))
    }
}

/// The place of one entry of a map.
pub(super) fn below(at: &str, token: &str) -> String {
    format!("{at}/{}", escaped(token))
}

/// Texts of several lengths that match a pattern.
fn matching(pattern: &str, (least, most): (u64, u64)) -> Vec<Value> {
    let (mut language, pattern) = (Language::small(), Rc::from(pattern));
    let lengths = [least, least.max(2), least.max(9), least.max(40)].into_iter().filter(|least| *least <= most);
    let texts = lengths.filter_map(|least| sample_within(&mut language, &pattern, true, (least, most)));
    distinct(texts.map(Value::String).collect())
}
