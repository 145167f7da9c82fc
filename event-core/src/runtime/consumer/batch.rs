//! One transaction per batch of messages. One that fails is halved until the message that does it stands alone.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use thiserror::Error;
use tracing::warn;

use super::super::blob::Fetched;
use super::super::hooks::{EventRef, Happening};
use super::super::store::{Inbox, InboxTransaction, Marks, StoreError};
use super::blocked::Blocked;
use super::news::News;
use super::standings::{Course, Rules, Standings};
use super::{Consumer, ContextOf, Counts};
use crate::backlog::{Class, error_chain};
use crate::envelope::{Envelope, EnvelopeError};
use crate::handler::{HandlerError, Handlers};
use crate::inbox::Gap;

/// A message as it was read.
pub(super) type Reading = Result<Envelope, EnvelopeError>;

/// How often a message whose transaction gave way to another is tried at once.
const AT_ONCE: u32 = 3;

/// Whether the transport has given the messages at hand to another.
#[derive(Debug, Default)]
pub(super) struct Claim {
    lost: AtomicBool,
}

/// The transport has given a message to another, who may be at work on it.
#[derive(Debug, Error)]
#[error("the transport has given the messages to another; they took longer than it waits")]
struct ClaimLost;

impl Claim {
    pub(super) fn lose(&self) {
        self.lost.store(true, Ordering::Release);
    }

    pub(super) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }

    fn check(&self) -> Result<(), StoreError> {
        if self.is_lost() { Err(Self::lost()) } else { Ok(()) }
    }

    fn lost() -> StoreError {
        StoreError::transient("commit a batch", ClaimLost)
    }
}

/// What became of messages.
#[derive(Debug, Default)]
pub(super) struct Applied {
    /// Of each, whether it was taken.
    pub(super) taken: Vec<bool>,
    pub(super) counts: Counts,
    /// What the others wait for.
    pub(super) gaps: Vec<Gap>,
}

/// A batch at work.
pub(super) struct Work<T> {
    pub(super) transaction: T,
    pub(super) standings: Standings,
    pub(super) blocked: Blocked,
    pub(super) counts: Counts,
    pub(super) news: News,
    gaps: Vec<Gap>,
}

/// No version that the event is of can be read any more, or none that it was taken can be told.
#[derive(Debug, Error)]
#[error(
    "whether it was applied under an earlier epoch of `{0}` is not known any more: look in your own tables, then replay or \
     discard it"
)]
struct Unsure(crate::Source);

/// Another event was taken at the place of this one.
#[derive(Debug, Error)]
#[error("another event was taken at sequence {sequence} of {source_name}: was the producer's database restored?")]
struct HistoryRewritten {
    sequence: crate::Sequence,
    source_name: crate::Source,
}

impl<S, H> Consumer<S, H>
where
    S: Inbox,
    H: for<'c> Handlers<ContextOf<'c, S>> + 'static,
{
    /// Applies messages in one transaction; tells how many of them were taken, from the first on.
    ///
    /// Where the transaction fails its halves get one of their own, and a message whose transaction fails alone counts as
    /// failed: it is retried like any other, so it can't block those behind it. A message that waits for one before it on its
    /// stream isn't taken, and holds up no other stream.
    ///
    /// # Errors
    /// When the store can't be reached: nothing was taken.
    ///
    /// # Cancel safety
    /// Dropping the future rolls the batch back.
    pub async fn apply(&self, bodies: &[&[u8]]) -> Result<(usize, Counts), StoreError> {
        let applied = self.apply_found(bodies, read(bodies), &Claim::default()).await?;
        Ok((applied.taken.iter().take_while(|taken| **taken).count(), applied.counts))
    }

    /// Applies messages, and what they wait for if it can be had from elsewhere.
    pub(super) async fn apply_found(
        &self,
        bodies: &[&[u8]],
        readings: Vec<Reading>,
        claim: &Claim,
    ) -> Result<Applied, StoreError> {
        let mut applied = self.apply_halving(bodies, readings, claim, false).await?;
        let mut may_skip = false;
        while !applied.gaps.is_empty() && !claim.is_lost() && !may_skip {
            let closing = self.close(&applied.gaps, &mut applied.counts).await?;
            may_skip = !closing.found && closing.answered && self.gaps.skip_after.is_some();
            if !closing.found && !may_skip {
                break;
            }
            let waiting: Vec<usize> = (0..bodies.len()).filter(|at| applied.taken.get(*at) == Some(&false)).collect();
            let again: Vec<&[u8]> = waiting.iter().filter_map(|at| bodies.get(*at).copied()).collect();
            let more = self.apply_halving(&again, read(&again), claim, may_skip).await?;
            for (at, taken) in waiting.into_iter().zip(&more.taken) {
                if let Some(place) = applied.taken.get_mut(at) {
                    *place = *taken;
                }
            }
            applied.counts.gaps = 0;
            applied.counts += more.counts;
            applied.gaps = more.gaps;
        }
        Ok(applied)
    }

    /// Applies messages as they are.
    pub(super) async fn apply_halving(
        &self,
        bodies: &[&[u8]],
        readings: Vec<Reading>,
        claim: &Claim,
        may_skip: bool,
    ) -> Result<Applied, StoreError> {
        let fetched = self.fetch(&readings).await;
        let mut all = Applied { taken: vec![false; bodies.len()], ..Applied::default() };
        let (mut first, mut done) = (Some(readings), 0);
        // The parts that are left, the next one last.
        let mut parts = Vec::new();
        parts.push(0..bodies.len());
        while let Some(part) = parts.pop() {
            let Some(some) = bodies.get(part.clone()) else { continue };
            let readings = first.take().unwrap_or_else(|| read(some));
            match self.apply_part(some, readings, &fetched, (claim, may_skip)).await {
                Ok(applied) => {
                    done = part.end;
                    all.take_in(&part, applied);
                }
                Err(Failed::RolledBack(_)) if done == 0 && claim.is_lost() => return Err(Claim::lost()),
                Err(Failed::NotBegun(error)) if done == 0 => return Err(error),
                Err(_) if claim.is_lost() => break,
                Err(Failed::NotBegun(error)) => {
                    warn!(consumer = self.name, cause = ?error_chain(&error), "the rest of a batch comes again");
                    break;
                }
                Err(Failed::RolledBack(error)) => {
                    warn!(consumer = self.name, events = part.len(), cause = ?error_chain(&error), "a batch failed; trying its halves");
                    parts.extend(halves(part));
                }
            }
        }
        Ok(all)
    }

    /// Applies a part of a batch in one transaction. A single message whose transaction fails is set aside.
    async fn apply_part(
        &self,
        bodies: &[&[u8]],
        readings: Vec<Reading>,
        fetched: &Fetched,
        (claim, may_skip): (&Claim, bool),
    ) -> Result<Applied, Failed> {
        let (mut readings, mut left) = (Some(readings), AT_ONCE);
        loop {
            left -= 1;
            let transaction = self.store.begin().await.map_err(Failed::NotBegun)?;
            let readings = readings.take().unwrap_or_else(|| read(bodies));
            let applied = self.apply_in(transaction, bodies, readings, (fetched, None), (claim, may_skip)).await;
            let (error, body) = match (applied, bodies) {
                (Err(error), [body]) if !claim.is_lost() => (error, body),
                (done, _) => return done.map_err(Failed::RolledBack),
            };
            // A deadlock is nobody's fault.
            if error.is_transient() && left > 0 {
                continue;
            }
            let transaction = self.store.begin().await.map_err(Failed::NotBegun)?;
            let failed = (fetched, Some(HandlerError::transient(error)));
            let set_aside = self.apply_in(transaction, bodies, read(&[body]), failed, (claim, may_skip)).await;
            return set_aside.map_err(Failed::NotBegun);
        }
    }

    /// Applies messages in a transaction; a first one that has failed already is only set aside.
    async fn apply_in(
        &self,
        mut transaction: S::Transaction,
        bodies: &[&[u8]],
        readings: Vec<Reading>,
        (fetched, mut failed): (&Fetched, Option<HandlerError>),
        (claim, may_skip): (&Claim, bool),
    ) -> Result<Applied, StoreError> {
        let envelopes = || readings.iter().filter_map(|reading| reading.as_ref().ok());
        let standings = Standings::begin(&mut transaction, self.rules(may_skip), envelopes()).await?;
        let blocked = Blocked::look(&mut transaction, self.name, &self.registry, envelopes()).await?;
        let (counts, news) = (Counts::default(), self.news());
        let mut work = Work { transaction, standings, blocked, counts, news, gaps: Vec::new() };
        let mut taken = Vec::with_capacity(bodies.len());
        for (body, reading) in bodies.iter().zip(readings) {
            taken.push(self.take_one(&mut work, body, reading, (fetched, failed.take())).await?);
        }
        let Work { mut transaction, mut standings, counts, mut news, gaps, .. } = work;
        news.add(std::mem::take(&mut standings.happenings));
        standings.write(&mut transaction).await?;
        claim.check()?;
        transaction.commit().await?;
        self.committed(news, bodies.len());
        Ok(Applied { taken, counts, gaps })
    }

    /// Takes a message, unless one before it on its stream is missing.
    async fn take_one(
        &self,
        work: &mut Work<S::Transaction>,
        body: &[u8],
        reading: Reading,
        fetched: (&Fetched, Option<HandlerError>),
    ) -> Result<bool, StoreError> {
        let envelope = match reading {
            Ok(envelope) => envelope,
            Err(error) => return self.take_malformed(work, body, &error).await,
        };
        match work.standings.course(&mut work.transaction, &envelope).await? {
            Course::Duplicate => work.duplicate(&envelope),
            Course::Wait(gap) => {
                work.counts.gaps += 1;
                work.gaps.push(gap);
                return Ok(false);
            }
            Course::Rewritten => self.take_rewritten(work, body, envelope).await?,
            Course::Unsure(source) => {
                self.bury(work, body, envelope, &Unsure(source), Class::Permanent).await?;
            }
            Course::Take { begins } => self.deliver(work, body, (envelope, begins), fetched).await?,
        }
        Ok(true)
    }

    /// An event whose place another one has taken is neither applied nor lost.
    async fn take_rewritten(
        &self,
        work: &mut Work<S::Transaction>,
        body: &[u8],
        envelope: Envelope,
    ) -> Result<(), StoreError> {
        if !work.transaction.remember(self.name, &envelope.source.without_epoch(), &envelope.id).await? {
            work.duplicate(&envelope);
            return Ok(());
        }
        if let Some(twin) = &envelope.twin
            && !self.takes(&mut work.transaction, &envelope, twin, false).await?
        {
            work.duplicate(&envelope);
            return Ok(());
        }
        let sequence = envelope.sequence.unwrap_or_default();
        let rewritten = HistoryRewritten { sequence, source_name: envelope.source.clone() };
        self.bury(work, body, envelope, &rewritten, Class::Permanent).await
    }

    fn rules(&self, may_skip: bool) -> Rules {
        Rules {
            consumer: self.name,
            first: self.first_contact.unwrap_or_default(),
            gaps: self.gaps,
            keeps_ids: !self.history.is_zero(),
            ordered: self.ordered,
            may_skip,
            now: self.store.now(),
        }
    }
}

impl<T> Work<T> {
    pub(super) fn duplicate(&mut self, envelope: &Envelope) {
        self.counts.duplicates += 1;
        self.news.tell(|| Happening::Duplicate { event: EventRef::of(envelope) });
    }
}

/// Why a part of a batch was not applied.
enum Failed {
    /// The store can't be reached.
    NotBegun(StoreError),
    /// The transaction failed.
    RolledBack(StoreError),
}

impl Applied {
    fn take_in(&mut self, part: &Range<usize>, applied: Applied) {
        for (at, taken) in part.clone().zip(applied.taken) {
            if let Some(place) = self.taken.get_mut(at) {
                *place = taken;
            }
        }
        self.counts += applied.counts;
        self.gaps.extend(applied.gaps);
    }
}

/// Reads messages.
pub(super) fn read(bodies: &[&[u8]]) -> Vec<Reading> {
    bodies.iter().map(|body| Envelope::from_json(body)).collect()
}

/// The halves of a part, the first one last.
fn halves(part: Range<usize>) -> [Range<usize>; 2] {
    let middle = part.start + part.len().div_ceil(2);
    [middle..part.end, part.start..middle]
}

#[cfg(test)]
mod tests {
    use super::halves;

    #[test]
    fn halves_are_the_whole_and_neither_is_empty() {
        assert_eq!(halves(0..2), [1..2, 0..1]);
        assert_eq!(halves(3..10), [7..10, 3..7]);
    }
}
