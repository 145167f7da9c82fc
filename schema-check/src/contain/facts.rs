//! What serde's attributes say and schemars drops: aliases, `other`, denied fields. Lowered into the reader.

use std::cmp::Reverse;

use serde_json::{Map, Value, json};

/// The facts that the root of a schema carries.
pub(super) fn of(writer: &Value) -> &[Value] {
    let facts = writer.get("x-event").and_then(|event| event.get("facts")).and_then(Value::as_array);
    facts.map(Vec::as_slice).unwrap_or_default()
}

/// What the sources say of a reader and the decoder did not confirm.
pub(super) fn unconfirmed(schema: &Value) -> Option<&Value> {
    of(schema).iter().find(|fact| fact.get("unconfirmed").is_some())
}

/// The schema without its unconfirmed facts, and with them taken for confirmed.
pub(super) fn doubted_and_believed(schema: &Value) -> [Value; 2] {
    let facts_of = |schema: &mut Value, change: &dyn Fn(&mut Vec<Value>)| {
        schema.pointer_mut("/x-event/facts").and_then(Value::as_array_mut).into_iter().for_each(change);
    };
    let (mut doubted, mut believed) = (schema.clone(), schema.clone());
    facts_of(&mut doubted, &|facts| facts.retain(|fact| fact.get("unconfirmed").is_none()));
    facts_of(&mut believed, &|facts| {
        facts.iter_mut().filter_map(Value::as_object_mut).for_each(|fact| drop(fact.remove("unconfirmed")));
    });
    [doubted, believed]
}

/// Applies facts to the reader that they are about.
pub(super) fn apply<'f>(reader: &mut Value, facts: impl Iterator<Item = &'f Value>) {
    let of_reader = facts.filter(|fact| holds_of(fact, "reader"));
    let mut placed: Vec<(&str, &Value)> =
        of_reader.filter_map(|fact| Some((fact.get("pointer")?.as_str()?, fact))).collect();
    placed.sort_by_key(|(pointer, fact)| turn(pointer, fact));
    for (pointer, fact) in placed {
        apply_one(reader, pointer, fact);
    }
}

/// An alias is described by a copy of its field, so it waits for all that is said of the field and of what is within;
/// `other` needs to know the aliases beside it.
fn turn(pointer: &str, fact: &Value) -> (u8, Reverse<usize>) {
    match (fact.get("other"), fact.get("alias")) {
        (Some(_), _) => (2, Reverse(0)),
        (None, Some(_)) => (1, Reverse(pointer.matches('/').count())),
        (None, None) => (0, Reverse(0)),
    }
}

/// Whether a fact is about the side; without a word it is about both.
fn holds_of(fact: &Value, side: &str) -> bool {
    fact.get("side").is_none_or(|said| said == side)
}

/// Of the facts, those about the keys of maps, about fields that aren't written as null, and about values that the
/// decoder refuses hold of the writer: what a type doesn't read it doesn't write.
pub(super) fn apply_to_writer(writer: &mut Value, facts: &[Value]) {
    if let Some(root) = writer.as_object_mut() {
        root.remove("x-event");
    }
    for fact in facts {
        let Some(pointer) = fact.get("pointer").and_then(Value::as_str).filter(|_| holds_of(fact, "writer")) else {
            continue;
        };
        if let Some(values) = fact.get("refuses") {
            refuse(writer, pointer, values);
        }
        if let Some(keys) = fact.get("keys") {
            limit_keys(writer, pointer, keys);
        }
        if fact.get("neverNull") == Some(&Value::Bool(true)) {
            forbid_null(writer, pointer);
        }
    }
}

fn apply_one(schema: &mut Value, pointer: &str, fact: &Value) {
    if fact.get("denyUnknownFields") == Some(&Value::Bool(true)) {
        deny_unknown(schema, pointer);
    }
    if fact.get("required") == Some(&Value::Bool(true)) {
        require(schema, pointer);
    }
    if fact.get("required") == Some(&Value::Bool(false)) {
        shorten(schema, pointer);
        let_be_absent(schema, pointer);
    }
    if let Some(values) = fact.get("refuses") {
        refuse(schema, pointer, values);
    }
    if let Some(keys) = fact.get("keys") {
        limit_keys(schema, pointer, keys);
    }
    if let Some(names) = fact.get("alias").and_then(Value::as_array) {
        for name in names {
            add_alias(schema, pointer, name);
        }
    }
    if let Some(names) = fact.get("onlyNull").and_then(Value::as_array) {
        only_null(schema, pointer, names);
    }
    if fact.get("other") == Some(&Value::Bool(true)) {
        add_other(schema, pointer, fact.get("content").and_then(Value::as_str));
    }
}

/// The keys of a map are what their type writes; integers are written in decimal.
fn limit_keys(schema: &mut Value, pointer: &str, keys: &Value) {
    with_object(schema, pointer, |map| {
        if map.contains_key("additionalProperties") || map.contains_key("patternProperties") {
            map.insert("propertyNames".to_owned(), super::keys::as_text(keys));
        }
    });
}

/// A field that is left out instead of written as null.
fn forbid_null(schema: &mut Value, pointer: &str) {
    with_object(schema, pointer, |field| add_rule(field, json!({"not": {"type": "null"}})));
}

/// Keys of other variants that this one takes as null, or not at all.
fn only_null(schema: &mut Value, pointer: &str, names: &[Value]) {
    with_object(schema, pointer, |object| {
        let properties = object.entry("properties").or_insert_with(|| json!({}));
        let Some(properties) = properties.as_object_mut() else { return };
        for name in names.iter().filter_map(Value::as_str) {
            properties.entry(name).or_insert_with(|| json!({"type": "null"}));
        }
    });
}

/// Values that the schema allows and the type's own decoder doesn't.
fn refuse(schema: &mut Value, pointer: &str, values: &Value) {
    with_object(schema, pointer, |place| add_rule(place, json!({"not": {"enum": values}})));
}

fn add_rule(schema: &mut Map<String, Value>, rule: Value) {
    let rules = schema.entry("allOf").or_insert_with(|| json!([]));
    rules.as_array_mut().into_iter().for_each(|rules| rules.push(rule.clone()));
}

/// A tuple may end before an item that has a default.
fn shorten(schema: &mut Value, pointer: &str) {
    let Some((tuple, place)) = pointer.rsplit_once("/prefixItems/") else { return };
    let Ok(place) = place.parse::<u64>() else { return };
    with_object(schema, tuple, |tuple| {
        let least = tuple.get("minItems").and_then(Value::as_u64).unwrap_or(0);
        tuple.insert("minItems".to_owned(), least.min(place).into());
    });
}

fn with_object(schema: &mut Value, pointer: &str, edit: impl FnOnce(&mut Map<String, Value>)) {
    if let Some(object) = schema.pointer_mut(pointer).and_then(Value::as_object_mut) {
        edit(object);
    }
}

fn deny_unknown(schema: &mut Value, pointer: &str) {
    with_object(schema, pointer, |object| {
        let composed = ["allOf", "anyOf", "oneOf", "$ref"].iter().any(|key| object.contains_key(*key));
        let keyword = if composed { "unevaluatedProperties" } else { "additionalProperties" };
        object.insert(keyword.to_owned(), Value::Bool(false));
    });
}

/// `/properties/c` as (`""`, `c`): the object that holds the property, and the property's name.
fn owner(pointer: &str) -> Option<(&str, String)> {
    let (rest, name) = pointer.rsplit_once('/')?;
    Some((rest.strip_suffix("/properties")?, name.replace("~1", "/").replace("~0", "~")))
}

fn require(schema: &mut Value, pointer: &str) {
    let Some((owner, name)) = owner(pointer) else { return };
    with_object(schema, owner, |object| {
        let required = object.entry("required").or_insert_with(|| json!([]));
        if let Some(names) = required.as_array_mut()
            && !names.iter().any(|known| known == &name)
        {
            names.push(Value::String(name));
        }
    });
}

/// A field that serde reads without, whatever the schema says.
fn let_be_absent(schema: &mut Value, pointer: &str) {
    let Some((owner, name)) = owner(pointer) else { return };
    with_object(schema, owner, |object| {
        let required = object.get_mut("required").and_then(Value::as_array_mut);
        required.into_iter().for_each(|names| names.retain(|known| known != &name));
    });
}

fn add_alias(schema: &mut Value, pointer: &str, alias: &Value) {
    if let Some((owner, name)) = owner(pointer) {
        if let Some(alias) = alias.as_str() {
            with_object(schema, owner, |object| alias_property(object, &name, alias));
        }
        return;
    }
    if let Some((entries, _)) = pointer.rsplit_once("/enum/") {
        let entries = format!("{entries}/enum");
        if let Some(values) = schema.pointer_mut(&entries).and_then(Value::as_array_mut) {
            values.push(alias.clone());
        }
        return;
    }
    if let Some(branch) = schema.pointer_mut(pointer) {
        alias_branch(branch, alias);
    }
}

/// The reader accepts `alias` instead of `name`, not both.
fn alias_property(object: &mut Map<String, Value>, name: &str, alias: &str) {
    let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) else { return };
    // A key that another field has by its own name is read as that field.
    if properties.contains_key(alias) {
        return;
    }
    let Some(schema) = properties.get(name).cloned() else { return };
    properties.insert(alias.to_owned(), schema);
    let required = object.get_mut("required").and_then(Value::as_array_mut);
    let needed = required.is_some_and(|names| {
        let before = names.len();
        names.retain(|known| known != name);
        names.len() < before
    });
    let both = json!({"not": {"required": [name, alias]}});
    let rules = object.entry("allOf").or_insert_with(|| json!([]));
    if let Some(rules) = rules.as_array_mut() {
        if needed {
            rules.push(json!({"anyOf": [{"required": [name]}, {"required": [alias]}]}));
        }
        rules.push(both);
    }
}

/// A variant's branch, by its shape: a bare tag, `{"Tag": content}`, or a tag property with a constant.
fn alias_branch(branch: &mut Value, alias: &Value) {
    let Some(object) = branch.as_object_mut() else { return };
    if let Some(tag) = object.remove("const") {
        object.insert("enum".to_owned(), json!([tag, alias]));
        return;
    }
    if let Some(values) = object.get_mut("enum").and_then(Value::as_array_mut) {
        values.push(alias.clone());
        return;
    }
    let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) else { return };
    if let Some(tag) = properties.values_mut().find(|schema| schema.get("const").is_some()) {
        alias_branch(tag, alias);
    } else if let (Some((name, _)), Some(alias)) = (only(properties), alias.as_str()) {
        alias_property(object, &name, alias);
    }
}

fn only(properties: &Map<String, Value>) -> Option<(String, Value)> {
    let mut all = properties.iter();
    let (name, schema) = all.next()?;
    all.next().is_none().then(|| (name.clone(), schema.clone()))
}

/// The variant at `pointer` takes every tag that its siblings don't.
fn add_other(schema: &mut Value, pointer: &str, content: Option<&str>) {
    let (union, index) = match pointer.rsplit_once("/enum/") {
        Some((entries, _)) => match union_of(entries) {
            Some((union, index)) => (union.to_owned(), Some(index)),
            None => (entries.to_owned(), None),
        },
        None => match union_of(pointer) {
            Some((union, index)) => (union.to_owned(), Some(index)),
            None => (pointer.to_owned(), None),
        },
    };
    let Some(index) = index else {
        with_object(schema, &union, open_text);
        return;
    };
    let Some(branches) = schema.pointer_mut(&union).and_then(Value::as_array_mut) else { return };
    let others: Vec<Value> =
        branches.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, b)| b.clone()).collect();
    let Some(branch) = branches.get_mut(index).and_then(Value::as_object_mut) else { return };
    open_branch(branch, &others, content);
}

fn union_of(pointer: &str) -> Option<(&str, usize)> {
    let (union, index) = pointer.rsplit_once('/')?;
    let index = index.parse().ok()?;
    (union.ends_with("/oneOf") || union.ends_with("/anyOf")).then_some((union, index))
}

fn open_text(object: &mut Map<String, Value>) {
    object.remove("enum");
    object.remove("const");
}

/// A bare tag becomes any text that is no other variant's; a tag property any text but the others' constants.
fn open_branch(branch: &mut Map<String, Value>, others: &[Value], content: Option<&str>) {
    if branch.contains_key("enum") || branch.contains_key("const") {
        open_text(branch);
        let wrappers: Vec<String> = others.iter().filter_map(wrapper).collect();
        branch.insert("not".to_owned(), json!({"enum": wrappers}));
        return;
    }
    let Some(properties) = branch.get_mut("properties").and_then(Value::as_object_mut) else { return };
    let Some((key, tag)) = properties.iter_mut().find(|(_, schema)| schema.get("const").is_some()) else { return };
    let key = key.clone();
    let known: Vec<Value> =
        others.iter().filter_map(|other| other.get("properties")?.get(&key)).flat_map(tags).collect();
    *tag = json!({"type": "string", "not": {"enum": known}});
    if let Some(content) = content.map(str::to_owned).or_else(|| content_key(others, &key)) {
        properties.entry(content).or_insert_with(|| json!({"type": "null"}));
    }
}

/// `Tag` of an externally tagged `{"Tag": content}`.
fn wrapper(branch: &Value) -> Option<String> {
    only(branch.get("properties")?.as_object()?).map(|(name, _)| name)
}

fn tags(schema: &Value) -> Vec<Value> {
    match (schema.get("const"), schema.get("enum").and_then(Value::as_array)) {
        (Some(tag), _) => vec![tag.clone()],
        (None, Some(tags)) => tags.clone(),
        (None, None) => Vec::new(),
    }
}

/// The content key of adjacently tagged variants: the one property beside the tag, the same in all that have one.
/// Taken also where a sole field of internally tagged variants looks the same: then the reader is stricter than serde.
fn content_key(others: &[Value], tag: &str) -> Option<String> {
    let mut found: Option<&String> = None;
    for properties in others.iter().filter_map(|other| other.get("properties")?.as_object()) {
        let mut beside = properties.keys().filter(|name| *name != tag);
        match (beside.next(), beside.next(), found) {
            (None, ..) => {}
            (Some(name), None, None) => found = Some(name),
            (Some(name), None, Some(known)) if name == known => {}
            _ => return None,
        }
    }
    found.cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(schema: &Value, facts: &Value, value: &Value) -> bool {
        let mut schema = schema.clone();
        apply(&mut schema, facts.as_array().into_iter().flatten());
        jsonschema::options().offline().build(&schema).is_ok_and(|schema| schema.is_valid(value))
    }

    #[test]
    fn an_alias_is_held_to_all_that_is_said_of_its_field() {
        let map = json!({"type": "object", "additionalProperties": {"$ref": "#/$defs/Inner"}});
        let inner = json!({"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]});
        let schema = json!({
            "type": "object",
            "properties": {"new": map, "count": {"type": "integer"}, "pair": {"prefixItems": [inner.clone()]}},
            "$defs": {"Inner": inner},
        });
        let facts = json!([
            {"pointer": "/properties/count", "alias": ["n"]},
            {"pointer": "/properties/count", "refuses": [0]},
            {"pointer": "/properties/new", "alias": ["old"]},
            {"pointer": "/properties/new", "keys": {"type": "integer", "format": "uint8"}},
            {"pointer": "/properties/pair", "alias": ["two"]},
            {"pointer": "/properties/pair/prefixItems/0/properties/n", "refuses": [0]},
            {"pointer": "/properties/pair/prefixItems/0/properties/n", "alias": ["m"]}
        ]);
        for (value, right) in [
            (json!({"n": 1}), true),
            (json!({"n": 0}), false),
            (json!({"old": {"7": {"n": 1}}}), true),
            (json!({"old": {"seven": {"n": 1}}}), false),
            (json!({"two": [{"m": 1}]}), true),
            (json!({"two": [{"m": 0}]}), false),
            (json!({"two": [{"n": 0}]}), false),
        ] {
            assert_eq!(reads(&schema, &facts, &value), right, "{value}");
        }
    }

    #[test]
    fn an_alias_takes_no_key_from_another_field() {
        let schema = json!({
            "type": "object",
            "properties": {"a": {"type": "integer"}, "b": {"type": "string"}},
            "required": ["a"],
        });
        let facts = json!([{"pointer": "/properties/a", "alias": ["b"]}]);
        assert!(reads(&schema, &facts, &json!({"a": 1, "b": "x"})));
        assert!(!reads(&schema, &facts, &json!({"b": 1})));
    }
}
