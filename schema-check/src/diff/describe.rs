//! Words for a schema: `u32`, `string (uuid)`, `array or null`.

use super::scalars::{Range, is_char};
use super::shape::Types;
use super::view::View;
use serde_json::Value;

/// What to call the values of `view`.
pub(crate) fn describe(view: &View<'_>) -> String {
    let mut words = words(view, 4);
    words.dedup();
    words.join(" or ")
}

fn words(view: &View<'_>, depth: u8) -> Vec<String> {
    if view.refuses_all() {
        return vec!["nothing".to_owned()];
    }
    let groups = view.groups();
    match groups.first() {
        Some(group) if depth > 0 && !view.has_own_fields() => alternatives(group.branches.iter(), depth),
        _ => plain(view),
    }
}

fn alternatives<'s>(branches: impl Iterator<Item = &'s View<'s>>, depth: u8) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for word in branches.flat_map(|branch| words(branch, depth - 1)) {
        if !all.contains(&word) {
            all.push(word);
        }
    }
    all.sort_by_key(|word| word == "null");
    all
}

fn plain(view: &View<'_>) -> Vec<String> {
    if view.constants().is_some() {
        return vec!["enum".to_owned()];
    }
    let types = view.types();
    if types == Types::ANY {
        return vec!["any value".to_owned()];
    }
    types.words().into_iter().map(|word| refined(view, word)).collect()
}

fn refined(view: &View<'_>, word: &str) -> String {
    match word {
        "integer" => Range::of(view, true).to_string(),
        "string" if is_char(view) => "char".to_owned(),
        "string" => {
            view.keyword("format").find_map(Value::as_str).map_or(word.to_owned(), |it| format!("string ({it})"))
        }
        "array" => tuple(view).unwrap_or_else(|| word.to_owned()),
        _ => word.to_owned(),
    }
}

fn tuple(view: &View<'_>) -> Option<String> {
    let length = |keyword| view.keyword(keyword).find_map(Value::as_u64);
    let (least, most) = (length("minItems")?, length("maxItems")?);
    (least == most).then(|| format!("array of {least}"))
}
