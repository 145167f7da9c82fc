//! Many values of a schema: the smallest, each variant, each field by itself with other values, and all at once.

use std::collections::{BTreeMap, HashSet, VecDeque};

use serde_json::{Value, json};

use super::document::{Document, Shape};
use super::leaves::below;
use super::smallest::{Fill, Sampler};

/// How many values each schema yields, besides those that stand for a variant.
const MOST: usize = 64;
/// How many variants.
const VARIANTS: usize = 192;
/// How many values are made to choose from, and how many places are gone to.
const CANDIDATES: usize = 3_000;
const PLACES: usize = 600;
/// A schema that comes up again within its own value is followed this far.
const DEPTH: usize = 3;
/// How often all fields change at once.
const TURNS: usize = 12;
/// A candidate that is larger than this, as text, is none.
const LARGEST: usize = 60_000;

/// Values that `accepts` lets pass; those of `chosen` stand for leaves that a decoder of the user's own is choosy about.
pub(crate) fn varied(schema: &Value, chosen: &BTreeMap<String, Value>, accepts: impl Fn(&Value) -> bool) -> Vec<Value> {
    let document = Document::new(schema);
    let mut walk = Walk {
        document: &document,
        sampler: Sampler::with(&document, chosen.clone()),
        open: VecDeque::from([Place { pointer: document.canonical(""), root: Value::Null, at: String::new() }]),
        visits: BTreeMap::new(),
        found: Vec::new(),
    };
    walk.run();
    let (mut kept, mut seen) = (Vec::new(), HashSet::new());
    let mut left = [VARIANTS, MOST];
    for candidate in walk.ranked() {
        let Some(left) = left.get_mut(usize::from(!candidate.is_variant)).filter(|left| **left > 0) else { continue };
        let text = candidate.value.to_string();
        if text.len() <= LARGEST && seen.insert(text) && accepts(&candidate.value) {
            *left -= 1;
            kept.push(candidate.value);
        }
    }
    kept
}

/// A place, and a whole value with something at it.
struct Place {
    pointer: String,
    root: Value,
    at: String,
}

struct Candidate {
    value: Value,
    is_variant: bool,
    /// The how manieth of its place.
    turn: usize,
}

struct Walk<'a> {
    document: &'a Document<'a>,
    sampler: Sampler<'a>,
    open: VecDeque<Place>,
    visits: BTreeMap<String, usize>,
    found: Vec<Candidate>,
}

impl Walk<'_> {
    fn run(&mut self) {
        let mut places = 0;
        while let Some(place) = self.open.pop_front() {
            places += 1;
            let visits = self.visits.entry(place.pointer.clone()).or_default();
            *visits += 1;
            let visit = *visits;
            if visit <= DEPTH && places <= PLACES && self.found.len() < CANDIDATES {
                self.visit(&place, visit == 1);
            }
        }
        for turn in 0..TURNS {
            let full = self.sampler.full(turn);
            self.found.extend(full.map(|full| Candidate { value: full.value, is_variant: false, turn: 0 }));
        }
    }

    /// Those of all places take turns.
    fn ranked(self) -> Vec<Candidate> {
        let mut found = self.found;
        found.sort_by_key(|candidate| candidate.turn);
        found
    }

    fn visit(&mut self, place: &Place, is_first: bool) {
        let mut turn = 0;
        for shape in self.document.shapes(&place.pointer).iter() {
            let Some(smallest) = self.sampler.of_shape(shape, Fill::Required) else { continue };
            let whole = place.with(smallest.value.clone());
            self.add(&whole, true, 0);
            if is_first {
                for (value, is_variant) in self.others(shape) {
                    turn += 1;
                    self.add(&place.with(value), is_variant, turn);
                }
            }
            self.go_below(shape, &whole, &smallest.value, &place.at);
        }
    }

    fn add(&mut self, value: &Value, is_variant: bool, turn: usize) {
        self.found.push(Candidate { value: value.clone(), is_variant, turn });
    }

    /// What else stands at a place of the shape, and whether it is a variant of its own.
    fn others(&self, shape: &Shape) -> Vec<(Value, bool)> {
        if let Some(values) = self.document.said(shape, "enum").find_map(|(_, values)| values.as_array()) {
            return values.iter().map(|value| (value.clone(), true)).collect();
        }
        let all = self.sampler.of_shape(shape, Fill::All).map(|all| all.value);
        let values = match self.document.kinds(shape).first().copied() {
            Some("object") => all.into_iter().chain(self.maps(shape)).collect(),
            Some("array") => all.into_iter().flat_map(longer).collect(),
            _ => self.sampler.leaves(shape).to_vec(),
        };
        values.into_iter().map(|value| (value, false)).collect()
    }

    /// Maps with one entry, and with all of them.
    fn maps(&self, shape: &Shape) -> Vec<Value> {
        let smallest = self.sampler.of_shape(shape, Fill::Required).map(|sample| sample.value);
        let (Some((values, part)), Some(Value::Object(least))) = (self.document.map_values(shape), smallest) else {
            return Vec::new();
        };
        let Some(content) = self.sampler.smallest(&values).map(|sample| sample.value) else { return Vec::new() };
        let keys = self.sampler.keys(&part);
        let with = |keys: &[String]| {
            let mut map = least.clone();
            for key in keys {
                map.entry(key).or_insert_with(|| content.clone());
            }
            Value::Object(map)
        };
        let one = keys.iter().map(|key| with(std::slice::from_ref(key)));
        one.chain([with(&keys)]).collect()
    }

    fn go_below(&mut self, shape: &Shape, root: &Value, here: &Value, at: &str) {
        for (name, pointer) in self.document.properties(shape) {
            self.go_to(root, here, at, name, &pointer);
        }
        if let Some((values, part)) = self.document.map_values(shape)
            && let Some(key) = self.sampler.keys(&part).into_iter().next()
        {
            self.go_to(root, here, at, &key, &values);
        }
        for (token, pointer) in self.items(shape) {
            self.go_to(root, here, at, &token, &pointer);
        }
    }

    fn items(&self, shape: &Shape) -> Vec<(String, String)> {
        let mut below = Vec::new();
        for (part, said) in self.document.said(shape, "prefixItems") {
            let count = said.as_array().map_or(0, Vec::len);
            below.extend((0..count).map(|at| (at.to_string(), format!("{part}/prefixItems/{at}"))));
        }
        let rest =
            self.document.said(shape, "items").filter(|(_, said)| said.is_object() || *said == &Value::Bool(true));
        let first = below.len().to_string();
        below.extend(rest.map(|(part, _)| (first.clone(), format!("{part}/items"))).collect::<Vec<_>>());
        below
    }

    /// A part of the value is a place to go to.
    fn go_to(&mut self, root: &Value, here: &Value, at: &str, token: &str, pointer: &str) {
        let mut value = here.clone();
        match &mut value {
            Value::Object(object) => drop(object.entry(token).or_insert(Value::Null)),
            Value::Array(items) if token.parse() == Ok(items.len()) => items.push(Value::Null),
            _ => {}
        }
        let root = Place { pointer: String::new(), root: root.clone(), at: at.to_owned() }.with(value);
        self.open.push_back(Place { pointer: self.document.canonical(pointer), root, at: below(at, token) });
    }
}

impl Place {
    /// The whole with another value at the place.
    fn with(&self, value: Value) -> Value {
        if self.at.is_empty() {
            return value;
        }
        let mut root = self.root.clone();
        root.pointer_mut(&self.at).into_iter().for_each(|place| *place = value.clone());
        root
    }
}

/// A list, empty, and with its last item twice and often.
fn longer(list: Value) -> Vec<Value> {
    let Value::Array(items) = list else { return Vec::new() };
    let Some(last) = items.last().cloned() else { return vec![json!([])] };
    let more = |count: usize| items.iter().cloned().chain(std::iter::repeat_n(last.clone(), count)).collect();
    vec![Value::Array(items.clone()), more(1), more(9)]
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::contain::Writes;

    fn of(writer: &Value) -> Vec<Value> {
        let writes = Writes::of(writer).ok().unwrap();
        let values = varied(writes.schema(), &BTreeMap::new(), |value| writes.accepts(value));
        assert!(values.len() <= MOST + VARIANTS);
        assert_eq!(values, varied(writes.schema(), &BTreeMap::new(), |value| writes.accepts(value)), "twice the same");
        values
    }

    /// The values at a place, as texts.
    fn at(values: &[Value], pointer: &str) -> BTreeSet<String> {
        values.iter().filter_map(|value| value.pointer(pointer)).map(Value::to_string).collect()
    }

    fn has(values: &[Value], pointer: &str, wanted: &[&str]) {
        let found = at(values, pointer);
        for wanted in wanted {
            assert!(found.contains(*wanted), "no {wanted} at {pointer} among {found:?}");
        }
    }

    #[test]
    fn numbers_are_at_their_bounds_and_where_casts_overflow() {
        let writer = json!({ "type": "object", "required": ["a", "b", "c", "d"], "properties": {
            "a": { "type": "integer", "format": "int64" },
            "b": { "type": "integer", "format": "uint8" },
            "c": { "type": "number", "format": "double" },
            "d": { "type": "integer", "minimum": 3, "maximum": 9, "multipleOf": 3 },
        } });
        let values = of(&writer);
        has(&values, "/a", &["9223372036854775807", "-9223372036854775808", "2147483647", "4294967295", "0", "-1"]);
        has(&values, "/b", &["0", "255", "1"]);
        has(&values, "/c", &["0.5", "0.0"]);
        assert!(at(&values, "/c").iter().any(|number| number.parse::<f64>().is_ok_and(|number| number > 1e299)));
        assert_eq!(at(&values, "/d"), ["3", "9"].map(str::to_owned).into());
    }

    #[test]
    fn texts_are_empty_long_and_of_many_bytes_a_letter_and_keep_to_what_is_said_of_them() {
        let writer = json!({ "type": "object", "required": ["a", "b", "c", "d"], "properties": {
            "a": { "type": "string" },
            "b": { "type": "string", "minLength": 2, "maxLength": 3 },
            "c": { "type": "string", "pattern": "^[A-Z]{2}-[0-9]+$", "minLength": 4 },
            "d": { "type": "string", "format": "date-time" },
        } });
        let values = of(&writer);
        has(&values, "/a", &["\"\"", "\"𝄞e\u{301}\"", "\"日本語\""]);
        assert!(values.iter().any(|value| value["a"].as_str().is_some_and(|text| text.len() >= 1_000)));
        assert!(
            values.iter().all(|value| (2..=3).contains(&value["b"].as_str().map_or(0, |text| text.chars().count())))
        );
        has(&values, "/b", &["\"aa\"", "\"ééé\""]);
        assert!(at(&values, "/c").len() > 1);
        has(&values, "/d", &["\"1970-01-01T00:00:00Z\"", "\"2024-01-02T03:04:05Z\""]);
    }

    #[test]
    fn every_variant_is_there_with_every_field_absent_and_present() {
        let writer = json!({ "type": "object", "required": ["by", "kind"], "properties": {
            "by": { "oneOf": [
                { "type": "string", "enum": ["Cash", "Card"] },
                { "type": "object", "required": ["Bank"], "properties": { "Bank": { "type": "object", "required": ["iban"],
                    "properties": { "iban": { "type": "string" }, "bic": { "type": ["string", "null"] } } } } },
            ] },
            "kind": { "enum": (0..100).map(|kind| json!(format!("k{kind}"))).collect::<Vec<_>>() },
            "note": { "anyOf": [{ "$ref": "#/$defs/Note" }, { "type": "null" }] },
        }, "$defs": { "Note": { "type": "object", "required": ["text"], "properties": { "text": { "type": "string" } } } } });
        let values = of(&writer);
        has(&values, "/by", &["\"Cash\"", "\"Card\"", "{\"Bank\":{\"iban\":\"a\"}}"]);
        has(&values, "/by/Bank/bic", &["null", "\"\""]);
        assert_eq!(at(&values, "/kind").len(), 100);
        has(&values, "/note", &["null", "{\"text\":\"a\"}", "{\"text\":\"\"}"]);
        assert!(values.iter().any(|value| value.get("note").is_none()));
    }

    #[test]
    fn lists_and_maps_are_empty_short_and_longer_and_recursion_goes_some_levels_down() {
        let writer = json!({ "type": "object", "required": ["lines", "prices", "node"], "properties": {
            "lines": { "type": "array", "items": { "$ref": "#/$defs/Line" } },
            "prices": { "type": "object", "additionalProperties": { "type": "integer" } },
            "node": { "$ref": "#/$defs/Node" },
        }, "$defs": {
            "Line": { "type": "object", "required": ["sku"], "properties": { "sku": { "type": "string" } } },
            "Node": { "type": "object", "required": ["child"], "properties": {
                "child": { "anyOf": [{ "$ref": "#/$defs/Node" }, { "type": "null" }] } } },
        } });
        let values = of(&writer);
        has(&values, "/lines", &["[]", "[{\"sku\":\"a\"}]", "[{\"sku\":\"\"}]", "[{\"sku\":\"a\"},{\"sku\":\"a\"}]"]);
        has(&values, "/prices", &["{}", "{\"a\":0}", "{\"𝄞é\":0}"]);
        has(&values, "/node/child/child", &["null"]);
        assert!(!at(&values, "/node/child/child/child").is_empty(), "{:?}", at(&values, "/node"));
    }

    #[test]
    fn what_facts_say_of_a_writer_is_kept() {
        let writer = json!({ "type": "object", "properties": {
            "skipped": { "type": ["string", "null"] },
            "by_id": { "type": "object", "additionalProperties": { "type": "boolean" } },
            "nonzero": { "type": "integer" },
        }, "required": ["by_id", "nonzero"], "x-event": { "facts": [
            { "pointer": "/properties/skipped", "neverNull": true },
            { "pointer": "/properties/by_id", "keys": { "type": "integer", "format": "uint8" } },
            { "pointer": "/properties/nonzero", "refuses": [0, -1] },
        ] } });
        let values = of(&writer);
        assert!(values.len() > 10, "{values:?}");
        assert!(!at(&values, "/skipped").contains("null") && !at(&values, "/skipped").is_empty());
        assert!(at(&values, "/by_id").len() > 1);
        assert!(values.iter().all(|value| value["nonzero"] != 0));
    }

    #[test]
    fn what_is_wide_and_deep_is_cut_and_not_left_out() {
        let wide: serde_json::Map<String, Value> =
            (0..200).map(|at| (format!("f{at}"), json!({ "type": ["string", "null"] }))).collect();
        assert!(of(&json!({ "type": "object", "properties": wide })).len() >= MOST);
        let deep = (0..10).fold(json!({ "type": "integer" }), |inner, at| {
            json!({ "type": "object", "required": [format!("l{at}")], "properties": { format!("l{at}"): inner } })
        });
        assert!(of(&deep).len() > 5);
    }

    #[test]
    fn every_writer_of_the_exam_yields_samples() {
        let pairs = include_str!("../../../tests/exam/edits-pairs.jsonl");
        for line in pairs.lines() {
            let pair: Value = serde_json::from_str(line).unwrap();
            let writers = ["/old/writer", "/new/writer"].iter().filter_map(|writer| pair.pointer(writer));
            assert!(writers.into_iter().all(|writer| !of(writer).is_empty()), "{}", pair["id"]);
        }
    }
}
