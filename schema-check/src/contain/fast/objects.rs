//! What the reader says of objects.

use serde_json::{Map, Value};

use super::writer::Writer;
use super::{Prover, scalars};

impl<'a> Prover<'a> {
    pub(super) fn object_keyword(
        &mut self,
        writer: &Writer<'a>,
        object: &'a Map<String, Value>,
        keyword: &str,
        said: &'a Value,
    ) -> bool {
        match (keyword, said) {
            ("properties", Value::Object(properties)) => self.properties(writer, properties),
            ("required", Value::Array(names)) => names.iter().all(|name| writer.requires(name)),
            ("additionalProperties", _) => self.additional(writer, object, said),
            ("patternProperties", Value::Object(patterns)) => self.patterns(writer, patterns),
            ("minProperties" | "maxProperties", _) => scalars::implied(writer, keyword, said),
            ("propertyNames", _) => {
                writer.schemas.iter().any(|schema| schema.get("propertyNames") == Some(said)) && is_plain(said)
            }
            _ => false,
        }
    }

    fn properties(&mut self, writer: &Writer<'a>, properties: &'a Map<String, Value>) -> bool {
        let closed = writer.is_closed();
        properties.iter().all(|(name, demanded)| match writer.property(name, closed) {
            Some(said) => self.value(&said, demanded),
            None => true,
        })
    }

    /// What the writer declares and the reader doesn't, and what nobody declares.
    fn additional(&mut self, writer: &Writer<'a>, object: &'a Map<String, Value>, demanded: &'a Value) -> bool {
        if *demanded == Value::Bool(true) {
            return true;
        }
        let declared = object.get("properties").and_then(Value::as_object);
        let patterns = object.get("patternProperties").and_then(Value::as_object);
        if patterns.is_some_and(|patterns| !patterns.is_empty()) {
            return writer.same_patterns(patterns) && self.beyond(writer, declared, demanded);
        }
        !writer.has_patterns() && self.beyond(writer, declared, demanded)
    }

    fn beyond(&mut self, writer: &Writer<'a>, declared: Option<&'a Map<String, Value>>, demanded: &'a Value) -> bool {
        let closed = writer.is_closed();
        let names =
            writer.schemas.iter().filter_map(|schema| schema.get("properties")?.as_object()).flat_map(Map::keys);
        let undeclared = names.filter(|name| declared.is_none_or(|declared| !declared.contains_key(*name)));
        let each = undeclared.collect::<Vec<_>>().into_iter().all(|name| match writer.property(name, closed) {
            Some(said) => self.value(&said, demanded),
            None => true,
        });
        each && (closed || self.rest(writer, demanded))
    }

    fn rest(&mut self, writer: &Writer<'a>, demanded: &'a Value) -> bool {
        let [only] = writer.schemas.as_slice() else { return false };
        match only.get("additionalProperties") {
            Some(said) => self.value(&[said], demanded),
            None => false,
        }
    }

    /// The same patterns, with narrower schemas; only where no name is declared that could match them too.
    fn patterns(&mut self, writer: &Writer<'a>, patterns: &'a Map<String, Value>) -> bool {
        if !writer.same_patterns(Some(patterns)) {
            return false;
        }
        let said = |pattern: &str| -> Vec<&'a Value> {
            writer.schemas.iter().filter_map(|schema| schema.get("patternProperties")?.get(pattern)).collect()
        };
        patterns.iter().all(|(pattern, demanded)| self.value(&said(pattern), demanded))
    }
}

impl<'a> Writer<'a> {
    fn requires(&self, name: &Value) -> bool {
        let names = self.schemas.iter().filter_map(|schema| schema.get("required")?.as_array());
        names.into_iter().any(|names| names.contains(name))
    }

    /// What holds of the value of a key; `None` if the key is never written.
    fn property(&self, name: &str, closed: bool) -> Option<Vec<&'a Value>> {
        let mut said = Vec::new();
        let mut declared = false;
        for schema in &self.schemas {
            match schema.get("properties").and_then(|properties| properties.get(name)) {
                Some(property) => {
                    declared = true;
                    said.push(property);
                }
                None if self.has_patterns() => {}
                None => said.extend(schema.get("additionalProperties")),
            }
        }
        (declared || !closed).then_some(said)
    }

    fn has_patterns(&self) -> bool {
        self.schemas.iter().any(|schema| schema.contains_key("patternProperties"))
    }

    /// Whether the writer is one schema with the same patterns, which declares no names.
    fn same_patterns(&self, patterns: Option<&Map<String, Value>>) -> bool {
        let ([only], Some(patterns)) = (self.schemas.as_slice(), patterns) else { return false };
        let nameless = only.get("properties").and_then(Value::as_object).is_none_or(Map::is_empty);
        let own = only.get("patternProperties").and_then(Value::as_object);
        nameless
            && own.is_some_and(|own| own.len() == patterns.len() && own.keys().all(|key| patterns.contains_key(key)))
    }
}

/// Whether a schema means the same in both documents: it refers to nothing.
fn is_plain(schema: &Value) -> bool {
    match schema {
        Value::Object(object) => object.iter().all(|(key, value)| !key.starts_with('$') && is_plain(value)),
        Value::Array(list) => list.iter().all(is_plain),
        _ => true,
    }
}
