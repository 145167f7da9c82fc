//! Turns what an event writes and reads into plain JSON Schema: integer formats as bounds, writers closed, facts applied.

use serde_json::{Map, Number, Value, json};

use super::draft::Draft;
use super::keywords::{MAPS, ONE_OR_MANY};
use super::{Pair, facts};

/// What a writer can write, as plain JSON Schema.
pub(super) fn writer(schema: &Value, draft: Draft) -> Value {
    let facts = facts::of(schema);
    let mut schema = schema.clone();
    facts::apply_to_writer(&mut schema, facts);
    bound_integers(&mut schema);
    let mut closing = Closing { original: schema.clone(), draft, open: Vec::new(), done: 0 };
    closing.close(&mut schema, false);
    closing.add_open_copies(&mut schema);
    schema
}

/// What a reader accepts, as plain JSON Schema.
pub(super) fn reader(pair: Pair<'_>) -> Value {
    let mut schema = pair.reader.clone();
    let of_writer = if std::ptr::eq(pair.reader, pair.writer) { &[] } else { facts::of(pair.writer) };
    facts::apply(&mut schema, facts::of(pair.reader).iter().chain(of_writer));
    bound_integers(&mut schema);
    accept_duplicates(&mut schema);
    schema
}

/// The range of an integer format, as schemars writes it.
pub(crate) fn integer_range(format: &str) -> Option<(Number, Number)> {
    let range = match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "int64" | "int" => (i64::MIN.into(), i64::MAX.into()),
        "int128" => (Number::from_i128(i128::MIN)?, Number::from_i128(i128::MAX)?),
        "uint8" => (0.into(), u8::MAX.into()),
        "uint16" => (0.into(), u16::MAX.into()),
        "uint32" => (0.into(), u32::MAX.into()),
        "uint64" | "uint" => (0.into(), u64::MAX.into()),
        "uint128" => (0.into(), Number::from_u128(u128::MAX)?),
        _ => return None,
    };
    Some(range)
}

fn is_integer(object: &Map<String, Value>) -> bool {
    match object.get("type") {
        Some(Value::String(name)) => name == "integer",
        Some(Value::Array(names)) => {
            names.iter().any(|name| name == "integer") && !names.iter().any(|name| name == "number")
        }
        _ => false,
    }
}

fn bound_integers(schema: &mut Value) {
    each_schema(schema, &mut |object| {
        if !is_integer(object) {
            return;
        }
        let Some((low, high)) = object.get("format").and_then(Value::as_str).and_then(integer_range) else { return };
        let bounds = json!({"minimum": low, "maximum": high});
        object.remove("format");
        if object.contains_key("minimum") || object.contains_key("maximum") {
            let rules = object.entry("allOf").or_insert_with(|| json!([]));
            if let Some(rules) = rules.as_array_mut() {
                rules.push(bounds);
            }
        } else if let Value::Object(bounds) = bounds {
            object.extend(bounds);
        }
    });
}

/// serde reads a set from a list with duplicates.
fn accept_duplicates(schema: &mut Value) {
    each_schema(schema, &mut |object| drop(object.remove("uniqueItems")));
}

const IN_PLACE: [&str; 8] = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"];
/// Schemas that are asked about a value, rather than describe it.
const UNTOUCHED: [&str; 3] = ["not", "if", "contains"];
fn children_mut(object: &mut Map<String, Value>) -> impl Iterator<Item = (&str, &mut Value)> {
    object.iter_mut().flat_map(|(keyword, value)| {
        let (map, many) = (MAPS.contains(&keyword.as_str()), ONE_OR_MANY.contains(&keyword.as_str()));
        let children: Vec<&mut Value> = match (value, map, many) {
            (Value::Object(children), true, _) => children.values_mut().collect(),
            (Value::Array(list), _, true) => list.iter_mut().collect(),
            (one, _, true) => vec![one],
            _ => Vec::new(),
        };
        children.into_iter().map(move |child| (keyword.as_str(), child))
    })
}

fn each_schema(schema: &mut Value, edit: &mut impl FnMut(&mut Map<String, Value>)) {
    let Some(object) = schema.as_object_mut() else { return };
    edit(object);
    for (_, child) in children_mut(object) {
        each_schema(child, edit);
    }
}

/// Closes the objects of a writer. A definition that is composed with siblings somewhere gets an open copy for that place.
struct Closing {
    original: Value,
    draft: Draft,
    open: Vec<String>,
    done: usize,
}

impl Closing {
    /// `composed`: another schema of the same value declares keys too, and closes.
    fn close(&mut self, schema: &mut Value, composed: bool) {
        let Some(object) = schema.as_object_mut() else { return };
        let closes = !composed && declares_object(object);
        let conditional = ["if", "dependentSchemas"].iter().any(|keyword| object.contains_key(*keyword));
        let composes = composed || closes || conditional || many(object, "allOf");
        if composes && let Some(Value::String(target)) = object.get_mut("$ref") {
            *target = self.open_copy(target);
        }
        for (keyword, child) in children_mut(object) {
            let in_place = IN_PLACE.contains(&keyword);
            self.close(child, in_place && composes || UNTOUCHED.contains(&keyword));
        }
        if closes {
            self.close_here(object);
        }
    }

    fn close_here(&self, object: &mut Map<String, Value>) {
        let open = ["additionalProperties", "unevaluatedProperties"];
        if open.iter().any(|keyword| object.contains_key(*keyword)) {
            return;
        }
        let composed = object.contains_key("$ref") || IN_PLACE.iter().any(|keyword| object.contains_key(*keyword));
        if !composed {
            object.insert("additionalProperties".to_owned(), Value::Bool(false));
        } else if self.draft.has_unevaluated() {
            object.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
        }
    }

    fn open_copy(&mut self, target: &str) -> String {
        if !target.starts_with('#') || target.starts_with("#/$defs/open~1") {
            return target.to_owned();
        }
        if !self.open.iter().any(|known| known == target) {
            self.open.push(target.to_owned());
        }
        format!("#/$defs/{}", open_name(target).replace('~', "~0").replace('/', "~1"))
    }

    fn add_open_copies(&mut self, schema: &mut Value) {
        while let Some(target) = self.open.get(self.done).cloned() {
            self.done += 1;
            let Some(mut copy) = target.strip_prefix('#').and_then(|at| self.original.pointer(at)).cloned() else {
                continue;
            };
            if let Some(object) = copy.as_object_mut() {
                for keyword in ["$defs", "definitions", "$schema", "$id", "$anchor"] {
                    object.remove(keyword);
                }
            }
            self.close(&mut copy, true);
            let Some(root) = schema.as_object_mut() else { return };
            let definitions = root.entry("$defs").or_insert_with(|| json!({}));
            if let Some(definitions) = definitions.as_object_mut() {
                definitions.insert(open_name(&target), copy);
            }
        }
    }
}

fn open_name(target: &str) -> String {
    format!("open/{}", target.trim_start_matches('#').trim_start_matches('/'))
}

fn many(object: &Map<String, Value>, keyword: &str) -> bool {
    object.get(keyword).and_then(Value::as_array).is_some_and(|list| list.len() > 1)
}

/// Whether the schema itself says that it is about an object with declared keys.
pub(super) fn declares_object(object: &Map<String, Value>) -> bool {
    let typed = match object.get("type") {
        Some(Value::String(name)) => name == "object",
        Some(Value::Array(names)) => names.iter().any(|name| name == "object"),
        _ => false,
    };
    typed || object.contains_key("properties")
}
