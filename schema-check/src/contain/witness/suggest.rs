//! Values that a schema suggests.

use serde_json::{Map, Value};

use super::harvest::Harvest;

/// How many values a schema suggests.
const MOST: usize = 160;
/// How many of a part's values are tried in the whole.
const OF_A_PART: usize = 24;
const DEEPEST: usize = 7;
/// The longest list that is filled up.
const LONGEST: u64 = 64;

/// Suggests values of the schemas of one document.
pub(super) struct Suggest<'a> {
    root: &'a Value,
    harvest: &'a Harvest,
    /// How many schemas may still be looked at.
    left: std::cell::Cell<usize>,
}

impl<'a> Suggest<'a> {
    pub(super) fn new(root: &'a Value, harvest: &'a Harvest) -> Self {
        Self { root, harvest, left: std::cell::Cell::new(4000) }
    }

    pub(super) fn root(&self) -> Vec<Value> {
        self.of(self.root, DEEPEST)
    }

    fn of(&self, schema: &'a Value, depth: usize) -> Vec<Value> {
        let Some(left) = self.left.get().checked_sub(1).filter(|_| depth > 0) else { return vec![Value::Null] };
        self.left.set(left);
        let Value::Object(object) = schema else { return self.anything() };
        let mut found = self.listed(object);
        if found.is_empty() {
            found = self.by_kind(object, depth);
        }
        for inner in self.in_place(object) {
            let inner = self.of(inner, depth - 1);
            merge(&mut found, &inner);
            found.extend(inner);
        }
        if found.is_empty() {
            found = self.anything();
        }
        found.truncate(MOST);
        found
    }

    fn anything(&self) -> Vec<Value> {
        self.harvest.values.iter().take(OF_A_PART).cloned().collect()
    }

    fn listed(&self, object: &Map<String, Value>) -> Vec<Value> {
        match (object.get("const"), object.get("enum")) {
            (Some(value), _) => vec![value.clone()],
            (None, Some(Value::Array(values))) => values.clone(),
            _ => Vec::new(),
        }
    }

    fn in_place(&self, object: &'a Map<String, Value>) -> Vec<&'a Value> {
        let mut found: Vec<&Value> = ["allOf", "anyOf", "oneOf"]
            .iter()
            .filter_map(|keyword| object.get(*keyword)?.as_array())
            .flatten()
            .chain(["if", "then", "else", "not"].iter().filter_map(|keyword| object.get(*keyword)))
            .collect();
        let target = object.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        found.extend(target.and_then(|pointer| self.root.pointer(pointer)));
        found
    }

    fn by_kind(&self, object: &'a Map<String, Value>, depth: usize) -> Vec<Value> {
        let named = |name: &str| match object.get("type") {
            Some(Value::String(kind)) => kind == name || kind == "number" && name == "integer",
            Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == name),
            _ => true,
        };
        let speaks = |keywords: &[&str]| keywords.iter().any(|keyword| object.contains_key(*keyword));
        let mut found = Vec::new();
        if named("object")
            && (object.contains_key("type") || speaks(&["properties", "required", "additionalProperties"]))
        {
            found.extend(self.objects(object, depth));
        }
        if named("array") && (object.contains_key("type") || speaks(&["items", "prefixItems", "contains", "minItems"]))
        {
            found.extend(self.lists(object, depth));
        }
        found.extend(
            self.harvest
                .values
                .iter()
                .filter(|value| match value {
                    Value::Null => named("null"),
                    Value::Bool(_) => named("boolean"),
                    Value::Number(_) => named("number") || named("integer"),
                    Value::String(_) => named("string"),
                    _ => false,
                })
                .cloned(),
        );
        found
    }

    /// The least object, then each key with each of its values.
    fn objects(&self, object: &'a Map<String, Value>, depth: usize) -> Vec<Value> {
        let declared = object.get("properties").and_then(Value::as_object);
        let schema = |name: &str| {
            declared.and_then(|declared| declared.get(name)).or_else(|| object.get("additionalProperties"))
        };
        let values = |name: &str| schema(name).map_or_else(|| self.anything(), |schema| self.of(schema, depth - 1));
        let required = object.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let mut least = Map::new();
        for name in required {
            least.insert(name.to_owned(), values(name).into_iter().next().unwrap_or_default());
        }
        let mut found = vec![Value::Object(least.clone()), Value::Object(Map::new())];
        let names = declared.into_iter().flat_map(Map::keys).chain(&self.harvest.names);
        for name in names {
            for value in values(name).into_iter().take(OF_A_PART) {
                let mut with = least.clone();
                with.insert(name.clone(), value);
                found.push(Value::Object(with));
            }
            if found.len() > MOST {
                break;
            }
        }
        found
    }

    fn lists(&self, object: &'a Map<String, Value>, depth: usize) -> Vec<Value> {
        let prefix = ["prefixItems", "items"].iter().find_map(|keyword| object.get(*keyword)?.as_array());
        let first: Vec<Vec<Value>> = prefix.into_iter().flatten().map(|schema| self.of(schema, depth - 1)).collect();
        let rest = ["items", "contains", "additionalItems"].iter().filter_map(|keyword| object.get(*keyword));
        let rest: Vec<Value> =
            rest.filter(|schema| !schema.is_array()).flat_map(|schema| self.of(schema, depth - 1)).collect();
        let least: Vec<Value> = first.iter().filter_map(|values| values.first().cloned()).collect();
        let mut found = vec![Value::Array(Vec::new()), Value::Array(least.clone())];
        let length = object.get("minItems").and_then(Value::as_u64).unwrap_or(0).min(LONGEST);
        for (at, values) in first.iter().enumerate() {
            for value in values.iter().take(OF_A_PART) {
                let changed = |(place, kept): (usize, &Value)| if place == at { value.clone() } else { kept.clone() };
                found.push(least.iter().enumerate().map(changed).collect());
            }
        }
        for value in rest.iter().take(OF_A_PART) {
            let many = usize::try_from(length).unwrap_or(0).max(least.len() + 1);
            let filled = least.iter().cloned().chain(std::iter::repeat(value.clone()));
            found.push(filled.clone().take(many).collect());
            found.push(filled.take(many + 1).collect());
        }
        found
    }
}

/// Objects of the one with the entries of the first object of the other.
fn merge(found: &mut Vec<Value>, inner: &[Value]) {
    let Some(Value::Object(more)) = inner.iter().find(|value| value.is_object()) else { return };
    let merged: Vec<Value> = found
        .iter()
        .filter_map(Value::as_object)
        .map(|object| {
            let mut object = object.clone();
            for (key, value) in more {
                object.entry(key.clone()).or_insert_with(|| value.clone());
            }
            Value::Object(object)
        })
        .collect();
    found.extend(merged);
    found.truncate(MOST);
}
