//! What the loops need of a store. Adapters implement these; users call none of them.

mod gauges;
mod inbox;
mod letters;
mod marks;
mod outbox;
mod streams;

use std::error::Error as StdError;

use thiserror::Error;

pub use gauges::Gauges;
pub use inbox::{Audit, Backlog, Inbox, InboxTransaction, NewLetter, Savepoint};
pub use letters::Letters;
pub use marks::{Epochs, Gaps, Marks};
pub use outbox::{Origin, Outbox, Sinks};
pub use streams::{Forgotten, Restart, Streams};

/// What a store could not do.
#[derive(Debug, Error)]
#[error("cannot {action}")]
#[non_exhaustive]
pub struct StoreError {
    action: &'static str,
    transient: bool,
    source: Box<dyn StdError + Send + Sync>,
}

impl StoreError {
    /// A failure that may be gone on the next try: a lost connection, a lock that was not got.
    pub fn transient(action: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { action, transient: true, source: source.into() }
    }

    /// A failure that stays until somebody mends the database: a missing table, a full disk.
    pub fn permanent(action: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { action, transient: false, source: source.into() }
    }

    /// Whether trying again can help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.transient
    }
}
