//! Edits: schemas that are nearly the same are where a verdict is hard.

use serde_json::{Map, Value, json};

use crate::{Draw, Style, schemas};

/// A schema with one thing changed in it.
#[must_use]
pub fn edited(schema: &Value, draw: &mut Draw<'_>, style: Style) -> Value {
    let mut schema = schema.clone();
    let mut places = Vec::new();
    collect(&schema, "", false, &mut places);
    if places.is_empty() {
        return schema;
    }
    let (pointer, inside) = places[draw.below(places.len())].clone();
    let style = Style { depth: 1, inside, ..style };
    if let Some(Value::Object(object)) = schema.pointer_mut(&pointer) {
        change(object, draw, style);
    }
    schema
}

fn change(object: &mut Map<String, Value>, draw: &mut Draw<'_>, style: Style) {
    let keys: Vec<String> =
        object.keys().filter(|key| !key.starts_with('$') && *key != "definitions").cloned().collect();
    let key = if keys.is_empty() { None } else { Some(draw.one(&keys)) };
    match (draw.below(6), key) {
        (0, Some(key)) => drop(object.remove(&key)),
        (1, Some(key)) => {
            if let Some(said) = object.get_mut(&key) {
                nudge(said, draw);
            }
        }
        (2, Some(key)) => {
            let other = match key.as_str() {
                "anyOf" => "oneOf",
                "oneOf" => "anyOf",
                "allOf" => "anyOf",
                "minimum" => "maximum",
                "maximum" => "minimum",
                "minItems" => "maxItems",
                "minLength" => "maxLength",
                _ => return,
            };
            if let Some(said) = object.remove(&key) {
                object.insert(other.to_owned(), said);
            }
        }
        (3, _) => {
            let whole = Value::Object(object.clone());
            let wrapped = draw.one(&["allOf", "anyOf", "oneOf"]);
            let bare = object.keys().all(|key| !key.starts_with('$') && key != "definitions");
            if bare {
                let more = if draw.once_in(2) { vec![whole, schemas::any(draw, style)] } else { vec![whole] };
                *object = Map::from_iter([(wrapped.to_owned(), more.into())]);
            }
        }
        _ => {
            for (keyword, said) in schemas::keyword(draw, style) {
                object.insert(keyword.to_owned(), said);
            }
        }
    }
}

/// A count up or down, a list longer or shorter, a boolean turned.
fn nudge(said: &mut Value, draw: &mut Draw<'_>) {
    match said {
        Value::Number(number) => {
            if let Some(count) = number.as_u64().filter(|count| *count < 100) {
                *said = json!(if draw.once_in(2) { count + 1 } else { count.saturating_sub(1) });
            }
        }
        Value::Bool(yes) => *yes = !*yes,
        Value::Array(list) if list.len() > 1 => drop(list.remove(draw.below(list.len()))),
        Value::Object(map) if map.len() > 1 && !map.contains_key("type") => {
            let keys: Vec<String> = map.keys().cloned().collect();
            map.remove(&draw.one(&keys));
        }
        _ => {}
    }
}

/// The places where schemas stand that are objects, and whether they are about a part of the value.
fn collect(schema: &Value, at: &str, inside: bool, found: &mut Vec<(String, bool)>) {
    let Some(object) = schema.as_object() else { return };
    if !object.contains_key("$ref") {
        found.push((at.to_owned(), inside));
    }
    for (key, value) in object {
        let at = format!("{at}/{key}");
        match (key.as_str(), value) {
            ("properties" | "patternProperties", Value::Object(map)) => {
                map.iter().for_each(|(name, inner)| collect(inner, &below(&at, name), true, found));
            }
            ("dependentSchemas", Value::Object(map)) => {
                map.iter().for_each(|(name, inner)| collect(inner, &below(&at, name), inside, found));
            }
            ("allOf" | "anyOf" | "oneOf", Value::Array(list)) => {
                list.iter()
                    .enumerate()
                    .for_each(|(place, inner)| collect(inner, &format!("{at}/{place}"), inside, found));
            }
            ("prefixItems" | "items", Value::Array(list)) => {
                list.iter()
                    .enumerate()
                    .for_each(|(place, inner)| collect(inner, &format!("{at}/{place}"), true, found));
            }
            ("items" | "additionalProperties" | "contains" | "propertyNames" | "unevaluatedProperties", inner) => {
                collect(inner, &at, true, found);
            }
            ("not" | "if" | "then" | "else", inner) => collect(inner, &at, inside, found),
            _ => {}
        }
    }
}

fn below(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}
