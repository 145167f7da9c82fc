//! Cuts one schema out of a file of many: the schema at a pointer, and what its references lead to.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The schema at `pointer` as a document of its own, or the pointer or reference that leads nowhere.
pub(super) fn cut(whole: &Value, pointer: &str) -> Result<Value, String> {
    let mut document = Map::new();
    document.extend(whole.get("$schema").map(|draft| ("$schema".to_owned(), draft.clone())));
    document.insert("$ref".to_owned(), Value::String(format!("#{pointer}")));
    let mut document = Value::Object(document);
    let (mut open, mut seen) = (vec![pointer.to_owned()], BTreeSet::new());
    while let Some(pointer) = open.pop() {
        if !seen.insert(pointer.clone()) {
            continue;
        }
        let part = whole.pointer(&pointer).filter(|_| pointer.starts_with('/'));
        let part = part.ok_or_else(|| format!("nothing is at `{pointer}` of the file"))?;
        references(part, &mut open);
        put(&mut document, &pointer, part);
    }
    Ok(document)
}

/// Adds the places in the same document that a schema refers to.
fn references(schema: &Value, open: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            if let Some(pointer) = object.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#')) {
                open.push(decoded(pointer));
            }
            object.values().for_each(|value| references(value, open));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, open)),
        _ => {}
    }
}

/// A pointer without the percent signs of a URI.
fn decoded(fragment: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = fragment.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped =
            after.first_chunk::<2>().filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Puts a part at its pointer; objects stand for what is around it.
fn put(document: &mut Value, pointer: &str, part: &Value) {
    let mut at = document;
    let names = pointer.split('/').skip(1).map(|name| name.replace("~1", "/").replace("~0", "~"));
    for name in names {
        let Some(object) = at.as_object_mut() else { return };
        at = object.entry(name).or_insert_with(|| Value::Object(Map::new()));
    }
    *at = part.clone();
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_is_cut_out_with_all_that_it_refers_to_and_nothing_else() {
        let whole = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "oneOf": [], "definitions": {
            "a$b": { "properties": { "c": { "$ref": "#/definitions/c" }, "me": { "$ref": "#/definitions/a%24b" } } },
            "c": { "items": { "$ref": "#/definitions/d/properties/e" } },
            "d": { "properties": { "e": { "type": "string" }, "f": {} } },
            "g": {},
        } });
        let expected = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "$ref": "#/definitions/a$b", "definitions": {
            "a$b": { "properties": { "c": { "$ref": "#/definitions/c" }, "me": { "$ref": "#/definitions/a%24b" } } },
            "c": { "items": { "$ref": "#/definitions/d/properties/e" } },
            "d": { "properties": { "e": { "type": "string" } } },
        } });
        assert_eq!(cut(&whole, "/definitions/a$b").unwrap(), expected);
        assert_eq!(cut(&whole, "/definitions/z").unwrap_err(), "nothing is at `/definitions/z` of the file");
        assert_eq!(cut(&whole, "definitions").unwrap_err(), "nothing is at `definitions` of the file");
    }
}
