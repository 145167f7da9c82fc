//! Asks the prover about parts of the compared schemas.

use crate::contain::{self, Options, Verdict};
use crate::diff::Spot;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Parts that one explanation asks about.
const MOST_QUESTIONS: usize = 32;
/// Nodes of schemas that one explanation shows to the prover, all questions together.
const MOST_NODES: usize = 20_000;
/// Where the whole schema goes, so that a part can refer to it.
const WHOLE: &str = "#/$defs/__whole";

/// The prover, for pairs of places.
pub(super) struct Judge<'a> {
    written: &'a Value,
    read: &'a Value,
    options: &'a Options,
    known: HashMap<(String, String), Word>,
    questions: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Compatible,
    Breaking,
    Unknown,
}

impl<'a> Judge<'a> {
    pub(super) fn new(written: &'a Value, read: &'a Value, options: &'a Options) -> Self {
        let questions = MOST_QUESTIONS.min(MOST_NODES / (nodes(written) + nodes(read)).max(1));
        Self { written, read, options, known: HashMap::new(), questions }
    }

    /// The places agree when they are looked at by themselves.
    pub(super) fn clears(&mut self, spot: &Spot) -> bool {
        self.word(spot) == Word::Compatible
    }

    /// The places are broken by themselves.
    pub(super) fn convicts(&mut self, spot: &Spot) -> bool {
        self.word(spot) == Word::Breaking
    }

    fn word(&mut self, spot: &Spot) -> Word {
        if spot.written.is_empty() && spot.read.is_empty() {
            return Word::Breaking;
        }
        let key = (spot.written.clone(), spot.read.clone());
        if let Some(word) = self.known.get(&key) {
            return *word;
        }
        if self.known.len() >= self.questions {
            return Word::Unknown;
        }
        let (written, read) = (part(self.written, &spot.written), part(self.read, &spot.read));
        let word = match contain::contained(&written, &read, self.options) {
            Verdict::Compatible => Word::Compatible,
            Verdict::Breaking { .. } => Word::Breaking,
            Verdict::Unknown { .. } => Word::Unknown,
        };
        self.known.insert(key, word);
        word
    }
}

fn nodes(schema: &Value) -> usize {
    let parts: usize = match schema {
        Value::Object(map) => map.values().map(nodes).sum(),
        Value::Array(list) => list.iter().map(nodes).sum(),
        _ => 0,
    };
    parts + 1
}

/// A document of its own for the schema at `pointer`.
fn part(whole: &Value, pointer: &str) -> Value {
    let mut moved = whole.clone();
    redirect(&mut moved);
    let mut part = Map::new();
    if let Some(map) = moved.as_object_mut() {
        map.remove("$id");
        part.extend(["$schema", "x-event"].into_iter().filter_map(|key| map.remove_entry(key)));
    }
    for fact in part.get_mut("x-event").and_then(|event| event.get_mut("facts")?.as_array_mut()).into_iter().flatten() {
        if let Some(Value::String(place)) = fact.get_mut("pointer") {
            place.insert_str(0, WHOLE.trim_start_matches('#'));
        }
    }
    part.insert("$ref".to_owned(), Value::String(format!("{WHOLE}{}", fragment(pointer))));
    part.insert("$defs".to_owned(), json!({ "__whole": moved }));
    Value::Object(part)
}

/// References into the document follow it to its new place.
fn redirect(schema: &mut Value) {
    match schema {
        Value::Object(map) => map.iter_mut().for_each(|(key, value)| match value {
            Value::String(reference) if key == "$ref" => {
                if let Some(fragment) = reference.strip_prefix('#').filter(|it| it.is_empty() || it.starts_with('/')) {
                    *reference = format!("{WHOLE}{fragment}");
                }
            }
            value => redirect(value),
        }),
        Value::Array(list) => list.iter_mut().for_each(redirect),
        _ => {}
    }
}

/// A pointer as a URI fragment.
fn fragment(pointer: &str) -> String {
    pointer
        .chars()
        .map(|letter| {
            if letter.is_ascii_graphic() && !"%\"<>^`{|}#\\".contains(letter) {
                letter.to_string()
            } else {
                escaped(letter)
            }
        })
        .collect()
}

fn escaped(letter: char) -> String {
    letter.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect()
}
