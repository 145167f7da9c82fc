//! Schemas as schemars writes them, each with what it means spelled out: closed where it is written, integer formats as
//! bounds.

use serde_json::{Map, Value, json};

use crate::Draw;

const NAMES: [&str; 4] = ["a", "b", "aa", "t"];

/// An event's schema: `(as schemars writes it, what serde writes, what serde reads)`.
pub fn event(draw: &mut Draw<'_>) -> (Value, Value, Value) {
    let definition = any(draw, 1);
    let mut root = any(draw, 3);
    if !root.is_object() {
        root = json!({"anyOf": [root]});
    }
    if root.get("$ref").is_some() {
        root = json!({"type": "object", "properties": {"a": root}, "required": ["a"]});
    }
    root["$defs"] = json!({"D": definition});
    (root.clone(), meaning(&root, true), meaning(&root, false))
}

fn any(draw: &mut Draw<'_>, depth: usize) -> Value {
    match draw.below(if depth == 0 { 7 } else { 14 }) {
        0 => json!({"type": "string"}),
        1 => json!({"type": "integer", "format": draw.one(&["uint8", "int8", "uint32", "int64"])}),
        2 => json!({"type": draw.one(&["boolean", "number", "null"])}),
        3 => json!({"type": ["string", "null"]}),
        4 => {
            json!({"type": "string", "enum": (0..=draw.below(3)).map(|at| Value::from(["a", "b", "aa", "t"][at])).collect::<Value>()})
        }
        5 => json!({"type": "string", "format": draw.one(&["date", "uuid", "date-time"])}),
        6 => json!(true),
        7 => json!({"type": "array", "items": any(draw, depth - 1)}),
        8 => json!({"type": "object", "additionalProperties": any(draw, depth - 1)}),
        9 => json!({"anyOf": [any(draw, depth - 1), {"type": "null"}]}),
        10 if depth > 1 => json!({"$ref": "#/$defs/D"}),
        11 => union(draw, depth),
        12 => {
            let items: Vec<Value> = (0..=draw.below(2)).map(|_| any(draw, depth - 1)).collect();
            json!({"type": "array", "minItems": items.len(), "maxItems": items.len(), "prefixItems": items})
        }
        _ => structure(draw, depth),
    }
}

fn structure(draw: &mut Draw<'_>, depth: usize) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for _ in 0..=draw.below(3) {
        let name = draw.one(&NAMES);
        properties.insert(name.to_owned(), any(draw, depth - 1));
        if draw.once_in(2) && !required.contains(&name) {
            required.push(name);
        }
    }
    let mut object = json!({"type": "object", "properties": properties, "required": required});
    if draw.once_in(5) {
        object["additionalProperties"] = json!(false);
    }
    object
}

fn union(draw: &mut Draw<'_>, depth: usize) -> Value {
    let tagged = draw.once_in(2);
    let branch = |at: usize, draw: &mut Draw<'_>| {
        let tag = ["a", "b", "aa"][at];
        if !tagged {
            return json!({"type": "object", "properties": {tag: any(draw, depth - 1)}, "required": [tag], "additionalProperties": false});
        }
        let mut branch = structure(draw, depth);
        branch["properties"]["t"] = json!({"type": "string", "const": tag});
        branch["required"] = json!(["t"]);
        branch
    };
    let branches: Vec<Value> = (0..=draw.below(3)).map(|at| branch(at, draw)).collect();
    json!({draw.one(&["oneOf", "anyOf"]): branches})
}

fn meaning(schema: &Value, written: bool) -> Value {
    match schema {
        Value::Object(object) => {
            let mut object: Map<String, Value> =
                object.iter().map(|(key, value)| (key.clone(), meaning(value, written))).collect();
            let is_object = object.get("type") == Some(&json!("object"));
            if written && is_object && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            let range = match object.get("format").and_then(Value::as_str) {
                Some("uint8") => Some((json!(0), json!(255))),
                Some("int8") => Some((json!(-128), json!(127))),
                Some("uint32") => Some((json!(0), json!(u32::MAX))),
                Some("int64") => Some((json!(i64::MIN), json!(i64::MAX))),
                _ => None,
            };
            if let Some((least, most)) = range {
                object.insert("minimum".to_owned(), least);
                object.insert("maximum".to_owned(), most);
            }
            Value::Object(object)
        }
        Value::Array(list) => list.iter().map(|inner| meaning(inner, written)).collect(),
        other => other.clone(),
    }
}
