//! What breaks nobody who reads with serde, and is worth a note: once for an event that is compatible both ways.

use serde_json::{Map, Value};

use super::break_of;
use crate::contain::{self, Options, Pair, Verdict};
use crate::diff::join;
use crate::files::shape_at;
use crate::finding::{Direction, Finding, Place, Role, Subject};
use crate::rules::{default_changed, description_lost, validators_break};

/// Deeper than any derived schema goes.
const DEEPEST: usize = 64;

/// Notes about a change that old and new builds both survive, each with an example where it has one.
#[must_use]
pub fn notes(subject: &Subject<'_>, old: &Pair<'_>, new: &Pair<'_>) -> Vec<(Finding, Option<Value>)> {
    let mut notes: Vec<(Finding, Option<Value>)> = Vec::new();
    if old.reader != new.reader {
        let mut pairs = Pairs::default();
        pairs.walk(old.reader, new.reader, &At::default(), 0);
        notes.extend(
            pairs
                .defaults
                .into_iter()
                .map(|(at, old, new)| (default_changed::finding(subject, &at.pointer, &at.path, old, new), None)),
        );
    }
    if old.writer != new.writer {
        let mut pairs = Pairs::default();
        pairs.walk(old.writer, new.writer, &At::default(), 0);
        let lost: Vec<String> = pairs.lost.iter().map(|at| at.path.clone()).collect();
        let first = pairs.lost.first();
        notes.extend(first.map(|at| (description_lost::finding(subject, &at.pointer, &lost), None)));
        notes.extend(validators(subject, old, new));
    }
    notes
}

/// Asks the prover whether what is written now is what the earlier writer's schema describes to a validator.
fn validators(subject: &Subject<'_>, old: &Pair<'_>, new: &Pair<'_>) -> Option<(Finding, Option<Value>)> {
    // A validator knows no alias and no `other`.
    let mut published = old.writer.clone();
    published.as_object_mut().into_iter().for_each(|schema| drop(schema.remove("x-event")));
    let options = Options::default();
    let Verdict::Breaking { counterexample } = contain::contained(new.writer, &published, &options) else {
        return None;
    };
    let validating = Pair { writer: old.writer, reader: &published };
    let cause = break_of(subject, &validating, new, Direction::Forward, &options).into_iter().next()?;
    // What is read there is what was written.
    let place = Place { side: cause.side, role: Role::Writer, pointer: cause.pointer };
    let path = cause.field.unwrap_or_default();
    Some((validators_break::finding(subject, place, &path), Some(counterexample)))
}

/// A place that both schemas have.
#[derive(Debug, Clone, Default)]
struct At {
    pointer: String,
    path: String,
}

impl At {
    fn below(&self, keyword: &str, token: &str) -> Self {
        let pointer = join(&join(&self.pointer, keyword), token);
        let path = match (keyword, self.path.is_empty()) {
            ("properties" | "$defs", true) => token.to_owned(),
            ("properties", false) => format!("{}.{token}", self.path),
            _ => self.path.clone(),
        };
        Self { pointer, path }
    }

    fn one(&self, keyword: &str) -> Self {
        Self { pointer: join(&self.pointer, keyword), path: self.path.clone() }
    }
}

/// What differs at places that both schemas have.
#[derive(Debug, Default)]
struct Pairs<'a> {
    lost: Vec<At>,
    defaults: Vec<(At, &'a Value, &'a Value)>,
}

impl<'a> Pairs<'a> {
    fn walk(&mut self, old: &'a Value, new: &'a Value, at: &At, depth: usize) {
        let (Value::Object(old), Value::Object(new)) = (old, new) else { return };
        if depth > DEEPEST {
            return;
        }
        if described(old) && !described(new) {
            self.lost.push(at.clone());
        }
        if let (Some(before), Some(after)) = (old.get("default"), new.get("default"))
            && before != after
        {
            self.defaults.push((at.clone(), before, after));
        }
        for keyword in ["properties", "$defs", "patternProperties"] {
            for (name, old, new) in named(old, new, keyword) {
                self.walk(old, new, &at.below(keyword, name), depth + 1);
            }
        }
        for keyword in ["items", "additionalProperties"] {
            if let (Some(old), Some(new)) = (old.get(keyword), new.get(keyword)) {
                self.walk(old, new, &at.one(keyword), depth + 1);
            }
        }
        for keyword in ["oneOf", "anyOf", "allOf"] {
            for (number, old, new) in branches(old, new, keyword) {
                self.walk(old, new, &at.below(keyword, &number.to_string()), depth + 1);
            }
        }
    }
}

fn described(schema: &Map<String, Value>) -> bool {
    schema.get("description").and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
}

fn named<'a>(
    old: &'a Map<String, Value>,
    new: &'a Map<String, Value>,
    keyword: &str,
) -> impl Iterator<Item = (&'a String, &'a Value, &'a Value)> {
    let after = new.get(keyword).and_then(Value::as_object);
    let before = old.get(keyword).and_then(Value::as_object).into_iter().flatten();
    before.filter_map(move |(name, old)| Some((name, old, after?.get(name)?)))
}

/// Branches that mean the same, whatever their order, by the number that they have now.
fn branches<'a>(
    old: &'a Map<String, Value>,
    new: &'a Map<String, Value>,
    keyword: &str,
) -> Vec<(usize, &'a Value, &'a Value)> {
    let list = |schema: &'a Map<String, Value>| schema.get(keyword).and_then(Value::as_array);
    let (Some(old), Some(new)) = (list(old), list(new)) else { return Vec::new() };
    if old == new {
        return Vec::new();
    }
    let shape = |branch: &Value| shape_at(branch, "").map(|shape| shape.to_string());
    let before: std::collections::BTreeMap<_, &Value> = old.iter().map(|branch| (shape(branch), branch)).collect();
    let found = |(number, branch): (usize, &'a Value)| Some((number, *before.get(&shape(branch))?, branch));
    new.iter().enumerate().filter_map(found).collect()
}
