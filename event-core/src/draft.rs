//! What is inserted into an outbox: an event with its metadata, serialised once.

use std::collections::BTreeMap;
use std::error::Error as StdError;

use serde::Serialize;
use serde_json::value::RawValue;
use thiserror::Error;

use crate::clock::{Clock, Timestamp};
use crate::event::Publish;
use crate::id::EventId;
use crate::key::EventKey;
use crate::slot::PartitionKey;
use crate::write::Unwritable;

/// How many bytes the `data` of an event may have, unless the store is told otherwise: 1 MiB.
pub const DEFAULT_MAX_DATA_BYTES: usize = 1024 * 1024;

/// An event that is ready for an outbox: serialised, with an id and a time.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Draft {
    /// The id, the same on every delivery.
    pub id: EventId,
    /// The wire type.
    pub event_type: &'static str,
    /// The version.
    pub event_version: u32,
    /// The aggregate.
    pub aggregate: &'static str,
    /// The key, if the event has one.
    pub key: Option<EventKey>,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// The payload as it will stand on the wire.
    pub data: Box<RawValue>,
    /// What the event belongs to.
    pub metadata: Metadata,
}

/// What an event belongs to; it travels as extension attributes of the envelope.
#[derive(Debug, Clone, Default, Serialize)]
#[non_exhaustive]
pub struct Metadata {
    /// The conversation that the event belongs to.
    #[serde(rename = "correlationid", skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<EventId>,
    /// The message that caused the event.
    #[serde(rename = "causationid", skip_serializing_if = "Option::is_none")]
    pub causation_id: Option<EventId>,
    /// `traceparent` of W3C Trace Context.
    #[serde(rename = "traceparent", skip_serializing_if = "Option::is_none")]
    pub trace_parent: Option<String>,
    /// `tracestate` of W3C Trace Context.
    #[serde(rename = "tracestate", skip_serializing_if = "Option::is_none")]
    pub trace_state: Option<String>,
    /// Extension attributes of the service's own.
    #[serde(flatten)]
    pub extensions: BTreeMap<String, ExtensionValue>,
}

/// The value of an extension attribute, of the types that CloudEvents has in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ExtensionValue {
    /// A boolean.
    Boolean(bool),
    /// A 32-bit integer.
    Integer(i32),
    /// A string, which also carries times, URIs and binary data.
    String(String),
}

impl From<&str> for ExtensionValue {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for ExtensionValue {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for ExtensionValue {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i32> for ExtensionValue {
    fn from(value: i32) -> Self {
        Self::Integer(value)
    }
}

impl Metadata {
    /// The metadata of what a message causes: the same conversation, caused by the message.
    #[must_use]
    pub fn caused_by(message: &crate::Message) -> Self {
        let envelope = message.envelope();
        Self {
            correlation_id: Some(envelope.correlation_id.clone().unwrap_or_else(|| envelope.id.clone())),
            causation_id: Some(envelope.id.clone()),
            trace_parent: envelope.trace_parent.clone(),
            trace_state: envelope.trace_state.clone(),
            extensions: BTreeMap::new(),
        }
    }

    /// The extension attributes as one JSON object, as an outbox keeps them.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("metadata has only text keys")
    }
}

impl Draft {
    /// Serialises `event`, in one pass.
    ///
    /// # Errors
    /// When serde can't write the event, a float in it is NaN or infinite, its key is empty, or its data has more than
    /// `max_data_bytes`.
    pub fn new<E: Publish>(event: &E, clock: &dyn Clock, max_data_bytes: usize) -> Result<Self, EnqueueError> {
        let data = event.__write().map_err(|error| EnqueueError::unwritable(E::EVENT_TYPE, error))?;
        let key = event.event_key();
        if key.as_ref().is_some_and(|key| key.as_str().is_empty()) {
            return Err(EnqueueError::EmptyKey { event_type: E::EVENT_TYPE });
        }
        let draft = Self {
            id: EventId::generate(clock),
            event_type: E::EVENT_TYPE,
            event_version: E::EVENT_VERSION,
            aggregate: E::AGGREGATE,
            key,
            occurred_at: clock.now(),
            data,
            metadata: Metadata::default(),
        };
        draft.check_size(max_data_bytes).map(|()| draft)
    }

    /// Whether the data has at most `max_data_bytes`.
    ///
    /// # Errors
    /// When it has more.
    pub fn check_size(&self, max_data_bytes: usize) -> Result<(), EnqueueError> {
        let (event_type, size, limit) = (self.event_type, self.data.get().len(), max_data_bytes);
        if size > limit { Err(EnqueueError::TooLarge { event_type, size, limit }) } else { Ok(()) }
    }

    /// Whether CloudEvents can have its id, its time and its extension attributes.
    ///
    /// # Errors
    /// When it can't: no consumer could read the event.
    pub fn check_attributes(&self) -> Result<(), EnqueueError> {
        if self.id.as_str().is_empty() {
            return Err(EnqueueError::Attribute { attribute: "id", reason: "a non-empty string" });
        }
        if !self.occurred_at.is_rfc_3339() {
            return Err(EnqueueError::Attribute { attribute: "time", reason: YEARS });
        }
        self.metadata.extensions.keys().try_for_each(|name| check_name(name))
    }

    /// What orders the event.
    #[must_use]
    pub fn partition_key(&self) -> PartitionKey {
        PartitionKey::new(self.aggregate, self.key.as_ref(), &self.id)
    }

    /// Adds an extension attribute to the event.
    ///
    /// # Errors
    /// When CloudEvents doesn't allow the name, or it is one of the envelope's own.
    pub fn add_extension(&mut self, name: &str, value: ExtensionValue) -> Result<(), EnqueueError> {
        check_name(name)?;
        self.metadata.extensions.insert(name.to_owned(), value);
        Ok(())
    }
}

fn check_name(name: &str) -> Result<(), EnqueueError> {
    let lawful = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if lawful && !RESERVED.contains(&name) {
        return Ok(());
    }
    Err(EnqueueError::ExtensionName { name: name.to_owned() })
}

/// What `time` must be.
pub(crate) const YEARS: &str = "within the years 0 to 9999";

/// The attributes that the envelope itself writes.
pub(crate) const RESERVED: [&str; 23] = [
    "specversion",
    "id",
    "source",
    "type",
    "time",
    "subject",
    "datacontenttype",
    "dataschema",
    "data",
    "eventversion",
    "readablesince",
    "sequence",
    "previous",
    "partitionkey",
    "correlationid",
    "causationid",
    "traceparent",
    "tracestate",
    "twin",
    "twinversions",
    "deprecated",
    "deprecationfrom",
    "deprecationsunset",
];

/// Why an event was not enqueued. Nothing was written; the transaction can go on or be rolled back.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EnqueueError {
    /// The event can't be written as JSON: serde refuses it, or JSON has no number for a float in it.
    #[error("cannot serialise {}`{event_type}`", if place.is_empty() { String::new() } else { format!("`{place}` of ") })]
    Serialize {
        /// The wire type.
        event_type: &'static str,
        /// Where in the event, such as `lines[2].price`; empty for the event as a whole.
        place: String,
        /// What serde said.
        source: serde_json::Error,
    },
    /// The data is larger than the store allows.
    #[error(
        "the data of `{event_type}` has {size} bytes, and at most {limit} are allowed; \
             send a reference to the large part, or raise `max_data_bytes`"
    )]
    TooLarge {
        /// The wire type.
        event_type: &'static str,
        /// The size in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The key is the empty string, which CloudEvents doesn't allow as a subject.
    #[error("the key of `{event_type}` is empty")]
    EmptyKey {
        /// The wire type.
        event_type: &'static str,
    },
    /// An attribute has a value that CloudEvents can't have.
    #[error("the attribute `{attribute}` must be {reason}")]
    Attribute {
        /// The name of the attribute.
        attribute: &'static str,
        /// What it must be.
        reason: &'static str,
    },
    /// The name of an extension attribute isn't allowed.
    #[error(
        "`{name}` can't be an extension attribute: use lower-case letters and digits, and no name of the envelope's own"
    )]
    ExtensionName {
        /// The name.
        name: String,
    },
    /// An event with this id is in the outbox already.
    #[error("an event with the id {id} is in the outbox already")]
    DuplicateId {
        /// The id.
        id: EventId,
    },
    /// The store failed.
    #[error("cannot insert into the outbox")]
    Store(#[source] Box<dyn StdError + Send + Sync>),
}

impl EnqueueError {
    fn unwritable(event_type: &'static str, Unwritable { place, source }: Unwritable) -> Self {
        Self::Serialize { event_type, place, source }
    }

    /// Whether an event with the same id is there already.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::DuplicateId { .. })
    }

    /// Whether the event itself can't be enqueued, whatever the store does.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        !matches!(self, Self::Store(_))
    }
}
