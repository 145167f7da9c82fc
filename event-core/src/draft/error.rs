//! Why an event was not enqueued.

use std::borrow::Cow;
use std::error::Error as StdError;

use thiserror::Error;

use crate::id::EventId;
use crate::write::Unwritable;

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
        attribute: Cow<'static, str>,
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
    /// An event with this id is in the outbox already. SQLite tells; PostgreSQL, whose outbox is partitioned, doesn't.
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
    pub(super) fn unwritable(event_type: &'static str, Unwritable { place, source }: Unwritable) -> Self {
        Self::Serialize { event_type, place, source }
    }

    /// The attribute must be as `reason` says.
    #[must_use]
    pub fn attribute(attribute: impl Into<Cow<'static, str>>, reason: &'static str) -> Self {
        Self::Attribute { attribute: attribute.into(), reason }
    }

    /// Whether an event with the same id is there already. Never on PostgreSQL, whose outbox is partitioned by time.
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
