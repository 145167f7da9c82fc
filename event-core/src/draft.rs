//! What is inserted into an outbox: an event with its metadata, serialised once.

mod content;
mod error;
mod metadata;
mod row;

pub use content::Content;
pub use error::EnqueueError;
pub use metadata::{ExtensionValue, Metadata};
pub(crate) use metadata::{RESERVED, YEARS};
pub use row::OutboxRow;

use crate::characters;
use crate::clock::{Clock, Timestamp};
use crate::event::Publish;
use crate::id::EventId;

/// How many bytes the `data` of an event may have, unless the store is told otherwise: 1 MiB.
pub const DEFAULT_MAX_DATA_BYTES: usize = 1024 * 1024;

/// An event that is ready for an outbox: serialised, with an id and a time.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Draft {
    /// The id, the same on every delivery.
    pub id: EventId,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// What the event belongs to.
    pub metadata: Metadata,
    /// What is written, in the event's own version.
    pub content: Content,
    /// The same event in an older version, which is written beside it: that of `also`. It has an id of its own.
    pub twin: Option<(EventId, Content)>,
}

impl Draft {
    /// Serialises `event`, in one pass; with `also`, the older version as well.
    ///
    /// # Errors
    /// When serde can't write the event, a float in it is NaN or infinite, its key is empty or has a control character, or
    /// its data has more than `max_data_bytes`.
    pub fn new<E: Publish>(event: &E, clock: &dyn Clock, max_data_bytes: usize) -> Result<Self, EnqueueError> {
        let content = Content::new(event, event.__write())?;
        let twin = event.__also().transpose()?.map(|content| (EventId::generate(clock), content));
        let (id, occurred_at) = (EventId::generate(clock), clock.now());
        let draft = Self { id, occurred_at, metadata: Metadata::default(), content, twin };
        draft.check_size(max_data_bytes).map(|()| draft)
    }

    /// Whether the data has at most `max_data_bytes`.
    ///
    /// # Errors
    /// When it has more.
    pub fn check_size(&self, max_data_bytes: usize) -> Result<(), EnqueueError> {
        self.contents().try_for_each(|content| content.check_size(max_data_bytes))
    }

    /// Whether CloudEvents can have its id, its time and its extension attributes.
    ///
    /// # Errors
    /// When it can't: no consumer could read the event.
    pub fn check_attributes(&self) -> Result<(), EnqueueError> {
        if self.id.as_str().is_empty() {
            return Err(EnqueueError::attribute("id", "a non-empty string"));
        }
        if !self.occurred_at.is_rfc_3339() {
            return Err(EnqueueError::attribute("time", YEARS));
        }
        if !characters::are_lawful(self.id.as_str()) {
            return Err(EnqueueError::attribute("id", characters::LAWFUL));
        }
        self.metadata.check()
    }

    /// Adds an extension attribute to the event.
    ///
    /// # Errors
    /// When CloudEvents doesn't allow the name or a character of the value, or the name is one of the envelope's own.
    pub fn add_extension(&mut self, name: &str, value: ExtensionValue) -> Result<(), EnqueueError> {
        self.metadata.add_extension(name, value)
    }

    fn contents(&self) -> impl Iterator<Item = &Content> {
        [&self.content].into_iter().chain(self.twin.iter().map(|(_, content)| content))
    }
}
