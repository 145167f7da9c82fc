//! The envelope of an event on the wire: CloudEvents 1.0 in JSON, with `data` kept verbatim.

mod error;
mod read;
mod reference;
mod write;

use std::collections::BTreeMap;
use std::fmt;

use serde_json::value::RawValue;

pub use error::EnvelopeError;
pub(crate) use read::MAX_LENGTH;

use crate::clock::Timestamp;
use crate::deprecation::{self, Deprecation};
use crate::id::EventId;
use crate::key::EventKey;
use crate::sequence::Sequence;
use crate::slot::{PartitionKey, Slot};
use crate::twin::Twin;

/// An event on the wire.
///
/// `data` and the extensions that we don't know stay as they came, byte for byte.
///
/// Source: CloudEvents 1.0.2, and its JSON event format.
///
/// ```
/// use event_core::Envelope;
///
/// let wire = br#"{"specversion":"1.0","id":"a-1","source":"/shop","type":"order.placed","data":{"total":1.50}}"#;
/// let envelope = Envelope::from_json(wire)?;
/// assert_eq!(envelope.data.as_deref().map(|data| data.get()), Some(r#"{"total":1.50}"#));
/// # Ok::<(), event_core::EnvelopeError>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Envelope {
    /// `id`: the same on every delivery of the event.
    pub id: EventId,
    /// `source`: the outbox that the event comes from.
    pub source: Source,
    /// `type`: the wire type.
    pub event_type: String,
    /// `eventversion`: the version of `data`; 1 where the producer says nothing.
    pub event_version: u32,
    /// `readablesince`: the oldest version whose reader understands `data`.
    pub readable_since: Option<u32>,
    /// `time`: when it happened.
    pub time: Option<Timestamp>,
    /// `subject`: the key of the event.
    pub subject: Option<EventKey>,
    /// `datacontenttype`: the media type of `data`, JSON if absent.
    pub data_content_type: Option<String>,
    /// `dataschema`: a URI of the schema of `data`.
    pub data_schema: Option<String>,
    /// `sequence`: the position in its slot.
    pub sequence: Option<Sequence>,
    /// `previous`: the sequence of the event that was sent before this one on the same stream.
    pub previous: Option<Sequence>,
    /// `partitionkey`: what orders the event.
    pub partition_key: Option<PartitionKey>,
    /// `correlationid`: the conversation that the event belongs to.
    pub correlation_id: Option<EventId>,
    /// `causationid`: the message that caused the event.
    pub causation_id: Option<EventId>,
    /// `twin` and `twinversions`: the other versions in which the same event was written.
    pub twin: Option<Twin>,
    /// `traceparent` of W3C Trace Context.
    pub trace_parent: Option<String>,
    /// `tracestate` of W3C Trace Context.
    pub trace_state: Option<String>,
    /// Every other attribute, as it came.
    pub extensions: BTreeMap<String, Box<RawValue>>,
    /// `data`, as it came.
    pub data: Option<Box<RawValue>>,
}

impl Envelope {
    /// An envelope with the attributes that CloudEvents requires, and no data.
    #[must_use]
    pub fn new(id: EventId, source: Source, event_type: impl Into<String>) -> Self {
        Self {
            id,
            source,
            event_type: event_type.into(),
            event_version: 1,
            readable_since: None,
            time: None,
            subject: None,
            data_content_type: None,
            data_schema: None,
            sequence: None,
            previous: None,
            partition_key: None,
            correlation_id: None,
            causation_id: None,
            twin: None,
            trace_parent: None,
            trace_state: None,
            extensions: BTreeMap::new(),
            data: None,
        }
    }

    /// Reads one event of the JSON event format.
    ///
    /// # Errors
    /// When `json` isn't JSON, isn't CloudEvents 1.0, or an attribute that we use is malformed.
    pub fn from_json(json: &[u8]) -> Result<Self, EnvelopeError> {
        read::envelope(json)
    }

    /// Writes the event in the JSON event format.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("an envelope has only text keys and JSON values")
    }

    /// What its producer says about the end of its version; `None` unless it is deprecated.
    #[must_use]
    pub fn deprecation(&self) -> Option<Deprecation> {
        deprecation::of_extensions(&self.extensions)
    }

    /// What orders the event; for producers that don't say, its subject or id under its type.
    #[must_use]
    pub fn ordering_key(&self) -> PartitionKey {
        self.partition_key.clone().unwrap_or_else(|| {
            PartitionKey::of_foreign(&self.event_type, self.subject.as_ref().map(EventKey::as_str), &self.id)
        })
    }

    /// The slot of the event.
    #[must_use]
    pub fn slot(&self) -> Slot {
        self.ordering_key().slot()
    }
}

/// CloudEvents' `source`: one per outbox, with its epoch (`/orders?epoch=3`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source(String);

impl Source {
    /// The source as it stands on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The source without its epoch: what stays the same when the producer's database was restored or failed over.
    ///
    /// ```
    /// use event_core::Source;
    ///
    /// assert_eq!(Source::from("/orders?epoch=3").without_epoch(), "/orders".into());
    /// assert_eq!(Source::from("/orders?shop=a&epoch=3").without_epoch(), "/orders?shop=a".into());
    /// assert_eq!(Source::from("/orders").without_epoch(), "/orders".into());
    /// ```
    #[must_use]
    pub fn without_epoch(&self) -> Self {
        self.parts().map_or_else(|| self.clone(), |(base, _)| Self::from(base))
    }

    /// The epoch, from 1.
    #[cfg(feature = "runtime")]
    pub(crate) fn epoch(&self) -> u64 {
        self.parts().and_then(|(_, epoch)| epoch.parse().ok()).unwrap_or(1)
    }

    fn parts(&self) -> Option<(&str, &str)> {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let parts = self.0.rsplit_once("?epoch=").or_else(|| self.0.rsplit_once("&epoch="));
        parts.filter(|(_, epoch)| is_number(epoch))
    }
}

impl From<String> for Source {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Source {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
