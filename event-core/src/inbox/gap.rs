//! What to do while events between a mark and the one that came are missing.

use std::time::Duration;

use super::Stream;
use crate::clock::Timestamp;
use crate::id::EventId;
use crate::sequence::Sequence;

/// Events between a mark and the one that came are missing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gap {
    /// Where.
    pub stream: Stream,
    /// The mark: what came after it is missing …
    pub after: Sequence,
    /// … up to this one, which was sent before the event that came.
    pub previous: Sequence,
    /// The place of the event that came.
    pub sequence: Sequence,
    /// The id of the event that came.
    pub event_id: EventId,
}

impl Gap {
    /// What is missing between `after` and `previous`, before the event `event_id` at `sequence`.
    #[must_use]
    pub fn new(stream: Stream, after: Sequence, previous: Sequence, sequence: Sequence, event_id: EventId) -> Self {
        Self { stream, after, previous, sequence, event_id }
    }
}

/// A gap that a consumer waits at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenGap {
    /// Who waits.
    pub consumer: String,
    /// For what.
    pub gap: Gap,
    /// When an event waited there first.
    pub since: Timestamp,
    /// When one waited there last: a consumer that runs looks again and again.
    pub seen_at: Timestamp,
}

impl OpenGap {
    /// A gap of `consumer`.
    #[must_use]
    pub fn new(consumer: impl Into<String>, gap: Gap, since: Timestamp, seen_at: Timestamp) -> Self {
        Self { consumer: consumer.into(), gap, since, seen_at }
    }
}

/// For how long a consumer waits for events that are missing. It refetches them where it can; where it can't, or they are
/// nowhere to be found, it waits for ever unless it is told to skip them, which is audited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct GapPolicy {
    /// Skips what is missing after this long.
    pub skip_after: Option<Duration>,
}

impl GapPolicy {
    /// Waits until the events come, or somebody skips them.
    #[must_use]
    pub const fn wait() -> Self {
        Self { skip_after: None }
    }

    /// Skips what is missing after this long: only where a lost event is better than a late one.
    #[must_use]
    pub const fn skip_after(wait: Duration) -> Self {
        Self { skip_after: Some(wait) }
    }

    /// Whether what is missing since then is skipped now.
    #[must_use]
    pub fn skips(&self, since: Timestamp, now: Timestamp) -> bool {
        self.skip_after.is_some_and(|wait| since + wait <= now)
    }
}
