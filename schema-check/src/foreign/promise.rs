//! What a producer's schema promises of what is written.
//!
//! One that schema-check wrote (it has `x-event`) says all that serde writes: the prover closes it. A plain one was
//! written by hand, about code that nobody asked. It promises what a validator would check and nothing more: keys that
//! it doesn't declare may come wherever it doesn't forbid them.

use serde_json::{Map, Value, json};

use crate::contain::{MAPS, ONE_OR_MANY, integer_range};

/// The largest integer that every reader of JSON holds exactly (RFC 8259, section 6): 2^53 - 1.
const LARGEST: i64 = 9_007_199_254_740_991;

/// Schemas that are asked about a value, rather than describe it.
const ASKED: [&str; 3] = ["not", "if", "contains"];

/// The producer's schema with its promise spelt out, as the prover takes it.
#[must_use]
pub(crate) fn promised(schema: &Value) -> Value {
    let mut promised = schema.clone();
    if schema.get("x-event").is_none() {
        spell_out(&mut promised);
    }
    promised
}

fn spell_out(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else { return };
    open(object);
    bound(object);
    for (keyword, value) in object.iter_mut().filter(|(keyword, _)| !ASKED.contains(&keyword.as_str())) {
        match value {
            Value::Object(children) if MAPS.contains(&keyword.as_str()) => children.values_mut().for_each(spell_out),
            Value::Array(list) if ONE_OR_MANY.contains(&keyword.as_str()) => list.iter_mut().for_each(spell_out),
            one if ONE_OR_MANY.contains(&keyword.as_str()) => spell_out(one),
            _ => {}
        }
    }
}

/// An object may have more keys than its schema declares.
fn open(object: &mut Map<String, Value>) {
    let is_closed =
        ["additionalProperties", "unevaluatedProperties"].iter().any(|keyword| object.contains_key(*keyword));
    if !is_closed && (is_of(object, "object") || object.contains_key("properties")) {
        object.insert("additionalProperties".to_owned(), Value::Bool(true));
    }
}

/// An integer without bounds is one that every reader of JSON holds: no type of Rust would hold all others.
fn bound(object: &mut Map<String, Value>) {
    let sized = object.get("format").and_then(Value::as_str).is_some_and(|format| integer_range(format).is_some());
    if sized || !is_of(object, "integer") || is_of(object, "number") {
        return;
    }
    for (bounds, most) in [(["minimum", "exclusiveMinimum"], -LARGEST), (["maximum", "exclusiveMaximum"], LARGEST)] {
        if !bounds.iter().any(|bound| object.get(*bound).is_some_and(Value::is_number)) {
            object.extend(bounds.first().map(|bound| ((*bound).to_owned(), json!(most))));
        }
    }
}

fn is_of(object: &Map<String, Value>, kind: &str) -> bool {
    match object.get("type") {
        Some(Value::String(name)) => name == kind,
        Some(Value::Array(names)) => names.iter().any(|name| name == kind),
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::contain::{Options, contained};

    fn word(producer: &Value, reader: &Value) -> &'static str {
        contained(&promised(producer), reader, &Options::default()).word()
    }

    fn object(fields: Value) -> Value {
        json!({ "$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "properties": fields })
    }

    #[test]
    fn a_plain_schema_may_be_written_with_more_keys_than_it_declares() {
        let (plain, text) = (object(json!({ "a": { "type": "string" } })), json!({ "type": ["string", "null"] }));
        let reader = json!({ "type": "object", "properties": { "a": text, "b": text } });
        assert_eq!(word(&plain, &reader), "breaking", "`b` may come with a number in it");
        let mut closed = plain.clone();
        closed.as_object_mut().unwrap().insert("additionalProperties".to_owned(), json!(false));
        assert_eq!(word(&closed, &reader), "compatible");
        let mut ours = plain;
        ours.as_object_mut().unwrap().insert("x-event".to_owned(), json!({ "eventType": "a.b" }));
        assert_eq!(word(&ours, &reader), "compatible");
    }

    #[test]
    fn keys_that_nobody_declares_harm_no_reader_that_ignores_them() {
        let plain = object(json!({ "a": { "type": "object", "properties": { "id": { "type": "string" } } } }));
        let reader = |more: Value| {
            let mut part = json!({ "type": "object", "properties": { "id": { "type": "string" } } });
            part.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({ "type": "object", "properties": { "a": part } })
        };
        assert_eq!(word(&plain, &reader(json!({}))), "compatible");
        assert_eq!(word(&plain, &reader(json!({ "additionalProperties": false }))), "breaking");
    }

    #[test]
    fn an_integer_without_bounds_is_read_by_64_bits_with_a_sign() {
        let plain = object(json!({ "n": { "type": ["integer", "null"] }, "m": { "type": "integer", "minimum": 0 } }));
        let reader = |n: &str, m: &str| {
            let integer = |format| json!({ "type": ["integer", "null"], "format": format });
            json!({ "type": "object", "properties": { "n": integer(n), "m": integer(m) } })
        };
        assert_eq!(word(&plain, &reader("int64", "int64")), "compatible");
        assert_eq!(word(&plain, &reader("int64", "uint64")), "compatible");
        assert_eq!(word(&plain, &reader("uint64", "uint64")), "breaking", "`n` may be negative");
        assert_eq!(word(&plain, &reader("int32", "int64")), "breaking", "`n` may be larger");
    }
}
