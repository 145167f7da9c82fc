//! A revision: the writer's and the reader's schema as they stand in the files.

use serde_json::{Map, Value, json};

use super::meaning;
use crate::contain::Pair;
use crate::discover::{Deprecated, Event};

/// One state of a version's two schemas.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// What is written, with `x-event`.
    pub writer: Value,
    /// What is read.
    pub reader: Value,
}

impl Revision {
    /// What the code has now.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        let (event_type, version) = (&event.event_type, event.event_version);
        let id = format!("urn:event:{event_type}:{version}");
        let writer = with(&event.writer, [("$id", json!(id)), ("x-event", card(event))]);
        let reader = with(&event.reader, [("$id", json!(format!("{id}:reader")))]);
        Self { writer, reader }
    }

    /// The reader with the facts that serde adds to it: what the prover reads.
    #[must_use]
    pub fn lowered_reader(&self) -> Value {
        match self.writer.pointer("/x-event/facts") {
            Some(facts) => with(&self.reader, [("x-event", json!({ "facts": facts }))]),
            None => self.reader.clone(),
        }
    }

    /// What the revision means: equal for two that differ in docs, titles, names of definitions or order only.
    #[must_use]
    pub fn meaning(&self) -> (Value, Value) {
        (meaning::of(&self.writer), meaning::of(&self.lowered_reader()))
    }

    /// What `x-event` says under a name.
    #[must_use]
    pub fn card(&self, name: &str) -> Option<&Value> {
        self.writer.get("x-event").and_then(|card| card.get(name)).filter(|value| !value.is_null())
    }

    /// The oldest version whose reader understands what is written; its own where it says nothing.
    pub(crate) fn readable_since(&self) -> Option<&Value> {
        self.card("readable_since").or_else(|| self.card("eventVersion"))
    }

    /// Whether its life was ended.
    #[must_use]
    pub fn is_retired(&self) -> bool {
        self.card("retired").is_some_and(|retired| *retired != Value::Bool(false))
    }
}

/// A writer and a reader that the prover can compare.
pub(crate) struct Judged {
    writer: Value,
    reader: Value,
}

impl Judged {
    pub(crate) fn of(revision: &Revision) -> Self {
        Self { writer: revision.writer.clone(), reader: revision.lowered_reader() }
    }

    pub(crate) fn pair(&self) -> Pair<'_> {
        Pair { writer: &self.writer, reader: &self.reader }
    }
}

fn card(event: &Event) -> Value {
    let mut card = json!({
        "eventType": event.event_type,
        "eventVersion": event.event_version,
        "key": event.wire_key(),
        "aggregate": event.aggregate,
        "superseded": event.superseded,
        "readable_since": event.readable_since.unwrap_or(event.event_version),
        "retired": null,
    });
    let facts = (!event.facts.is_empty()).then(|| ("facts".to_owned(), Value::Array(event.facts.clone())));
    let deprecated = event.deprecated.as_ref().map(|deprecated| ("deprecated".to_owned(), told(deprecated)));
    card.as_object_mut().into_iter().for_each(|card| card.extend(facts.clone().into_iter().chain(deprecated.clone())));
    card
}

/// What was said of the event's end, and nothing of the rest.
fn told(deprecated: &Deprecated) -> Value {
    let Deprecated { from, sunset, migration } = deprecated;
    let said = [("from", from), ("sunset", sunset), ("migration", migration)].into_iter();
    said.filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name.to_owned(), json!(text))).collect()
}

fn with<const N: usize>(schema: &Value, more: [(&str, Value); N]) -> Value {
    let mut object: Map<String, Value> = match schema {
        Value::Object(object) => object.clone(),
        Value::Bool(false) => Map::from_iter([("not".to_owned(), json!({}))]),
        _ => Map::new(),
    };
    object.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Value::Object(object)
}
