//! What serde's attributes add to a reader, noted beside the places that they are about.
//!
//! The prover lowers the same facts into constraints; here they stay words, so that pointers keep their meaning.

use serde_json::{Map, Value, json};

/// On an object: `{alias: name}`. On a variant: `[alias, …]`.
pub(super) const ALIAS: &str = "x-alias";
/// On a variant that takes every name which no other variant has.
pub(super) const OTHER: &str = "x-other";

/// The reader with its `x-event.facts` noted.
pub(super) fn noted(reader: &Value) -> Value {
    let mut noted = reader.clone();
    let facts = reader.pointer("/x-event/facts").and_then(Value::as_array);
    for fact in facts.into_iter().flatten() {
        if let Some(pointer) = fact.get("pointer").and_then(Value::as_str) {
            note(&mut noted, pointer, fact);
        }
    }
    noted
}

fn note(schema: &mut Value, pointer: &str, fact: &Value) {
    let holds = |name: &str| fact.get(name) == Some(&Value::Bool(true));
    let owner =
        pointer.rsplit_once('/').and_then(|(rest, name)| Some((rest.strip_suffix("/properties")?, plain(name))));
    if holds("denyUnknownFields") {
        edit(schema, pointer, |map| drop(map.insert("unevaluatedProperties".to_owned(), Value::Bool(false))));
    }
    if let Some((owner, name)) = owner.as_ref().filter(|_| holds("required")) {
        edit(schema, owner, |map| push(map, "required", json!(name)));
    }
    if let Some(keys) = fact.get("keys").filter(|_| fact.get("side").is_none_or(|side| side == "reader")) {
        edit(schema, pointer, |map| drop(map.insert("propertyNames".to_owned(), keys.clone())));
    }
    if holds("other") {
        edit(schema, entries(pointer), |map| drop(map.insert(OTHER.to_owned(), Value::Bool(true))));
    }
    for alias in fact.get("alias").and_then(Value::as_array).into_iter().flatten() {
        match &owner {
            Some((owner, name)) => edit(schema, owner, |map| alias_field(map, name, alias)),
            None => edit(schema, entries(pointer), |map| alias_variant(map, alias)),
        }
    }
}

fn plain(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// The schema that holds an entry of an `enum`.
fn entries(pointer: &str) -> &str {
    pointer.rsplit_once("/enum/").map_or(pointer, |(holder, _)| holder)
}

fn edit(schema: &mut Value, pointer: &str, change: impl FnOnce(&mut Map<String, Value>)) {
    if let Some(map) = schema.pointer_mut(pointer).and_then(Value::as_object_mut) {
        change(map);
    }
}

fn push(map: &mut Map<String, Value>, keyword: &str, value: Value) {
    if let Some(list) = map.entry(keyword).or_insert_with(|| json!([])).as_array_mut() {
        list.push(value);
    }
}

fn alias_field(object: &mut Map<String, Value>, name: &str, alias: &Value) {
    let aliases = object.entry(ALIAS).or_insert_with(|| json!({})).as_object_mut();
    if let (Some(aliases), Some(alias)) = (aliases, alias.as_str()) {
        aliases.insert(alias.to_owned(), json!(name));
    }
}

fn alias_variant(branch: &mut Map<String, Value>, alias: &Value) {
    match branch.remove("const") {
        Some(name) => drop(branch.insert("enum".to_owned(), json!([name, alias]))),
        None if branch.contains_key("enum") => push(branch, "enum", alias.clone()),
        None => push(branch, ALIAS, alias.clone()),
    }
}
