//! The rows of an outbox that a draft becomes: one, or two during a cut-over.

use std::borrow::Cow;

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
    pub headers: Cow<'a, str>,
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

impl Headers<'_> {
    fn are_empty(&self) -> bool {
        self.readable_since.is_none() && self.twin.is_none() && self.deprecation.is_none() && self.metadata.is_empty()
    }

    fn to_json(&self) -> Cow<'static, str> {
        if self.are_empty() {
            return Cow::Borrowed("{}");
        }
        serde_json::to_string(self).expect("headers have only text keys").into()
    }
}

impl OutboxRow<'_> {
    /// The slot, a hash of aggregate and key, or id; a database that computes it by itself comes to the same.
    #[must_use]
    pub fn slot(&self) -> Slot {
        Slot::of_parts(&[self.aggregate, "/", self.key.map_or(self.id.as_str(), EventKey::as_str)])
    }
}

impl Draft {
    /// What is inserted, in this order. The first row is the event's own.
    #[must_use]
    pub fn rows(&self) -> Vec<OutboxRow<'_>> {
        self.only_row().map_or_else(|| self.twin_rows(), |row| vec![row])
    }

    /// What is inserted, if that is one row.
    #[must_use]
    pub fn only_row(&self) -> Option<OutboxRow<'_>> {
        self.twin.is_none().then(|| self.row(&self.id, &self.content, None))
    }

    fn twin_rows(&self) -> Vec<OutboxRow<'_>> {
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
            aggregate: content.aggregate,
            key: content.key.as_ref(),
            event_type: content.event_type,
            event_version: version,
            occurred_at: self.occurred_at,
            data: &content.data,
            headers: headers.to_json(),
        }
    }
}

fn versions(own: &Content, older: &Content) -> Vec<TwinVersion> {
    [older, own].map(|content| TwinVersion::new(content.event_version, content.readable_since)).into()
}
