//! A transport that keeps what is sent.

use std::sync::{Arc, Mutex, PoisonError};

use crate::envelope::Envelope;
use crate::runtime::{PublishError, Transport};

/// A transport that keeps what is sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Collect(Arc<Mutex<Vec<Envelope>>>);

impl Collect {
    pub(super) fn all(&self) -> Vec<Envelope> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn take(&self) -> Vec<Envelope> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Transport for Collect {
    async fn publish(&self, events: &[Envelope]) -> Result<(), PublishError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(events);
        Ok(())
    }
}
