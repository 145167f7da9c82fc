//! Objects with declared keys: which may be absent, which are read under other names, whether others are refused.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::decoder::{Answer, expected};
use super::learned::Role;
use super::walk::{Seen, Walk};

/// A key that nobody declares.
const UNKNOWN: &str = "zz unknown";

pub(super) fn learn(walk: &mut Walk<'_>, seen: &Seen) {
    match walk.role {
        Role::Reader => {
            let named = unknown_key(walk, seen);
            for (name, pointer) in walk.document.properties(&seen.shape) {
                presence(walk, seen, name, &pointer);
                aliases(walk, seen, name, &pointer, &named);
            }
        }
        Role::Writer => nulls(walk, seen),
    }
}

/// Whether a key that isn't declared is refused; yields the names that the refusal tells.
fn unknown_key(walk: &mut Walk<'_>, seen: &Seen) -> Vec<String> {
    let open = walk.document.map_values(&seen.shape).is_some();
    let answer = walk.ask_one(seen.with(with(&seen.value, UNKNOWN, Value::Null)));
    let Some(error) = answer.error() else { return Vec::new() };
    let closed = ["additionalProperties", "unevaluatedProperties"]
        .iter()
        .any(|keyword| walk.document.said(&seen.shape, keyword).any(|(_, said)| *said == Value::Bool(false)));
    if !open && !closed {
        let place = owner(walk, seen);
        walk.learn(&place, "denyUnknownFields", json!(true));
    }
    expected(error)
}

/// Keys that other variants declare and this one doesn't: not every reader passes them by.
pub(super) fn learn_of_siblings(walk: &mut Walk<'_>, all: &[Seen]) {
    for seen in all.iter().filter(|seen| seen.value.is_object() && !seen.shape.branches.is_empty()) {
        let declared = walk.document.properties(&seen.shape);
        let of_others = all.iter().flat_map(|other| walk.document.properties(&other.shape).into_keys());
        let missing: BTreeSet<&str> = of_others.filter(|name| !declared.contains_key(name)).collect();
        let place = owner(walk, seen);
        // With many variants, one question for all keys: most readers pass them by.
        let all = missing.iter().fold(seen.value.clone(), |value, name| with(&value, name, json!({UNKNOWN: 0})));
        if missing.is_empty() || walk.ask_one(seen.with(all)).is_read() {
            continue;
        }
        for name in missing {
            let values = [json!(null), json!({UNKNOWN: 0}), json!([0]), json!("a"), json!(0)];
            let events = values.map(|value| seen.with(with(&seen.value, name, value)));
            let answers = walk.ask(&events);
            if let Some((null, others)) = answers.split_first()
                && null.is_read()
                && others.iter().all(|answer| !answer.is_read())
            {
                walk.learn(&place, "onlyNull", json!([name]));
            }
        }
    }
}

/// The schema that declares the keys; of several, the one that holds them together.
fn owner(walk: &Walk<'_>, seen: &Seen) -> String {
    let mut declaring = walk.document.said(&seen.shape, "properties").map(|(part, _)| part);
    match (declaring.next(), declaring.next()) {
        (Some(only), None) => only.to_owned(),
        _ => seen.pointer.clone(),
    }
}

/// Whether serde agrees on what may be absent.
fn presence(walk: &mut Walk<'_>, seen: &Seen, name: &str, pointer: &str) {
    let required = walk.document.required(&seen.shape).contains(name);
    if seen.value.get(name).is_none() {
        return;
    }
    let answer = walk.ask_one(seen.with(without(&seen.value, name)));
    match (required, answer) {
        // Another variant may have been read, which doesn't write the field; a default is written.
        (true, answer) if answer.written(&seen.at).is_some_and(|object| object.get(name).is_some()) => {
            walk.learn(pointer, "required", json!(false));
        }
        (false, Answer::Refused(_)) => walk.learn(pointer, "required", json!(true)),
        _ => {}
    }
}

/// Under which other names the field is read.
fn aliases(walk: &mut Walk<'_>, seen: &Seen, name: &str, pointer: &str, named: &[String]) {
    let declared: BTreeSet<&str> = walk.document.properties(&seen.shape).into_keys().collect();
    let of_sources = walk.candidates.get(name).into_iter().flatten().map(|alias| (*alias).to_owned());
    let mut candidates: BTreeSet<String> = of_sources.chain(named.iter().cloned()).collect();
    candidates.retain(|alias| !declared.contains(alias.as_str()));
    if candidates.is_empty() {
        return;
    }
    let Some((value, answer)) = present(walk, seen, name, pointer) else { return };
    let absent = walk.ask_one(seen.with(without(&value, name)));
    for alias in candidates {
        let content = value.get(name).cloned().unwrap_or_default();
        let renamed = walk.ask_one(seen.with(with(&without(&value, name), &alias, content.clone())));
        let twice = walk.ask_one(seen.with(with(&value, &alias, content)));
        let same = renamed.is_read() && renamed == answer;
        let duplicate = twice.error().is_some_and(|error| error.contains("duplicate field"));
        if renamed.is_read() && (duplicate || same && !absent.is_read()) {
            walk.learn(pointer, "alias", json!([alias]));
        }
    }
}

/// The object with the field in it.
fn present(walk: &mut Walk<'_>, seen: &Seen, name: &str, pointer: &str) -> Option<(Value, Answer)> {
    if seen.value.get(name).is_some() {
        return Some((seen.value.clone(), seen.answer.clone()));
    }
    let sample = walk.sampler.smallest(pointer)?;
    let value = with(&seen.value, name, sample.value);
    let answer = walk.ask_one(seen.with(value.clone()));
    answer.is_read().then_some((value, answer))
}

/// Fields that are left out instead of written as null.
fn nulls(walk: &mut Walk<'_>, seen: &Seen) {
    let required = walk.document.required(&seen.shape);
    for (name, pointer) in walk.document.properties(&seen.shape) {
        let shapes = walk.document.shapes(&pointer);
        let nullable = shapes.iter().any(|shape| {
            let kinds = walk.document.kinds(shape);
            kinds.contains(&"null") && kinds.len() < crate::sample::KINDS.len()
        });
        if required.contains(name) || !nullable {
            continue;
        }
        let answer = walk.ask_one(seen.with(with(&seen.value, name, Value::Null)));
        let written = answer.written(&seen.at).filter(|object| object.is_object());
        // The same is written as without the field: it is the same variant, and the field is left out.
        let same = seen.value.get(name).is_some() || written == seen.written();
        if same && written.is_some_and(|object| object.get(name).is_none()) {
            walk.learn(&pointer, "neverNull", json!(true));
        }
    }
}

pub(super) fn with(object: &Value, name: &str, value: Value) -> Value {
    let mut object = object.clone();
    object.as_object_mut().into_iter().for_each(|object| drop(object.insert(name.to_owned(), value.clone())));
    object
}

pub(super) fn without(object: &Value, name: &str) -> Value {
    let mut object = object.clone();
    object.as_object_mut().into_iter().for_each(|object| drop(object.remove(name)));
    object
}
