//! What breaks nobody and is hardly meant: a field that may be absent goes on under another name, and its value is lost
//! without an error.

use serde_json::{Map, Value};

use crate::contain::Pair;
use crate::finding::{Finding, Level, Place, Role, Side, Subject};
use crate::rules::field_renamed;

/// Warnings about the fields of the event itself, for a change that old and new builds both survive.
pub(crate) fn warnings(subject: &Subject<'_>, old: &Pair<'_>, new: &Pair<'_>) -> Vec<Finding> {
    let (Some(before), Some(after)) = (properties(old.writer), properties(new.writer)) else { return Vec::new() };
    let mut fresh: Vec<(&String, &Value)> =
        after.iter().filter(|(name, _)| !before.contains_key(*name) && !is_read(old, name)).collect();
    let mut found = Vec::new();
    for (name, schema) in before.iter().filter(|(name, _)| !after.contains_key(*name) && !is_read(new, name)) {
        let meaning = meaning(schema);
        if let Some(at) = fresh.iter().position(|(_, other)| self::meaning(other) == meaning) {
            let (renamed, _) = fresh.remove(at);
            found.push(warning(subject, name, renamed));
        }
    }
    found
}

fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties")?.as_object()
}

/// Whether a build still reads the name, as a field or by an alias.
fn is_read(build: &Pair<'_>, name: &str) -> bool {
    let facts = build.writer.pointer("/x-event/facts").and_then(Value::as_array);
    let is_alias = |fact: &Value| {
        fact.get("alias").and_then(Value::as_array).is_some_and(|names| names.iter().any(|alias| alias == name))
    };
    properties(build.reader).is_some_and(|known| known.contains_key(name))
        || facts.is_some_and(|facts| facts.iter().any(is_alias))
}

/// The schema without what means nothing.
fn meaning(schema: &Value) -> Value {
    let mut schema = schema.clone();
    for word in ["title", "description", "default", "examples"] {
        schema.as_object_mut().into_iter().for_each(|schema| drop(schema.remove(word)));
    }
    schema
}

fn warning(subject: &Subject<'_>, old: &str, new: &str) -> Finding {
    let token = new.replace('~', "~0").replace('/', "~1");
    let place = Place { side: Side::New, role: Role::Writer, pointer: format!("/properties/{token}") };
    let message = format!("`{old}` is gone and `{new}` looks the same{}", subject.within());
    let mut finding = Finding::new(field_renamed::RULE.id, Level::Warn, message).at(place).field(new);
    finding.note = Some("both builds read each other's events, and neither sees the value under the other name".into());
    finding.help(format!("if it is the same field, keep its name on the wire: `#[serde(rename = \"{old}\")]`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(name: &str, facts: Value) -> Value {
        json!({ "properties": { name: { "type": ["string", "null"], "description": name } }, "x-event": { "facts": facts } })
    }

    fn messages(old: &Value, new: &Value) -> Vec<String> {
        let subject = Subject { event_type: "order.placed", event_version: 2 };
        let found = warnings(&subject, &Pair::both(old), &Pair::both(new));
        found.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn an_optional_field_under_another_name_is_a_warning() {
        let found = messages(&event("coupon", json!([])), &event("voucher", json!([])));
        assert_eq!(found, ["`coupon` is gone and `voucher` looks the same in `order.placed` v2"]);
    }

    #[test]
    fn an_alias_a_removal_and_another_type_are_none() {
        let alias = json!([{ "pointer": "/properties/voucher", "alias": ["coupon"] }]);
        assert!(messages(&event("coupon", json!([])), &event("voucher", alias)).is_empty());
        assert!(messages(&event("coupon", json!([])), &json!({ "properties": {} })).is_empty());
        let number = json!({ "properties": { "voucher": { "type": "integer" } } });
        assert!(messages(&event("coupon", json!([])), &number).is_empty());
    }
}
