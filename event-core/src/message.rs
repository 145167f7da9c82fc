//! What a consumer works on: an envelope whose `data` is still verbatim.

use thiserror::Error;

use crate::envelope::Envelope;
use crate::event::DomainEvent;
use crate::handler::HandlerError;
use crate::upcast::read;

/// An event on its way to a handler.
#[derive(Debug, Clone)]
pub struct Message {
    envelope: Envelope,
    read_as: u32,
    attempt: u32,
}

/// An envelope without `data`.
#[derive(Debug, Error)]
#[error("the event has no `data`")]
struct NoData;

/// An envelope whose data is elsewhere, in a consumer that doesn't know where.
#[derive(Debug, Error)]
#[error("the event has its data elsewhere, `dataref`; give this consumer the blob store: `Consumer::blobs`")]
struct DataElsewhere;

impl Message {
    /// The message of an envelope, on its first attempt.
    #[must_use]
    pub fn new(envelope: Envelope) -> Self {
        Self { read_as: envelope.event_version, envelope, attempt: 1 }
    }

    /// The envelope, as it came.
    #[must_use]
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// Which attempt this is, from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Reads the data as `E`, upcast from the version in which it was written.
    ///
    /// # Errors
    /// One of class [`Class::Schema`](crate::Class::Schema) when the data doesn't fit the version that the envelope names, or an upcaster refuses it.
    pub fn read<E: DomainEvent>(&self) -> Result<E, HandlerError> {
        let data = self.envelope.data.as_deref().ok_or_else(|| self.no_data())?;
        read(&self.envelope.event_type, self.read_as, data).map_err(HandlerError::schema)
    }

    fn no_data(&self) -> HandlerError {
        match self.envelope.reference() {
            Some(_) => HandlerError::permanent(DataElsewhere),
            None => HandlerError::schema(NoData),
        }
    }

    /// The same message for a reader of `version`, which the writer said understands it.
    #[cfg(feature = "runtime")]
    #[must_use]
    pub(crate) fn read_as(mut self, version: u32) -> Self {
        self.read_as = version;
        self
    }

    /// The same message on another attempt.
    #[cfg(feature = "runtime")]
    #[must_use]
    pub(crate) fn on_attempt(mut self, attempt: u32) -> Self {
        self.attempt = attempt;
        self
    }

    /// The envelope.
    #[must_use]
    pub fn into_envelope(self) -> Envelope {
        self.envelope
    }
}
