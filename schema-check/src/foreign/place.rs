//! Where in a producer's schema the way on the wire leads.

use serde_json::{Map, Value};

/// The place of `total.currency` or `lines[].sku`, as deep as it is known.
#[must_use]
pub(crate) fn place(schema: &Value, path: &str) -> String {
    let mut at = String::new();
    for name in path.split(['.', '[']).filter(|name| !name.is_empty()) {
        let step = if name.starts_with(']') { "items" } else { name };
        match below(schema, &at, step, name != step, 0) {
            Some(deeper) => at = deeper,
            None => break,
        }
    }
    at
}

/// The place of a part, through references and the branches of unions.
fn below(schema: &Value, at: &str, name: &str, is_item: bool, depth: u8) -> Option<String> {
    let here = schema.pointer(at)?.as_object()?;
    if depth > 16 {
        return None;
    }
    let own = if is_item {
        format!("{at}/items")
    } else {
        format!("{at}/properties/{}", name.replace('~', "~0").replace('/', "~1"))
    };
    if schema.pointer(&own).is_some() {
        return Some(own);
    }
    inner(here, at).iter().find_map(|deeper| below(schema, deeper, name, is_item, depth + 1))
}

fn inner(here: &Map<String, Value>, at: &str) -> Vec<String> {
    let target = here.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#')).map(str::to_owned);
    let branches = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|keyword| {
        let count = here.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
        (0..count).map(move |number| format!("{at}/{keyword}/{number}"))
    });
    target.into_iter().chain(branches).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_way_on_the_wire_leads_through_references_and_unions_as_deep_as_it_is_known() {
        let schema = json!({ "oneOf": [{}, { "$ref": "#/definitions/a" }], "definitions": { "a": {
            "properties": { "lines": { "type": "array", "items": { "properties": { "sku": {} } } }, "me": { "$ref": "#/definitions/a" } },
        } } });
        assert_eq!(place(&schema, "lines[].sku"), "/definitions/a/properties/lines/items/properties/sku");
        assert_eq!(place(&schema, "me.lines"), "/definitions/a/properties/lines");
        assert_eq!(place(&schema, "lines[].price"), "/definitions/a/properties/lines/items");
        assert_eq!(place(&schema, "other"), "");
        assert_eq!(place(&json!({ "$ref": "#" }), "a"), "");
    }
}
