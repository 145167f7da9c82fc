//! What a test bench could not do.

use std::error::Error;

use thiserror::Error as ThisError;

use crate::runtime::StoreError;

/// What a test bench could not do.
#[derive(Debug, ThisError)]
#[error("cannot {action}")]
pub struct KitError {
    action: &'static str,
    source: Box<dyn Error + Send + Sync>,
}

impl KitError {
    pub(super) fn new(action: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { action, source: source.into() }
    }

    pub(super) fn store(source: StoreError) -> Self {
        Self::new("use the store", source)
    }
}
