//! The keys of maps: JSON has texts alone, Rust has integers, identifiers, enums.

use serde_json::{Value, json};

use super::decoder::{Answer, expected};
use super::walk::{Seen, Walk};
use crate::contain::{integer_range, samples_of_format};

/// Texts of all kinds: a map that takes them takes every text.
const ANY: [&str; 5] = ["zz unknown", "", "é", "0", "True"];
/// Integer types, each with a JSON Schema format of the same range.
const INTEGERS: [&str; 10] =
    ["uint8", "uint16", "uint32", "uint64", "uint128", "int8", "int16", "int32", "int64", "int128"];
/// Formats whose texts the key's type may take.
const FORMATS: [&str; 7] = ["uuid", "date-time", "date", "partial-time", "ipv4", "ipv6", "uri"];

/// Learns what the keys of a map are; yields one that is accepted.
pub(super) fn learn(walk: &mut Walk<'_>, seen: &Seen, values: &str, part: &str) -> Option<String> {
    let content = walk.sampler.smallest(values)?.value;
    let declared = walk.document.properties(&seen.shape);
    let mut map = Map { walk, seen, content };
    if ANY.iter().all(|key| declared.contains_key(key) || map.takes(key)) {
        return Some("a".to_owned()).filter(|key| map.takes(key)).or(Some(String::new()));
    }
    if !declared.is_empty() {
        return map.first(&["a", "0"]);
    }
    let (keys, example) = map.keys()?;
    walk.learn(part, "keys", keys);
    Some(example)
}

struct Map<'m, 'a> {
    walk: &'m mut Walk<'a>,
    seen: &'m Seen,
    content: Value,
}

impl Map<'_, '_> {
    fn ask(&mut self, key: &str) -> Answer {
        let value = self.seen.with(super::objects::with(&self.seen.value, key, self.content.clone()));
        self.walk.ask_one(value)
    }

    fn takes(&mut self, key: &str) -> bool {
        let answer = self.ask(key);
        answer.is_only_read() || answer.written(&self.seen.at).is_some_and(|map| map.get(key).is_some())
    }

    fn first(&mut self, keys: &[&str]) -> Option<String> {
        keys.iter().find(|key| self.takes(key)).map(|key| (*key).to_owned())
    }

    /// A schema of the keys, and one of them.
    fn keys(&mut self) -> Option<(Value, String)> {
        self.integers()
            .or_else(|| self.names())
            .or_else(|| self.characters())
            .or_else(|| self.formats())
            .or_else(|| self.others())
    }

    fn integers(&mut self) -> Option<(Value, String)> {
        let format = INTEGERS.iter().find(|format| self.is_exactly(format))?;
        let mut keys = json!({ "type": "integer", "format": format });
        if let (false, Some(keys)) = (self.takes("0"), keys.as_object_mut()) {
            keys.insert("not".to_owned(), json!({ "const": 0 }));
        }
        Some((keys, "1".to_owned()))
    }

    fn is_exactly(&mut self, format: &str) -> bool {
        let Some((low, high)) = integer_range(format) else { return false };
        let (low, high) = (low.to_string(), high.to_string());
        let below = if low == "0" { "-1".to_owned() } else { beyond(&low) };
        let least = if low == "0" { "1" } else { low.as_str() };
        self.takes(&high) && self.takes(least) && !self.takes(&beyond(&high)) && !self.takes(&below)
    }

    /// What an error lists, as far as it is accepted.
    fn names(&mut self) -> Option<(Value, String)> {
        let mut names = self.ask("zz unknown").error().map(expected).unwrap_or_default();
        names.extend(["true".to_owned(), "false".to_owned()]);
        names.retain(|name| self.takes(name));
        names.sort();
        names.dedup();
        let first = names.first()?.clone();
        Some((json!({ "enum": names }), first))
    }

    fn characters(&mut self) -> Option<(Value, String)> {
        let right = self.takes("a") && self.takes("é") && self.takes(" ") && !self.takes("") && !self.takes("ab");
        right.then(|| (json!({ "minLength": 1, "maxLength": 1 }), "a".to_owned()))
    }

    fn formats(&mut self) -> Option<(Value, String)> {
        let taken: Vec<&str> = FORMATS
            .into_iter()
            .filter(|format| {
                samples_of_format(format).is_some_and(|samples| samples.iter().all(|text| self.takes(text)))
            })
            .collect();
        let example = samples_of_format(taken.first()?)?.first()?;
        let all: Vec<Value> = taken.iter().map(|format| json!({ "type": "string", "format": format })).collect();
        let keys = match all.as_slice() {
            [only] => only.clone(),
            _ => json!({ "anyOf": all }),
        };
        Some((keys, (*example).to_owned()))
    }

    /// A type that we don't know, by what it says of a key that it refuses.
    fn others(&mut self) -> Option<(Value, String)> {
        let example = self.first(&["a", "A", "1", "0.5", "EUR", "DE", "en", "a@example.com", "2024-01"])?;
        let answer = self.ask("zz unknown");
        let error = answer.error()?.split(" at line ").next().unwrap_or_default().to_owned();
        Some((json!({ "type": "string", "format": format!("keys with `{error}`") }), example))
    }
}

/// A decimal number with one more in its last digit; ends of integer ranges have no 9 there.
fn beyond(decimal: &str) -> String {
    let (head, last) = decimal.split_at(decimal.len().saturating_sub(1));
    let last = last.parse::<u8>().unwrap_or(0) + 1;
    format!("{head}{last}")
}
