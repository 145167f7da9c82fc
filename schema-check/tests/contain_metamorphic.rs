//! What means nothing changes no verdict, on the real schemas of the exam: order, docs, names of definitions, frames of one.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking, and prints what it counted"
)]

use std::fs;
use std::io::Read;
use std::path::Path;

use schema_check::contain::{Options, Semantics, contained};
use serde_json::{Map, Value, json};

const CORPORA: [&str; 7] = [
    "apicurio.jsonl",
    "containment-2020-12.jsonl.gz",
    "containment-7.jsonl.gz",
    "iglu.jsonl.gz",
    "jsoncompat.jsonl",
    "karapace.jsonl",
    "wikimedia.jsonl.gz",
];
/// One case of so many is looked at: enough for every kind, in seconds.
const ONE_OF: usize = 12;

fn lines(name: &str) -> Vec<Value> {
    let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/exam/corpora").join(name)).unwrap();
    let mut text = String::new();
    match name.ends_with(".gz") {
        true => drop(flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap()),
        false => text = String::from_utf8(bytes).unwrap(),
    }
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn cases() -> Vec<(Value, Value)> {
    let rows = CORPORA.iter().flat_map(|name| lines(name));
    let plain = rows.filter(|row| row["tags"].as_array().is_none_or(Vec::is_empty));
    plain.step_by(ONE_OF).map(|row| (row["old"].clone(), row["new"].clone())).collect()
}

fn each(schema: &Value, change: &dyn Fn(&str, Value) -> Value) -> Value {
    match schema {
        Value::Object(object) => {
            let entries = object.iter().map(|(key, value)| (key.clone(), change(key, each(value, change))));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(|item| each(item, change)).collect(),
        other => other.clone(),
    }
}

/// Branches, values and names in the other order, unless references count branches.
fn turned(schema: &Value) -> Value {
    if ["/allOf/", "/anyOf/", "/oneOf/"].iter().any(|place| schema.to_string().contains(place)) {
        return schema.clone();
    }
    each(schema, &|key, mut value| {
        let is_set = matches!(key, "anyOf" | "oneOf" | "allOf" | "enum" | "required" | "type");
        if let (true, Some(list)) = (is_set, value.as_array_mut()) {
            list.reverse();
        }
        value
    })
}

/// Words for people, where a keyword holds a schema.
fn documented(schema: &Value) -> Value {
    let with_words = |mut schema: Value| {
        if let Some(object) = schema.as_object_mut() {
            object.insert("description".to_owned(), json!("a word"));
        }
        schema
    };
    let holds_one = |key: &str| {
        matches!(key, "not" | "contains" | "additionalProperties" | "propertyNames" | "if" | "then" | "else")
    };
    let holds_some = |key: &str| matches!(key, "anyOf" | "oneOf" | "allOf" | "prefixItems");
    let changed = each(schema, &|key, value| match value {
        value if holds_one(key) => with_words(value),
        Value::Array(items) if holds_some(key) => items.into_iter().map(with_words).collect(),
        value => value,
    });
    with_words(changed)
}

/// Definitions under other names; references elsewhere keep a schema as it is.
fn renamed(schema: &Value) -> Value {
    let changed = each(schema, &|key, value| match value {
        Value::Object(named) if matches!(key, "$defs" | "definitions") => {
            Value::Object(named.into_iter().map(|(name, value)| (format!("{name}X"), value)).collect())
        }
        Value::String(reference) if key == "$ref" => {
            let mut parts: Vec<String> = reference.split('/').map(str::to_owned).collect();
            if parts.len() == 3 && parts[0] == "#" && matches!(parts[1].as_str(), "$defs" | "definitions") {
                parts[2].push('X');
            }
            parts.join("/").into()
        }
        value => value,
    });
    let references = |schema: &Value| schema.to_string().matches("#/").count();
    let local =
        schema.to_string().matches("\"#/$defs/").count() + schema.to_string().matches("\"#/definitions/").count();
    let deep = schema.to_string().contains("/properties/") || schema.to_string().contains("$id");
    if references(schema) == local && !deep { changed } else { schema.clone() }
}

/// The schema as the only one that all of must hold. A schema with places that references or ids count on stays as it is.
fn framed(schema: &Value) -> Value {
    let text = schema.to_string();
    let counted_on = ["$ref", "$id", "\"id\"", "$anchor", "$dynamicAnchor", "$recursiveAnchor"];
    let Some(object) = schema.as_object().filter(|_| !counted_on.iter().any(|word| text.contains(word))) else {
        return schema.clone();
    };
    let mut inner = object.clone();
    let draft = inner.remove("$schema");
    let mut frame = json!({ "allOf": [inner] });
    draft.into_iter().for_each(|draft| frame["$schema"] = draft);
    frame
}

#[test]
fn what_means_nothing_changes_no_verdict() {
    let options = Options::new(Semantics::Validation);
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for (old, new) in cases() {
        let straight = contained(&old, &new, &options);
        for (name, change) in [
            ("turned", turned as fn(&Value) -> Value),
            ("documented", documented),
            ("renamed", renamed),
            ("framed", framed),
        ] {
            let (changed_old, changed_new) = (change(&old), change(&new));
            if changed_old == old && changed_new == new {
                continue;
            }
            asked += 1;
            let changed = contained(&changed_old, &changed_new, &options);
            if changed.word() != straight.word() {
                wrong.push(format!("{name}: {straight:?}, then {changed:?}: {old} and {new}"));
            }
        }
    }
    println!("{asked} changed pairs, {} with another verdict", wrong.len());
    assert!(asked > 500, "only {asked} were asked");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_real_schema_contains_itself() {
    for semantics in [Semantics::Validation, Semantics::Events] {
        for (schema, _) in cases() {
            let verdict = contained(&schema, &schema, &Options::new(semantics));
            assert_ne!(verdict.word(), "breaking", "{schema}");
        }
    }
}
