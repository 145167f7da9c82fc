//! What serde does and schemars doesn't say, for the event's own item: pointers into the reader's schema.

use serde_json::{Value, json};

use super::names::{Names, Part};

/// The facts of the item, in the order of its declaration.
pub(super) fn of_item(names: &Names, reader: &Value) -> Vec<Value> {
    let mut facts = Vec::new();
    if names.container.deny_unknown_fields && !names.is_enum() {
        facts.push(json!({ "pointer": "", "denyUnknownFields": true }));
    }
    for field in names.fields_of(None) {
        facts.extend(of_field(field, names, reader, ""));
    }
    for variant in names.variants() {
        facts.extend(of_variant(names, variant, reader));
    }
    facts
}

fn of_field(part: &Part, names: &Names, reader: &Value, object: &str) -> Vec<Value> {
    let attributes = &part.attributes;
    let has_default = attributes.default || names.container.default;
    let mut facts = Vec::new();
    let read = format!("{object}/properties/{}", escaped(&part.named.read));
    if reader.pointer(&read).is_some() {
        if !attributes.aliases.is_empty() {
            facts.push(json!({ "pointer": read, "alias": attributes.aliases }));
        }
        if attributes.custom_reader && !has_default {
            facts.push(json!({ "pointer": read, "required": true }));
        }
    }
    let item = format!("{object}/prefixItems/{}", part.named.field.as_deref().unwrap_or_default());
    if has_default && reader.pointer(&item).is_some() {
        facts.push(json!({ "pointer": item, "required": false }));
    }
    facts
}

fn of_variant(names: &Names, variant: &Part, reader: &Value) -> Vec<Value> {
    let mut facts = Vec::new();
    let Some(branch) = branch(names.container.tag.as_deref(), &variant.named.read, reader) else { return facts };
    if !variant.attributes.aliases.is_empty() {
        facts.push(json!({ "pointer": branch, "alias": variant.attributes.aliases }));
    }
    if variant.attributes.other {
        facts.push(json!({ "pointer": branch, "other": true }));
    }
    let body = match (&names.container.tag, &names.container.content) {
        (None, _) => format!("{branch}/properties/{}", escaped(&variant.named.read)),
        (Some(_), Some(content)) => format!("{branch}/properties/{}", escaped(content)),
        (Some(_), None) => branch,
    };
    let fields: Vec<Value> = names
        .fields_of(variant.named.variant.as_deref())
        .flat_map(|field| of_field(field, names, reader, &body))
        .collect();
    let has_object = reader.pointer(&body).is_some_and(|schema| schema.get("properties").is_some());
    if names.container.deny_unknown_fields && has_object {
        facts.push(json!({ "pointer": body, "denyUnknownFields": true }));
    }
    facts.extend(fields);
    facts
}

/// Where the reader's schema describes the variant: found by its constant, its tag or its only property.
fn branch(tag: Option<&str>, name: &str, reader: &Value) -> Option<String> {
    if let Some(at) = position_in_enum(reader, name) {
        return Some(format!("/enum/{at}"));
    }
    for union in ["oneOf", "anyOf"] {
        let Some(branches) = reader.get(union).and_then(Value::as_array) else { continue };
        for (at, schema) in branches.iter().enumerate() {
            if let Some(inner) = position_in_enum(schema, name) {
                return Some(format!("/{union}/{at}/enum/{inner}"));
            }
            if describes(schema, tag, name) {
                return Some(format!("/{union}/{at}"));
            }
        }
    }
    describes(reader, tag, name).then(String::new)
}

fn position_in_enum(schema: &Value, name: &str) -> Option<usize> {
    schema.get("enum")?.as_array()?.iter().position(|value| value.as_str() == Some(name))
}

fn describes(schema: &Value, tag: Option<&str>, name: &str) -> bool {
    let constant = |schema: Option<&Value>| schema.and_then(|schema| schema.get("const")) == Some(&json!(name));
    let properties = schema.get("properties");
    match tag {
        Some(tag) => constant(properties.and_then(|properties| properties.get(tag))),
        None => constant(Some(schema)) || properties.is_some_and(|properties| properties.get(name).is_some()),
    }
}

/// A name as a token of an RFC 6901 pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn part(name: &str, attributes: &str) -> (String, u32, String) {
        (name.to_owned(), 1, attributes.to_owned())
    }

    #[test]
    fn aliases_of_a_struct_point_at_its_properties() {
        let names = Names::of("serde (deny_unknown_fields)", &[part("a_b", r#"serde (rename = "a/b", alias = "c")"#)]);
        let reader = json!({ "type": "object", "properties": { "a/b": { "type": "string" } } });
        let expected = json!([
            { "pointer": "", "denyUnknownFields": true },
            { "pointer": "/properties/a~1b", "alias": ["c"] }
        ]);
        assert_eq!(Value::from(of_item(&names, &reader)), expected);
    }

    #[test]
    fn variants_are_found_by_constant_tag_or_property() {
        let parts =
            [part("A", r#"serde (alias = "Old")"#), part("B", "serde (other)"), part("B.x", r#"serde (alias = "y")"#)];
        let plain = json!({ "oneOf": [
            { "type": "string", "enum": ["C", "A"] },
            { "type": "object", "properties": { "B": { "properties": { "x": {} } } } }
        ] });
        let facts = of_item(&Names::of("", &parts), &plain);
        let expected = json!([
            { "pointer": "/oneOf/0/enum/1", "alias": ["Old"] },
            { "pointer": "/oneOf/1", "other": true },
            { "pointer": "/oneOf/1/properties/B/properties/x", "alias": ["y"] }
        ]);
        assert_eq!(Value::from(facts), expected);

        let tagged = json!({ "oneOf": [
            { "type": "object", "properties": { "kind": { "const": "A" } } },
            { "type": "object", "properties": { "kind": { "const": "B" }, "x": {} } }
        ] });
        let facts = of_item(&Names::of(r#"serde (tag = "kind")"#, &parts), &tagged);
        let pointers: Vec<&str> = facts.iter().filter_map(|fact| fact["pointer"].as_str()).collect();
        assert_eq!(pointers, ["/oneOf/0", "/oneOf/1", "/oneOf/1/properties/x"]);
    }

    #[test]
    fn a_custom_reader_requires_what_a_default_lets_be_absent() {
        let own = r#"serde (deserialize_with = "read")"#;
        let defaulted = r#"serde (default, deserialize_with = "read")"#;
        let names = Names::of("", &[part("a", own), part("b", defaulted), part("c", r#"serde (with = "secs")"#)]);
        let reader = json!({ "properties": { "a": {}, "b": {}, "c": {} } });
        let expected = json!([
            { "pointer": "/properties/a", "required": true },
            { "pointer": "/properties/c", "required": true }
        ]);
        assert_eq!(Value::from(of_item(&names, &reader)), expected);
    }

    #[test]
    fn a_tuple_may_end_before_an_item_with_a_default() {
        let names = Names::of("", &[part("0", ""), part("1", "serde (default)")]);
        let reader = json!({ "prefixItems": [{}, {}], "minItems": 2 });
        let expected = json!([{ "pointer": "/prefixItems/1", "required": false }]);
        assert_eq!(Value::from(of_item(&names, &reader)), expected);
    }
}
