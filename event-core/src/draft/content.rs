//! An event as it is written: its version and its data.

use serde_json::value::RawValue;

use super::EnqueueError;
use crate::characters;
use crate::deprecation::Deprecation;
use crate::envelope::MAX_LENGTH;
use crate::event::DomainEvent;
use crate::key::EventKey;
use crate::write::Unwritable;

/// One version of an event, serialised.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Content {
    /// The wire type.
    pub event_type: &'static str,
    /// The version.
    pub event_version: u32,
    /// The oldest version whose reader understands the data.
    pub readable_since: u32,
    /// What is said about the end of the version, if it is deprecated.
    pub deprecation: Option<Deprecation>,
    /// The aggregate.
    pub aggregate: &'static str,
    /// The key, if the event has one.
    pub key: Option<EventKey>,
    /// The payload as it will stand on the wire.
    pub data: Box<RawValue>,
}

impl Content {
    /// What is written of `event`, whose data serde wrote or not.
    pub(crate) fn new<E: DomainEvent>(
        event: &E,
        data: Result<Box<RawValue>, Unwritable>,
    ) -> Result<Self, EnqueueError> {
        let event_type = E::EVENT_TYPE;
        let data = data.map_err(|error| EnqueueError::unwritable(event_type, error))?;
        let key = event.event_key();
        match key.as_ref().map(EventKey::as_str) {
            Some("") => return Err(EnqueueError::EmptyKey { event_type }),
            Some(key) if key.len() > MAX_LENGTH || E::AGGREGATE.len() > MAX_LENGTH / 4 => {
                return Err(EnqueueError::attribute(
                    "subject",
                    "a key of at most 1024 bytes, so that it fits into an index",
                ));
            }
            Some(key) if !characters::are_lawful(key) => {
                return Err(EnqueueError::attribute("subject", characters::LAWFUL));
            }
            _ => {}
        }
        Ok(Self {
            event_type,
            event_version: E::EVENT_VERSION,
            readable_since: E::READABLE_SINCE,
            deprecation: E::DEPRECATION,
            aggregate: E::AGGREGATE,
            key,
            data,
        })
    }

    pub(super) fn check_size(&self, max_data_bytes: usize) -> Result<(), EnqueueError> {
        let (event_type, size, limit) = (self.event_type, self.data.get().len(), max_data_bytes);
        if size > limit { Err(EnqueueError::TooLarge { event_type, size, limit }) } else { Ok(()) }
    }
}
