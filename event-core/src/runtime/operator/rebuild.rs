//! A consumer that begins again.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;
use tracing::warn;

use super::super::store::{Audit, Inbox, InboxTransaction, Marks, Origin, Restart, Sinks, StoreError, Streams};
use super::Operator;
use crate::audit::{Action, Entry};
use crate::clock::Timestamp;
use crate::envelope::Source;
use crate::id::EventId;
use crate::inbox::{Mark, Stream};
use crate::relay::Sink;
use crate::sequence::Sequence;
use crate::slot::Slot;

/// How often a rebuild is tried: batches that run may have locked the same marks in another order.
const TRIES: u32 = 10;

/// From where a consumer begins again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum StartAt {
    /// From the first event.
    #[default]
    Earliest,
    /// From the first event behind this position.
    After(Sequence),
    /// From the first event that was committed then or later: of an outbox in the same database.
    Time(Timestamp),
}

/// How a consumer begins again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rebuild {
    /// From where.
    pub start: StartAt,
    /// Begins with what is left where retention has dropped what came first.
    pub accept_missing: bool,
    /// Tells what it would do, and does nothing.
    pub dry_run: bool,
}

impl Rebuild {
    /// A rebuild from `start`.
    #[must_use]
    pub fn from(start: StartAt) -> Self {
        Self { start, ..Self::default() }
    }

    /// The same, with what is left where retention has dropped what came first.
    #[must_use]
    pub fn accept_missing(mut self, accept: bool) -> Self {
        self.accept_missing = accept;
        self
    }

    /// The same, or only what it would do.
    #[must_use]
    pub fn dry_run(mut self, dry: bool) -> Self {
        self.dry_run = dry;
        self
    }
}

/// What a rebuild did, or would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Rebuilt {
    /// Marks that were moved.
    pub marks: u64,
    /// Letters that were deleted, for their events come again.
    pub letters: u64,
    /// Ids that were forgotten.
    pub ids: u64,
    /// Whether the outbox in this database sends to a sink of the consumer's name, which was moved as well.
    pub follows: bool,
    /// Whether the outbox in this database is one of those that the consumer reads.
    pub has_outbox: bool,
}

/// Why a rebuild was not made: nothing has changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RebuildError {
    /// There is no such consumer here.
    #[error("no consumer `{0}` has a mark here")]
    NoSuchConsumer(String),
    /// Events that it would need are gone.
    #[error("retention has dropped events of slot {} up to sequence {kept}", slot.number())]
    Dropped {
        /// In this slot.
        slot: Slot,
        /// Up to here.
        kept: Sequence,
    },
    /// Only an outbox in the same database knows when its events were committed.
    #[error("when the events of `{0}` were committed is not known here")]
    NoTimes(Source),
    /// The store can't be reached.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is known of the outbox in the same database.
struct Ground {
    kept: BTreeMap<Slot, Sequence>,
    places: BTreeMap<Slot, Sequence>,
    follows: bool,
    own: BTreeSet<Source>,
}

impl<S> Operator<S>
where
    S: Inbox + Streams + Origin + Sinks,
    S::Transaction: Restart,
{
    /// Lets `consumer` begin again: its marks go back, and what it remembers of their sources is forgotten, all in one
    /// transaction under the locks of its marks. Where the outbox in the same database has a sink of its name
    /// (see [`follow`](crate::follow)), that one is moved as well; else events come by
    /// [`Consumer::refetch`](crate::Consumer::refetch) once the next one stands behind a gap.
    ///
    /// A batch that runs is finished first and then begins again like those before it; a later one begins at the new place.
    /// What handlers wrote into tables of the service stays: empty them first. Events of
    /// sources that give them no place on a stream, whom one would have to ask to send them again, are left alone.
    ///
    /// # Errors
    /// [`RebuildError`]: nothing has changed.
    ///
    /// # Cancel safety
    /// Dropping the future leaves all as it was, or rebuilt.
    pub async fn rebuild(&self, consumer: &str, rebuild: &Rebuild, reason: &str) -> Result<Rebuilt, RebuildError> {
        let mut tries = 1;
        loop {
            match self.rebuild_once(consumer, rebuild, reason).await {
                Err(RebuildError::Store(error)) if error.is_transient() && tries < TRIES => tries += 1,
                done => return done,
            }
        }
    }

    async fn rebuild_once(&self, consumer: &str, rebuild: &Rebuild, reason: &str) -> Result<Rebuilt, RebuildError> {
        let ground = self.look(consumer, rebuild).await?;
        let mut transaction = self.store.begin().await?;
        let marks = transaction.all_marks(consumer).await?;
        if marks.is_empty() {
            return Err(RebuildError::NoSuchConsumer(consumer.to_owned()));
        }
        let has_outbox = marks.iter().any(|(stream, _)| ground.is_own(stream));
        let mut done = Rebuilt { follows: ground.follows, has_outbox, ..Rebuilt::default() };
        let mut sources = BTreeSet::new();
        // Whatever still comes under the name of an earlier epoch is behind, and stays so.
        let newest: Vec<&Stream> =
            marks.iter().map(|(stream, _)| stream).filter(|stream| is_newest(stream, &marks)).collect();
        for stream in &newest {
            let start = ground.start(stream, rebuild)?;
            // No event of ours is known at that place, so the mark has no id.
            let mark = Mark::new(start, EventId::from(String::new()));
            transaction.move_mark(consumer, stream, &mark).await?;
            sources.insert(stream.source.clone());
        }
        done.marks = newest.len() as u64;
        for source in &sources {
            let forgotten = transaction.forget_source(consumer, source).await?;
            done.letters += forgotten.letters;
            done.ids += forgotten.ids;
        }
        if ground.follows {
            for slot in Slot::all() {
                transaction.rewind(&Sink::new(consumer), slot, ground.start_of(slot, rebuild)?).await?;
            }
        }
        if !rebuild.dry_run {
            let Rebuilt { marks, letters, ids, .. } = done;
            let reason = format!("{reason}: {marks} marks moved, {letters} letters deleted, {ids} ids forgotten");
            warn!(consumer, "rebuilt: {reason}");
            transaction.record(&Entry::new(Action::Rebuilt, consumer, reason).by(self.by.clone())).await?;
            transaction.commit().await?;
        }
        Ok(done)
    }

    async fn look(&self, consumer: &str, rebuild: &Rebuild) -> Result<Ground, StoreError> {
        let follows = self.store.sinks().await?.iter().any(|state| state.sink.as_str() == consumer);
        let mut ground = Ground { kept: BTreeMap::new(), places: BTreeMap::new(), follows, own: BTreeSet::new() };
        for slot in Slot::all() {
            ground.kept.insert(slot, self.store.kept(slot).await?);
        }
        if let StartAt::Time(time) = rebuild.start {
            ground.places = self.store.places(time).await?.into_iter().collect();
        }
        ground.own = self.store.own_sources(consumer).await?.into_iter().collect();
        Ok(ground)
    }
}

/// Whether no later epoch of the source has a mark on the same slot.
fn is_newest(stream: &Stream, marks: &[(Stream, Mark)]) -> bool {
    let origin = stream.source.without_epoch();
    !marks.iter().any(|(other, _)| {
        other.slot == stream.slot
            && other.source.epoch() > stream.source.epoch()
            && other.source.without_epoch() == origin
    })
}

impl Ground {
    fn is_own(&self, stream: &Stream) -> bool {
        // One that was given a name is known by the sink that the consumer follows.
        self.own.contains(&stream.source) || self.own.is_empty() && self.follows
    }

    fn start(&self, stream: &Stream, rebuild: &Rebuild) -> Result<Sequence, RebuildError> {
        match rebuild.start {
            _ if self.is_own(stream) => self.start_of(stream.slot, rebuild),
            StartAt::Earliest => Ok(Sequence::START),
            StartAt::After(position) => Ok(position),
            StartAt::Time(_) => Err(RebuildError::NoTimes(stream.source.clone())),
        }
    }

    /// Where a slot of the outbox in the same database begins.
    fn start_of(&self, slot: Slot, rebuild: &Rebuild) -> Result<Sequence, RebuildError> {
        let kept = self.kept.get(&slot).copied().unwrap_or_default();
        let start = match rebuild.start {
            StartAt::Earliest => Sequence::START,
            StartAt::After(position) => position,
            StartAt::Time(_) => self.places.get(&slot).copied().unwrap_or_default(),
        };
        if start >= kept || rebuild.accept_missing {
            Ok(start.max(kept))
        } else {
            Err(RebuildError::Dropped { slot, kept })
        }
    }
}
