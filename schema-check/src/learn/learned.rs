//! Facts by the place that they are about.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// Whose schema a place is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Reader,
    Writer,
}

/// What is known so far.
#[derive(Debug, Default)]
pub(super) struct Learned {
    facts: BTreeMap<(String, &'static str), BTreeMap<Role, Value>>,
}

impl Learned {
    /// Something about a place that holds for one of the two schemas.
    pub(super) fn add(&mut self, role: Role, pointer: &str, name: &'static str, value: Value) {
        let sides = self.facts.entry((pointer.to_owned(), name)).or_default();
        match (sides.get_mut(&role), value) {
            (Some(Value::Array(known)), Value::Array(more)) => {
                known.extend(more.into_iter().filter(|value| !known.contains(value)).collect::<Vec<_>>());
            }
            (_, value) => drop(sides.insert(role, value)),
        }
    }

    /// As `x-event` has them: what holds for both sides stands once.
    pub(super) fn facts(self) -> Vec<Value> {
        let mut facts = Vec::new();
        for ((pointer, name), sides) in self.facts {
            match (sides.get(&Role::Reader), sides.get(&Role::Writer)) {
                (Some(reader), Some(writer)) if reader == writer => {
                    facts.push(json!({"pointer": pointer, name: reader}))
                }
                (reader, writer) => {
                    facts.extend(reader.map(|value| fact(&pointer, name, value, "reader")));
                    facts.extend(writer.map(|value| fact(&pointer, name, value, "writer")));
                }
            }
        }
        sorted(facts)
    }
}

/// Facts that only make sense for one side don't say for which.
fn fact(pointer: &str, name: &str, value: &Value, side: &str) -> Value {
    let mut fact = Map::from_iter([("pointer".to_owned(), json!(pointer)), (name.to_owned(), value.clone())]);
    if matches!(name, "keys" | "refuses") {
        fact.insert("side".to_owned(), json!(side));
    }
    Value::Object(fact)
}

/// `other` comes last: it needs to know the aliases of the variants beside it.
fn sorted(mut facts: Vec<Value>) -> Vec<Value> {
    facts.sort_by_key(|fact| fact.get("other").is_some());
    facts
}

/// Facts that the item's own attributes tell, and those that the decoder told beside them.
pub(crate) fn merged(own: Vec<Value>, learned: Vec<Value>) -> Vec<Value> {
    let mut all = own;
    for fact in learned {
        let told = |known: &Value| known.get("pointer") == fact.get("pointer") && known.get("alias").is_some();
        if fact.get("unconfirmed").is_some() && all.iter().any(told) {
            continue;
        }
        let same = |known: &&mut Value| known.get("pointer") == fact.get("pointer") && about(known) == about(&fact);
        match all.iter_mut().find(same) {
            Some(known) => add_aliases(known, &fact),
            None => all.push(fact),
        }
    }
    ordered(all)
}

/// By place.
pub(super) fn ordered(mut facts: Vec<Value>) -> Vec<Value> {
    facts.sort_by_cached_key(|fact| fact.get("pointer").map(ToString::to_string));
    sorted(facts)
}

fn add_aliases(known: &mut Value, fact: &Value) {
    let Some(known) = known.get_mut("alias").and_then(Value::as_array_mut) else { return };
    for alias in fact.get("alias").and_then(Value::as_array).into_iter().flatten() {
        if !known.contains(alias) {
            known.push(alias.clone());
        }
    }
}

/// What a fact is about: its name, and its side where it has one.
fn about(fact: &Value) -> Vec<(&String, Option<&Value>)> {
    let fields = fact.as_object().into_iter().flatten().filter(|(name, _)| *name != "pointer");
    fields.map(|(name, value)| (name, (name == "side").then_some(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_for_both_sides_stands_once() {
        let mut learned = Learned::default();
        let keys = json!({"type": "integer"});
        learned.add(Role::Reader, "/a", "keys", keys.clone());
        learned.add(Role::Writer, "/a", "keys", keys.clone());
        learned.add(Role::Writer, "/b", "keys", keys.clone());
        learned.add(Role::Writer, "/b", "neverNull", json!(true));
        let expected = json!([
            {"pointer": "/a", "keys": keys},
            {"pointer": "/b", "keys": keys, "side": "writer"},
            {"pointer": "/b", "neverNull": true}
        ]);
        assert_eq!(Value::from(learned.facts()), expected);
    }

    #[test]
    fn own_facts_and_learned_ones_make_one_list() {
        let own = vec![json!({"pointer": "/a", "alias": ["x"]}), json!({"pointer": "/k", "other": true})];
        let learned = vec![
            json!({"pointer": "/a", "alias": ["x", "y"]}),
            json!({"pointer": "/k", "other": true}),
            json!({"pointer": "/z", "denyUnknownFields": true}),
        ];
        let expected = json!([
            {"pointer": "/a", "alias": ["x", "y"]},
            {"pointer": "/z", "denyUnknownFields": true},
            {"pointer": "/k", "other": true}
        ]);
        assert_eq!(Value::from(merged(own, learned)), expected);
    }
}
