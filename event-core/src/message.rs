//! What a consumer works on: an envelope whose `data` is still verbatim.

use serde_json::value::RawValue;

use crate::event::DomainEvent;
use crate::handler::HandlerError;
use crate::upcast::read;

/// placeholder
#[derive(Debug)]
pub struct Message {
    event_type: String,
    event_version: u32,
    data: Box<RawValue>,
}

impl Message {
    /// Reads the data as `E`, upcast from the version in which it was written.
    ///
    /// # Errors
    /// A permanent one when the data doesn't fit.
    pub fn read<E: DomainEvent>(&self) -> Result<E, HandlerError> {
        read(&self.event_type, self.event_version, &self.data).map_err(HandlerError::permanent)
    }
}
