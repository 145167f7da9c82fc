//! Aliases of the sources at places where the decoder accepted nothing: neither believed nor forgotten.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Candidate;
use crate::sample::escaped;

/// Facts about declared keys outside of what was covered, marked as unconfirmed.
pub(super) fn aliases(reader: &Value, candidates: &[Candidate], covered: &BTreeSet<String>) -> Vec<Value> {
    let mut found = Vec::new();
    if !candidates.is_empty() {
        look(reader, String::new(), candidates, covered, &mut found);
    }
    found
}

fn look(schema: &Value, at: String, candidates: &[Candidate], covered: &BTreeSet<String>, found: &mut Vec<Value>) {
    let Value::Object(object) = schema else {
        let items = schema.as_array().into_iter().flatten().enumerate();
        items.for_each(|(number, item)| look(item, format!("{at}/{number}"), candidates, covered, found));
        return;
    };
    if let (Some(properties), false) = (object.get("properties").and_then(Value::as_object), covered.contains(&at)) {
        for name in properties.keys() {
            let of_name = candidates.iter().filter(|it| it.name == *name && !properties.contains_key(&it.alias));
            let aliases: Vec<&str> = of_name.map(|it| it.alias.as_str()).collect();
            if !aliases.is_empty() {
                let pointer = format!("{at}/properties/{}", escaped(name));
                found.push(json!({ "pointer": pointer, "alias": aliases, "unconfirmed": true }));
            }
        }
    }
    for (keyword, child) in object {
        look(child, format!("{at}/{}", escaped(keyword)), candidates, covered, found);
    }
}
