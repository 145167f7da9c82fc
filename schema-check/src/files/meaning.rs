//! A schema without what means nothing: docs, titles, the names of definitions and order.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::text::sorted;

/// Keywords that say nothing about data.
const SILENT: [&str; 8] = ["$id", "$schema", "$comment", "title", "description", "examples", "x-event", "deprecated"];
/// Keywords whose arrays are sets.
const SETS: [&str; 6] = ["required", "enum", "type", "oneOf", "anyOf", "allOf"];
/// Keywords that hold schemas by name.
const NAMED: [&str; 4] = ["properties", "patternProperties", "dependentSchemas", "definitions"];
/// Keywords that hold data, not schemas.
const DATA: [&str; 3] = ["const", "default", "enum"];

/// The normal form of a schema.
pub(crate) fn of(schema: &Value) -> Value {
    let definitions = schema.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut form = Form { definitions, names: BTreeMap::new(), bodies: Vec::new() };
    let facts = facts(schema);
    let body = form.schema(schema, &facts, "");
    json!({ "schema": body, "definitions": form.bodies })
}

/// The normal form of what is at a place, with the definitions that it leads to.
pub(crate) fn at(schema: &Value, pointer: &str) -> Option<Value> {
    let Value::Object(there) = schema.pointer(pointer)? else { return schema.pointer(pointer).map(sorted) };
    let mut there = there.clone();
    there.extend(schema.get("$defs").map(|definitions| ("$defs".to_owned(), definitions.clone())));
    Some(of(&Value::Object(there)))
}

/// The normal form of what is at a place, without what stands behind its references.
pub(crate) fn shape_at(schema: &Value, pointer: &str) -> Option<Value> {
    let there = schema.pointer(pointer)?;
    Some(if there.is_object() { without_references(of(there)) } else { sorted(there) })
}

fn without_references(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let each = object.into_iter().filter(|(key, value)| key != "$ref" || value.is_object());
            Value::Object(each.map(|(key, value)| (key, without_references(value))).collect())
        }
        Value::Array(items) => items.into_iter().map(without_references).collect(),
        other => other,
    }
}

/// Facts by the place that they are about, so that they move with it.
fn facts(schema: &Value) -> BTreeMap<String, Vec<Value>> {
    let mut facts: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for fact in schema.pointer("/x-event/facts").and_then(Value::as_array).into_iter().flatten() {
        let Some(pointer) = fact.get("pointer").and_then(Value::as_str) else { continue };
        let mut fact = fact.clone();
        fact.as_object_mut().into_iter().for_each(|fact| drop(fact.remove("pointer")));
        if let Some(names) = fact.get_mut("alias").and_then(Value::as_array_mut) {
            names.sort_by_key(ToString::to_string);
        }
        facts.entry(pointer.to_owned()).or_default().push(fact);
    }
    facts
}

struct Form {
    definitions: Map<String, Value>,
    names: BTreeMap<String, usize>,
    bodies: Vec<Value>,
}

impl Form {
    fn schema(&mut self, schema: &Value, facts: &BTreeMap<String, Vec<Value>>, at: &str) -> Value {
        let Value::Object(object) = schema else { return schema.clone() };
        let mut entries: Vec<_> = object.iter().collect();
        entries.sort_by_key(|(key, _)| *key);
        let mut out = Map::new();
        for (key, value) in entries {
            if SILENT.contains(&key.as_str()) || key == "$defs" {
                continue;
            }
            let value = self.keyword(key, value, facts, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")));
            out.insert(key.clone(), value);
        }
        if let Some(facts) = facts.get(at) {
            out.insert("facts".to_owned(), json!(facts));
        }
        Value::Object(out)
    }

    fn keyword(&mut self, key: &str, value: &Value, facts: &BTreeMap<String, Vec<Value>>, at: &str) -> Value {
        let mut value = match value {
            Value::String(reference) if key == "$ref" => self.reference(reference, facts),
            Value::Array(items) if key == "enum" => enumerated(items, facts, at),
            _ if DATA.contains(&key) => sorted(value),
            Value::Object(named) if NAMED.contains(&key) => self.named(named, facts, at),
            Value::Object(_) => self.schema(value, facts, at),
            Value::Array(items) => {
                let each = |(number, item): (usize, &Value)| self.schema(item, facts, &format!("{at}/{number}"));
                Value::Array(items.iter().enumerate().map(each).collect())
            }
            other => other.clone(),
        };
        if let (true, Value::Array(items)) = (SETS.contains(&key), &mut value) {
            items.sort_by_cached_key(ToString::to_string);
        }
        value
    }

    fn named(&mut self, named: &Map<String, Value>, facts: &BTreeMap<String, Vec<Value>>, at: &str) -> Value {
        let mut entries: Vec<_> = named.iter().collect();
        entries.sort_by_key(|(key, _)| *key);
        let each = |(name, schema): (&String, &Value)| {
            let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            (name.clone(), self.schema(schema, facts, &at))
        };
        Value::Object(entries.into_iter().map(each).collect())
    }

    /// A definition is named by the order in which it is met.
    fn reference(&mut self, reference: &str, facts: &BTreeMap<String, Vec<Value>>) -> Value {
        let Some(name) = reference.strip_prefix("#/$defs/") else { return json!(reference) };
        if let Some(number) = self.names.get(name) {
            return json!(number);
        }
        let unescaped = name.replace("~1", "/").replace("~0", "~");
        let Some(definition) = self.definitions.get(&unescaped).cloned() else { return json!(reference) };
        let number = self.bodies.len();
        self.names.insert(name.to_owned(), number);
        self.bodies.push(Value::Null);
        let body = self.schema(&definition, facts, &format!("/$defs/{name}"));
        self.bodies.get_mut(number).into_iter().for_each(|place| *place = body.clone());
        json!(number)
    }
}

/// The values of an `enum`, with the facts about each.
fn enumerated(values: &[Value], facts: &BTreeMap<String, Vec<Value>>, at: &str) -> Value {
    let each = |(number, value): (usize, &Value)| match facts.get(&format!("{at}/{number}")) {
        Some(facts) => json!({ "value": sorted(value), "facts": facts }),
        None => sorted(value),
    };
    Value::Array(values.iter().enumerate().map(each).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn same(a: Value, b: Value) -> bool {
        of(&a) == of(&b)
    }

    #[test]
    fn docs_titles_names_of_definitions_and_order_mean_nothing() {
        assert!(same(
            json!({ "title": "A", "description": "x", "required": ["a", "b"], "properties": { "a": { "$ref": "#/$defs/P", "description": "p" } },
                    "$defs": { "P": { "title": "P", "enum": ["x", "y"] } } }),
            json!({ "required": ["b", "a"], "properties": { "a": { "$ref": "#/$defs/Q" } }, "$defs": { "Q": { "enum": ["y", "x"] } } }),
        ));
    }

    #[test]
    fn a_property_that_is_called_title_means_something() {
        assert!(!same(json!({ "properties": { "title": {} } }), json!({ "properties": {} })));
        assert!(!same(
            json!({ "properties": { "a": { "const": { "title": 1 } } } }),
            json!({ "properties": { "a": { "const": {} } } })
        ));
    }

    #[test]
    fn order_in_a_tuple_means_something() {
        assert!(!same(
            json!({ "prefixItems": [{ "type": "string" }, {}] }),
            json!({ "prefixItems": [{}, { "type": "string" }] })
        ));
    }

    #[test]
    fn a_recursive_definition_ends() {
        let list = |name: &str| {
            let of = format!("#/$defs/{name}");
            json!({ "$ref": of, "$defs": { name: { "properties": { "next": { "$ref": of } } } } })
        };
        assert!(same(list("A"), list("B")));
    }

    #[test]
    fn facts_are_part_of_the_meaning_and_move_with_their_place() {
        let plain = json!({ "enum": ["a", "b"] });
        let aliased = json!({ "enum": ["a", "b"], "x-event": { "facts": [{ "pointer": "/enum/0", "alias": ["c"] }] } });
        let moved = json!({ "enum": ["b", "a"], "x-event": { "facts": [{ "pointer": "/enum/1", "alias": ["c"] }] } });
        assert!(!same(plain, aliased.clone()));
        assert!(same(aliased, moved));
    }
}
