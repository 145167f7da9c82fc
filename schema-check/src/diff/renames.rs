//! A key gone and a new one with the same schema in one object: renamed.

use super::pointer;
use super::view::View;
use serde_json::{Map, Value};

/// Keys on one side beyond which nobody renames.
const MOST_KEYS: usize = 64;
/// Levels of a schema that are looked at.
const DEEPEST: u8 = 12;
/// Schemas that are looked at to know one.
const MOST_NODES: u32 = 2_000;

/// The two names of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rename {
    pub(super) written: String,
    pub(super) read: String,
}

impl Rename {
    pub(super) fn new_name(&self, backward: bool) -> String {
        if backward { self.read.clone() } else { self.written.clone() }
    }
}

/// Pairs keys that differ in their name only, the most alike names first.
pub(super) fn pair<'v, 'w: 'v, 'r: 'v>(
    gone: impl Iterator<Item = (&'w str, &'v View<'w>)>,
    lacking: impl Iterator<Item = (&'r str, &'v View<'r>)>,
) -> Vec<Rename> {
    let gone: Vec<(&str, Value)> = gone.take(MOST_KEYS).map(|(name, view)| (name, bare(view))).collect();
    let lacking: Vec<(&str, Value)> = lacking.take(MOST_KEYS).map(|(name, view)| (name, bare(view))).collect();
    let mut alike: Vec<(usize, &str, &str)> = gone
        .iter()
        .flat_map(|(written, was)| {
            lacking.iter().filter(move |(_, is)| is == was).map(move |(read, _)| (written, read))
        })
        .map(|(written, read)| (distance(written, read), *written, *read))
        .collect();
    alike.sort_unstable();
    let mut pairs: Vec<Rename> = Vec::new();
    for (_, written, read) in alike {
        if !pairs.iter().any(|pair| pair.written == written || pair.read == read) {
            pairs.push(Rename { written: written.to_owned(), read: read.to_owned() });
        }
    }
    pairs
}

/// The schema without what means nothing, and without what the two contracts of one type differ in.
fn bare(view: &View<'_>) -> Value {
    let (root, schema) = view.source();
    Bare { root, nodes: MOST_NODES }.schema(schema, DEEPEST)
}

struct Bare<'s> {
    root: &'s Value,
    nodes: u32,
}

impl Bare<'_> {
    fn schema(&mut self, schema: &Value, depth: u8) -> Value {
        self.nodes = self.nodes.saturating_sub(1);
        match schema {
            Value::Object(_) if depth == 0 || self.nodes == 0 => Value::Null,
            Value::Object(map) => self.object(map, depth),
            other => other.clone(),
        }
    }

    fn object(&mut self, map: &Map<String, Value>, depth: u8) -> Value {
        let mut bare = Map::new();
        for (keyword, value) in map.iter().filter(|(keyword, _)| means_something(keyword)) {
            bare.insert(keyword.clone(), self.keyword(keyword, value, depth - 1));
        }
        match bare.remove("$ref") {
            Some(target) if bare.is_empty() => target,
            Some(target) => {
                bare.insert("$ref".to_owned(), target);
                Value::Object(bare)
            }
            None => Value::Object(bare),
        }
    }

    fn keyword(&mut self, keyword: &str, value: &Value, depth: u8) -> Value {
        match (keyword, value) {
            ("$ref", Value::String(reference)) => {
                let target = pointer::of_reference(reference).and_then(|at| self.root.pointer(&at));
                target.map_or(value.clone(), |target| self.schema(target, depth))
            }
            ("properties" | "patternProperties", Value::Object(map)) => {
                map.iter().map(|(name, schema)| (name.clone(), self.schema(schema, depth))).collect()
            }
            ("anyOf" | "oneOf" | "allOf" | "prefixItems" | "items", Value::Array(list)) => {
                list.iter().map(|schema| self.schema(schema, depth)).collect()
            }
            ("items" | "additionalProperties" | "unevaluatedProperties" | "contains" | "not", schema) => {
                self.schema(schema, depth)
            }
            (_, value) => value.clone(),
        }
    }
}

fn means_something(keyword: &str) -> bool {
    let silent = [
        "$comment",
        "$defs",
        "$id",
        "$schema",
        "default",
        "definitions",
        "deprecated",
        "description",
        "examples",
        "readOnly",
        "required",
        "title",
        "writeOnly",
    ];
    !silent.contains(&keyword) && !keyword.starts_with("x-")
}

/// Edits between two names.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().take(MOST_KEYS).collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.chars().take(MOST_KEYS).enumerate() {
        let mut next = vec![index + 1];
        for ((other, above), diagonal) in to.iter().zip(row.iter().skip(1)).zip(&row) {
            let left = next.last().copied().unwrap_or_default();
            next.push((diagonal + usize::from(letter != *other)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("total", "total"), 0);
        assert_eq!(distance("total_cents", "total_amount"), 5);
        assert_eq!(distance("", "abc"), 3);
    }
}
