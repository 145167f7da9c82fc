//! The rows of an outbox that a draft becomes: one, or two during a cut-over.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Content, Draft, Metadata};
use crate::clock::Timestamp;
use crate::deprecation::Deprecation;
use crate::id::EventId;
use crate::key::EventKey;
use crate::slot::Slot;
use crate::twin::{Twin, TwinVersion};

/// What an adapter inserts: one row of an outbox.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OutboxRow<'a> {
    /// The id of the event.
    pub id: &'a EventId,
    /// The slot, a hash of aggregate and key.
    pub slot: Slot,
    /// The aggregate.
    pub aggregate: &'static str,
    /// The key, if the event has one.
    pub key: Option<&'a EventKey>,
    /// The wire type.
    pub event_type: &'static str,
    /// The version.
    pub event_version: u32,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// `data`.
    pub data: &'a RawValue,
    /// The other attributes of the envelope, one JSON object.
    pub headers: String,
}

/// The headers of a row: what the envelope says beside what has a column.
#[derive(Serialize)]
struct Headers<'a> {
    #[serde(rename = "readablesince", skip_serializing_if = "Option::is_none")]
    readable_since: Option<u32>,
    #[serde(flatten)]
    twin: Option<&'a Twin>,
    #[serde(flatten)]
    deprecation: Option<&'a Deprecation>,
    #[serde(flatten)]
    metadata: &'a Metadata,
}

impl Draft {
    /// What is inserted, in this order. The first row is the event's own.
    #[must_use]
    pub fn rows(&self) -> Vec<OutboxRow<'_>> {
        let twin = self.twin.as_ref().map(|(_, older)| Twin::new(self.id.clone(), versions(&self.content, older)));
        let mut rows = vec![self.row(&self.id, &self.content, twin.as_ref())];
        rows.extend(self.twin.as_ref().map(|(id, older)| self.row(id, older, twin.as_ref())));
        rows
    }

    fn row<'a>(&'a self, id: &'a EventId, content: &'a Content, twin: Option<&Twin>) -> OutboxRow<'a> {
        let version = content.event_version;
        let headers = Headers {
            readable_since: Some(content.readable_since).filter(|since| *since != version),
            twin,
            deprecation: content.deprecation.as_ref(),
            metadata: &self.metadata,
        };
        OutboxRow {
            id,
            slot: content.partition_key(id).slot(),
            aggregate: content.aggregate,
            key: content.key.as_ref(),
            event_type: content.event_type,
            event_version: version,
            occurred_at: self.occurred_at,
            data: &content.data,
            headers: serde_json::to_string(&headers).expect("headers have only text keys"),
        }
    }
}

fn versions(own: &Content, older: &Content) -> Vec<TwinVersion> {
    [older, own].map(|content| TwinVersion::new(content.event_version, content.readable_since)).into()
}
