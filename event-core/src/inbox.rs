//! Whether an event was handled already: by the mark of its stream, or by its id.

mod gap;
mod history;
mod passage;

pub use gap::{Gap, GapPolicy, OpenGap};
pub use history::{Kept, Past, RECENT, digests};
pub use passage::{Passage, passages};

use crate::envelope::{Envelope, Source};
use crate::id::EventId;
use crate::sequence::Sequence;
use crate::slot::Slot;

/// How far a consumer has come on a stream: everything up to here is applied, or set aside in its backlog.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mark {
    /// The sequence of the last event that was taken.
    pub sequence: Sequence,
    /// The id of that event.
    pub event_id: EventId,
    /// Up to there the stream's events may have been taken under another epoch of its source: each is looked up.
    pub overlap: Option<Sequence>,
    /// The ids of the last events that were taken, those behind `recent_after`, as [`digests`] makes them.
    pub recent: Vec<u8>,
    /// Where `recent` begins. What came before is in the history.
    pub recent_after: Sequence,
}

impl Mark {
    /// The mark of an event.
    #[must_use]
    pub fn new(sequence: Sequence, event_id: EventId) -> Self {
        Self { sequence, event_id, overlap: None, recent: Vec::new(), recent_after: sequence }
    }

    /// Moves behind an event, whose id is kept by [`Mark::keep`].
    pub(crate) fn pass(&mut self, sequence: Sequence, event_id: EventId) {
        (self.sequence, self.event_id) = (sequence, event_id);
    }

    /// Keeps the ids of the events that were passed since the mark stood at `before`. Tells what goes into the history for that,
    /// if there are many by now.
    #[cfg(feature = "runtime")]
    pub(crate) fn keep(&mut self, before: Sequence, ids: &[EventId]) -> Option<Kept> {
        let ids = digests(ids);
        if self.recent.is_empty() {
            (self.recent, self.recent_after) = (ids, before);
            return None;
        }
        if self.recent.len() < RECENT {
            self.recent.extend(ids);
            return None;
        }
        let full = Kept { after: self.recent_after, upto: before, ids: std::mem::replace(&mut self.recent, ids) };
        self.recent_after = before;
        Some(full)
    }

    /// Forgets the ids of all events that were passed.
    #[cfg(feature = "runtime")]
    pub(crate) fn keep_nothing(&mut self) {
        self.recent.clear();
        self.recent_after = self.sequence;
    }
}

/// What a consumer keeps a mark for: one slot of one source.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Stream {
    /// The outbox that the events come from.
    pub source: Source,
    /// The slot within the outbox.
    pub slot: Slot,
}

impl Stream {
    /// The stream of a slot of a source.
    #[must_use]
    pub fn new(source: Source, slot: Slot) -> Self {
        Self { source, slot }
    }
}

/// How an event is recognised when it comes again.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Identity {
    /// By its place on a stream, without a time window.
    Place {
        /// The stream.
        stream: Stream,
        /// Its place.
        sequence: Sequence,
        /// The place of the event before it.
        previous: Sequence,
    },
    /// By its source and id, for as long as the inbox is kept.
    Id,
}

impl Identity {
    /// How `envelope` is recognised.
    #[must_use]
    pub fn of(envelope: &Envelope) -> Self {
        match (envelope.sequence, envelope.previous) {
            (Some(sequence), Some(previous)) => {
                let stream = Stream::new(envelope.source.clone(), envelope.slot());
                Self::Place { stream, sequence, previous }
            }
            _ => Self::Id,
        }
    }
}

/// How an event stands to the mark of its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// It is the next one: take it.
    Next,
    /// It was taken before.
    Duplicate,
    /// Another event was taken at this very place: the producer's history was rewritten.
    Rewritten,
    /// Events between the mark and this one have not arrived.
    Gap,
}

/// What a consumer takes from a stream on which it has no mark yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum FirstContact {
    /// The stream from its first event on: an event that comes after others is a gap.
    #[default]
    Earliest,
    /// The stream from the first event that arrives. Only for transports that never skip an event of a stream.
    Latest,
    /// The stream from the first event behind this position on.
    After(Sequence),
}

/// How an event at `sequence` after `previous` stands to `mark`.
///
/// ```
/// use event_core::{FirstContact, Mark, Sequence, Standing, standing};
///
/// let mark = Mark::new(Sequence::new(7), "a".into());
/// let at = |mark, sequence, previous, first| {
///     standing(mark, Sequence::new(sequence), Sequence::new(previous), &"b".into(), first)
/// };
/// assert_eq!(at(Some(&mark), 9, 7, FirstContact::Earliest), Standing::Next);
/// assert_eq!(at(Some(&mark), 9, 8, FirstContact::Latest), Standing::Gap);
/// assert_eq!(at(Some(&mark), 6, 5, FirstContact::Earliest), Standing::Duplicate);
/// assert_eq!(at(Some(&mark), 7, 6, FirstContact::Earliest), Standing::Rewritten);
/// assert_eq!(at(None, 9, 8, FirstContact::Earliest), Standing::Gap);
/// assert_eq!(at(None, 9, 8, FirstContact::Latest), Standing::Next);
/// assert_eq!(at(None, 9, 8, FirstContact::After(Sequence::new(8))), Standing::Next);
/// assert_eq!(at(None, 9, 8, FirstContact::After(Sequence::new(9))), Standing::Duplicate);
/// ```
#[must_use]
pub fn standing(
    mark: Option<&Mark>,
    sequence: Sequence,
    previous: Sequence,
    id: &EventId,
    first: FirstContact,
) -> Standing {
    let Some(mark) = mark else {
        return match first {
            FirstContact::Latest => Standing::Next,
            FirstContact::After(position) if sequence <= position => Standing::Duplicate,
            FirstContact::After(position) if previous <= position => Standing::Next,
            FirstContact::Earliest if previous == Sequence::START => Standing::Next,
            FirstContact::Earliest | FirstContact::After(_) => Standing::Gap,
        };
    };
    // A mark that was set by hand, past a gap for instance, has no id.
    if sequence == mark.sequence && *id != mark.event_id && !mark.event_id.as_str().is_empty() {
        Standing::Rewritten
    } else if sequence <= mark.sequence {
        Standing::Duplicate
    } else if previous <= mark.sequence {
        Standing::Next
    } else {
        Standing::Gap
    }
}
