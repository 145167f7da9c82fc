//! The last judge: tries values that the writer's schema suggests, with one part after the other changed to what either
//! schema mentions. It can refute, never prove.

mod harvest;
mod suggest;

use serde_json::Value;

use self::harvest::Harvest;
use self::suggest::Suggest;

/// How many values are tried; fewer of them where schemas are large.
const MOST: usize = 20_000;
/// How much work is done, in values tried times parts of both schemas.
const WORK: usize = 4_000_000;
/// How many values of the writer are changed, part by part.
const BASES: usize = 60;
/// How many parts of one value are changed.
const PARTS: usize = 40;

/// A value on which `is_witness` holds, if one is found; `is_written` says whether the writer accepts a value.
pub(super) fn search(
    writer: &Value,
    reader: &Value,
    is_written: impl Fn(&Value) -> bool,
    is_witness: impl Fn(&Value) -> bool,
) -> Option<Value> {
    let harvest = Harvest::of(&[writer, reader]);
    let mut suggested = Suggest::new(writer, &harvest).root();
    suggested.extend(Suggest::new(reader, &harvest).root());
    if let Some(found) = suggested.iter().find(|value| is_witness(value)) {
        return Some(found.clone());
    }
    let mut left = (WORK / (size(writer) + size(reader)).max(1)).min(MOST);
    for base in suggested.iter().filter(|value| is_written(value)).take(BASES) {
        for part in parts(base) {
            for other in &harvest.values {
                left = left.checked_sub(1)?;
                let mut changed = base.clone();
                if let Some(place) = changed.pointer_mut(&part) {
                    *place = other.clone();
                }
                if is_witness(&changed) {
                    return Some(changed);
                }
            }
        }
    }
    None
}

fn size(schema: &Value) -> usize {
    1 + match schema {
        Value::Array(list) => list.iter().map(size).sum(),
        Value::Object(map) => map.values().map(size).sum(),
        _ => 0,
    }
}

/// The places within a value, the value itself first.
fn parts(value: &Value) -> Vec<String> {
    let mut found = vec![(String::new(), value)];
    let mut at = 0;
    while let Some((pointer, value)) = found.get(at).cloned() {
        at += 1;
        if found.len() > PARTS {
            break;
        }
        match value {
            Value::Array(list) => {
                found.extend(list.iter().enumerate().map(|(at, one)| (format!("{pointer}/{at}"), one)))
            }
            Value::Object(map) => found.extend(map.iter().map(|(key, one)| (below(&pointer, key), one))),
            _ => {}
        }
    }
    found.into_iter().map(|(pointer, _)| pointer).collect()
}

fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    fn found(writer: &Value, reader: &Value) -> Option<Value> {
        let accepts = |schema: &Value| jsonschema::options().offline().build(schema).unwrap();
        let (old, new) = (accepts(writer), accepts(reader));
        let is_witness = |value: &Value| old.is_valid(value) && !new.is_valid(value);
        let witness = search(writer, reader, |value| old.is_valid(value), is_witness);
        assert!(witness.iter().all(is_witness));
        witness
    }

    #[test]
    fn a_bound_is_passed_by_one() {
        assert_eq!(found(&json!({"type": "integer"}), &json!({"maximum": 41})), Some(json!(42)));
        assert!(found(&json!({"type": "string"}), &json!({"maxLength": 7})).is_some());
    }

    #[test]
    fn a_part_far_inside_is_changed() {
        let schema = |kind: &str| {
            json!({"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {
                "a": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["b"], "properties": {
                    "b": {"type": kind}, "c": {"type": "string", "pattern": "^x[0-9]$"}
                }}}
            }})
        };
        assert!(found(&schema("number"), &schema("integer")).is_some());
        assert_eq!(found(&schema("integer"), &schema("number")), None);
    }

    #[test]
    fn a_key_of_the_reader_is_written() {
        assert!(found(&json!({"type": "object"}), &json!({"properties": {"a": {"type": "string"}}})).is_some());
        assert!(found(&json!({"type": "object"}), &json!({"dependentRequired": {"a": ["b"]}})).is_some());
    }

    #[test]
    fn what_a_pattern_asks_for_is_tried() {
        let writer = json!({"type": "string", "pattern": "^[A-Z]{2}-\\d{3}$"});
        assert!(found(&writer, &json!({"maxLength": 5})).is_some());
    }
}
