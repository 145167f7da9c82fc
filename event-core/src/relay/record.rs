//! A row of an outbox, and the envelope that it becomes.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use thiserror::Error;

use crate::characters::{WITHOUT_NUL, hold_nul};
use crate::clock::Timestamp;
use crate::draft::{RESERVED, YEARS};
use crate::envelope::{Envelope, Source};
use crate::id::EventId;
use crate::key::EventKey;
use crate::sequence::Sequence;
use crate::slot::{PartitionKey, Slot};
use crate::twin::Twin;

type Headers = BTreeMap<String, Box<RawValue>>;

/// A committed event in an outbox.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Record {
    /// The slot.
    pub slot: Slot,
    /// The position in the slot, in the order of commits.
    pub position: Sequence,
    /// The id of the event.
    pub id: EventId,
    /// The wire type.
    pub event_type: String,
    /// The version.
    pub event_version: u32,
    /// The aggregate.
    pub aggregate: String,
    /// The key, if the event has one.
    pub key: Option<EventKey>,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// `data`, as it was enqueued.
    pub payload: String,
    /// The extension attributes, one JSON object.
    pub headers: String,
    /// Whether an earlier event of the same key is parked for the sink.
    pub key_is_parked: bool,
}

/// Why a row of an outbox can't be sent. Our own writers never make such rows; foreign ones may.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The payload is not JSON.
    #[error("the payload of event {id} is not JSON")]
    Payload {
        /// The id of the event.
        id: EventId,
        /// serde's own error.
        source: serde_json::Error,
    },
    /// The headers are not a JSON object of extension attributes.
    #[error("the headers of event {id} are not a JSON object")]
    Headers {
        /// The id of the event.
        id: EventId,
        /// serde's own error.
        source: serde_json::Error,
    },
    /// An attribute can't be written as CloudEvents has it, so no consumer could read the event.
    #[error("the attribute `{attribute}` of event `{id}` must be {reason}")]
    Attribute {
        /// The id of the event.
        id: EventId,
        /// The name of the attribute.
        attribute: String,
        /// What it must be.
        reason: &'static str,
    },
}

impl Record {
    /// A record without key, payload (`null`) and headers.
    #[must_use]
    pub fn new(slot: Slot, position: Sequence, id: EventId, event_type: impl Into<String>, at: Timestamp) -> Self {
        let event_type = event_type.into();
        Self {
            aggregate: crate::event_type::default_aggregate(&event_type).to_owned(),
            slot,
            position,
            id,
            event_type,
            event_version: 1,
            key: None,
            occurred_at: at,
            payload: "null".to_owned(),
            headers: "{}".to_owned(),
            key_is_parked: false,
        }
    }

    /// What orders the event.
    #[must_use]
    pub fn partition_key(&self) -> PartitionKey {
        PartitionKey::new(&self.aggregate, self.key.as_ref(), &self.id)
    }

    /// The envelope of the event, sent after `previous` on its stream.
    ///
    /// # Errors
    /// When a foreign writer stored what is not JSON, or what CloudEvents can't have.
    pub fn to_envelope(&self, source: &Source, previous: Sequence) -> Result<Envelope, RecordError> {
        self.check(source)?;
        let mut envelope = Envelope::new(self.id.clone(), source.clone(), self.event_type.clone());
        envelope.event_version = self.event_version;
        envelope.time = Some(self.occurred_at);
        envelope.subject = self.key.clone();
        envelope.data_content_type = Some("application/json".to_owned());
        envelope.data_schema = Some(format!("urn:event:{}:{}", self.event_type, self.event_version));
        envelope.sequence = Some(self.position);
        envelope.previous = Some(previous);
        envelope.partition_key = Some(self.partition_key());
        self.add_headers(&mut envelope)?;
        let data = RawValue::from_string(self.payload.clone());
        envelope.data = Some(data.map_err(|source| RecordError::Payload { id: self.id.clone(), source })?);
        Ok(envelope)
    }

    /// Whether a consumer could read the event: one that it couldn't would be a gap in its stream for ever.
    fn check(&self, source: &Source) -> Result<(), RecordError> {
        let empty = [("id", self.id.as_str()), ("source", source.as_str()), ("type", &self.event_type)];
        if let Some((attribute, _)) = empty.into_iter().find(|(_, text)| text.is_empty()) {
            return Err(self.attribute(attribute, "a non-empty string"));
        }
        let kept = empty.into_iter().chain([("subject", self.key.as_ref().map_or("", EventKey::as_str))]);
        if let Some((attribute, _)) = kept.chain([("partitionkey", &*self.aggregate)]).find(|(_, text)| hold_nul(text))
        {
            return Err(self.attribute(attribute, WITHOUT_NUL));
        }
        if self.occurred_at.is_rfc_3339() { Ok(()) } else { Err(self.attribute("time", YEARS)) }
    }

    fn attribute(&self, attribute: &str, reason: &'static str) -> RecordError {
        RecordError::Attribute { id: self.id.clone(), attribute: attribute.to_owned(), reason }
    }

    fn add_headers(&self, envelope: &mut Envelope) -> Result<(), RecordError> {
        let mut headers = self.headers()?;
        envelope.correlation_id = self.text(&mut headers, "correlationid")?.map(EventId::from);
        envelope.causation_id = self.text(&mut headers, "causationid")?.map(EventId::from);
        envelope.trace_parent = self.text(&mut headers, "traceparent")?;
        envelope.trace_state = self.text(&mut headers, "tracestate")?;
        envelope.readable_since = Some(self.readable_since(&mut headers)?);
        envelope.twin = self.twin(&mut headers)?;
        let ours = |name: &str| RESERVED.contains(&name) && !name.starts_with("deprecat");
        if let Some(name) = headers.keys().find(|name| ours(name)) {
            return Err(self.attribute(name, "absent from the headers: the envelope has its own"));
        }
        envelope.extensions = headers;
        Ok(())
    }

    fn headers(&self) -> Result<Headers, RecordError> {
        serde_json::from_str(&self.headers).map_err(|source| self.no_headers(source))
    }

    fn no_headers(&self, source: serde_json::Error) -> RecordError {
        RecordError::Headers { id: self.id.clone(), source }
    }

    fn text(&self, headers: &mut Headers, name: &str) -> Result<Option<String>, RecordError> {
        let read = |raw: Box<RawValue>| serde_json::from_str(raw.get()).map_err(|source| self.no_headers(source));
        let text: Option<String> = headers.remove(name).map_or(Ok(None), read)?;
        if text.as_deref().is_some_and(hold_nul) { Err(self.attribute(name, WITHOUT_NUL)) } else { Ok(text) }
    }

    /// The own version, unless the writer said that readers of older ones understand it.
    fn readable_since(&self, headers: &mut Headers) -> Result<u32, RecordError> {
        let Some(raw) = headers.remove("readablesince") else { return Ok(self.event_version) };
        match raw.get().trim_matches('"').parse() {
            Ok(since) if (1..=self.event_version).contains(&since) => Ok(since),
            _ => Err(self.attribute("readablesince", "a version, and not above `eventversion`")),
        }
    }

    fn twin(&self, headers: &mut Headers) -> Result<Option<Twin>, RecordError> {
        let (id, versions) = (self.text(headers, "twin")?, self.text(headers, "twinversions")?);
        let since = self.text(headers, "twinreadablesince")?;
        let (Some(id), Some(versions)) = (&id, &versions) else {
            return match id.or(versions).or(since) {
                None => Ok(None),
                Some(_) => Err(self.attribute("twin", "there together with `twinversions`")),
            };
        };
        let twin = Twin::from_attributes(id, self.event_version, versions, since.as_deref());
        twin.map(Some)
            .ok_or_else(|| self.attribute("twinversions", "versions that rise and hold the own one, such as `1,2`"))
    }
}
