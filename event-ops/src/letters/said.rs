//! A letter as a document for programs.

use event_core::{Class, EventId, Letter, Source};
use serde_json::{Value, json};

use super::body;

/// All that is known of a letter but its message.
pub(super) fn document(letter: &Letter, held: u64) -> Value {
    json!({
        "letter": letter.id.number(),
        "consumer": letter.consumer,
        "place": letter.place.as_str(),
        "class": letter.class.map(Class::as_str),
        "event_id": letter.event_id.as_ref().map(EventId::as_str),
        "event_type": letter.event_type,
        "event_version": letter.event_version,
        "source": letter.source.as_ref().map(Source::as_str),
        "partition_key": letter.partition_key.as_ref().map(|key| key.as_str()),
        "attempts": letter.attempts,
        "since": letter.since.to_string(),
        "due_at": letter.due_at.map(|due| due.to_string()),
        "held": held,
        "errors": letter.errors,
    })
}

/// The same, with its message.
pub(super) fn whole(letter: &Letter, held: u64) -> Value {
    let mut document = document(letter, held);
    if let Value::Object(fields) = &mut document {
        fields.insert("envelope".to_owned(), body::document(&letter.body));
    }
    document
}
