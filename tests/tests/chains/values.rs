//! Random values of the types that fields have.

use proptest::collection::vec;
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A struct inside of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Line {
    pub(crate) sku: String,
    pub(crate) pieces: u8,
    pub(crate) gift: Option<String>,
}

/// An enum inside of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum Mood {
    Calm,
    Loud(u8),
    Named { name: String },
}

/// Any characters, those that JSON escapes among them.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let characters = vec(any::<char>(), 0..6).prop_map(String::from_iter);
    let known = prop::sample::select(vec!["", "\"\\", "\u{0}\n\u{1f}", "null", "e\u{301}\u{1f469}\u{200d}\u{1f680}"]);
    prop_oneof![3 => characters, 1 => known.prop_map(str::to_owned)]
}

/// Any integer, the bounds more often than by chance.
pub(crate) fn integer() -> impl Strategy<Value = i64> {
    prop_oneof![4 => any::<i64>(), 1 => -9i64..9, 1 => prop::sample::select(vec![i64::MIN, -1, 0, 1, i64::MAX])]
}

pub(crate) fn maybe<T: std::fmt::Debug + Clone>(some: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::of(some)
}

pub(crate) fn line() -> impl Strategy<Value = Line> {
    (text(), any::<u8>(), maybe(text())).prop_map(|(sku, pieces, gift)| Line { sku, pieces, gift })
}

pub(crate) fn lines() -> impl Strategy<Value = Vec<Line>> {
    vec(line(), 0..4)
}

pub(crate) fn mood() -> impl Strategy<Value = Mood> {
    prop_oneof![Just(Mood::Calm), any::<u8>().prop_map(Mood::Loud), text().prop_map(|name| Mood::Named { name })]
}
