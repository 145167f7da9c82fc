//! How the events of a batch stand to the marks of their streams.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;
use tracing::{error, warn};

use super::super::hooks::Happening;
use super::super::store::{InboxTransaction, StoreError};
use crate::audit::{Action, Entry};
use crate::clock::Timestamp;
use crate::envelope::{Envelope, Source};
use crate::id::EventId;
use crate::inbox::{FirstContact, Gap, GapPolicy, Identity, Mark, Past, Standing, Stream, passages, standing};
use crate::sequence::Sequence;

/// Every event of a stream.
const ALL: Sequence = Sequence::new(u64::MAX);

/// What a consumer does with marks, whatever the batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) consumer: &'static str,
    pub(super) first: FirstContact,
    pub(super) gaps: GapPolicy,
    /// Whether ids are kept, for the case that the producer's database is restored.
    pub(super) keeps_ids: bool,
    /// Whether the transport keeps the order of a stream.
    pub(super) ordered: bool,
    /// Whether it is known that what is missing can't be had from elsewhere.
    pub(super) may_skip: bool,
    pub(super) now: Timestamp,
}

/// What becomes of an event, by its place or its id.
#[derive(Debug)]
pub(super) enum Course {
    /// It is taken; whether its stream began with it.
    Take { begins: bool },
    /// It was taken before.
    Duplicate,
    /// Others before it have not come.
    Wait(Gap),
    /// Another event was taken at its place.
    Rewritten,
    /// It may have been taken under an earlier epoch, and nobody knows any more.
    Unsure(Source),
}

/// The marks that a batch has read, and those that it has moved.
pub(super) struct Standings {
    rules: Rules,
    advanced: BTreeSet<Stream>,
    known: BTreeMap<Stream, Known>,
    /// What is told once it is committed.
    pub(super) happenings: Vec<Happening>,
}

/// What is known of a stream that was looked at.
#[derive(Default)]
struct Known {
    mark: Option<Mark>,
    others: Vec<(Stream, Mark)>,
    /// Where the mark stood before this batch, and the ids of the events that it has passed since.
    passed: Option<(Sequence, Vec<EventId>)>,
}

/// Events were taken that the producer no longer has.
#[derive(Debug, Error)]
#[error(
    "`{new}` is a new epoch of `{old}`: the producer's database was restored or failed over; events up to sequence {sequence} \
     of slot {slot} were taken before, those that come again are recognised, and those that don't are lost to the producer"
)]
struct EpochBegun {
    new: Source,
    old: Source,
    slot: u8,
    sequence: Sequence,
}

impl Standings {
    /// Takes those streams whose events follow their marks, at once, and locks the marks of the others: what is read from here on
    /// is not changed meanwhile by another process that takes the same streams.
    pub(super) async fn begin<T: InboxTransaction>(
        transaction: &mut T,
        rules: Rules,
        envelopes: impl IntoIterator<Item = &Envelope>,
    ) -> Result<Self, StoreError> {
        let mut standings = Self { rules, advanced: BTreeSet::new(), known: BTreeMap::new(), happenings: Vec::new() };
        if !rules.ordered {
            return Ok(standings);
        }
        let envelopes: Vec<&Envelope> = envelopes.into_iter().collect();
        let streams: BTreeSet<Stream> = envelopes.iter().filter_map(|envelope| placed(envelope)).collect();
        let mut passages = passages(envelopes);
        // Of several epochs of a slot each event is looked at in its turn.
        passages.retain(|passage| !streams.iter().any(|other| are_epochs(other, &passage.stream)));
        if !rules.keeps_ids {
            passages.iter_mut().for_each(|passage| passage.ids.clear());
        }
        if !passages.is_empty() {
            let taken = transaction.advance(rules.consumer, &passages).await?;
            let moved = passages.into_iter().zip(taken).filter(|(_, taken)| *taken);
            standings.advanced.extend(moved.map(|(passage, _)| passage.stream));
        }
        for stream in streams {
            if !standings.advanced.contains(&stream) {
                let known = standings.look(transaction, &stream).await?;
                standings.known.insert(stream, known);
            }
        }
        Ok(standings)
    }

    /// What becomes of an event. One that is taken is passed by the mark.
    pub(super) async fn course<T: InboxTransaction>(
        &mut self,
        transaction: &mut T,
        envelope: &Envelope,
    ) -> Result<Course, StoreError> {
        let place = match Identity::of(envelope) {
            Identity::Place { stream, sequence, previous } if self.rules.ordered => (stream, sequence, previous),
            _ => return self.course_by_id(transaction, envelope).await,
        };
        let (stream, sequence, previous) = place;
        if self.advanced.contains(&stream) {
            return Ok(Course::Take { begins: false });
        }
        self.write_other_epochs(transaction, &stream).await?;
        if !self.known.contains_key(&stream) {
            let known = self.look(transaction, &stream).await?;
            self.known.insert(stream.clone(), known);
        }
        let Some(known) = self.known.get_mut(&stream) else { return Ok(Course::Duplicate) };
        let begins = known.mark.is_none();
        // A new epoch gives positions anew.
        let first = match self.rules.first {
            FirstContact::After(_) if !known.others.is_empty() => FirstContact::Earliest,
            first => first,
        };
        let stands = |known: &Known| standing(known.mark.as_ref(), sequence, previous, &envelope.id, first);
        let mut stand = stands(known);
        if stand == Standing::Gap {
            let after = known.mark.as_ref().map_or(Sequence::START, |mark| mark.sequence);
            let gap = Gap::new(stream, after, previous, sequence, envelope.id.clone());
            if !skips(transaction, &self.rules, &gap, &mut self.happenings).await? {
                return Ok(Course::Wait(gap));
            }
            known.skip_to(previous);
            stand = stands(known);
        }
        match stand {
            Standing::Duplicate => Ok(Course::Duplicate),
            Standing::Rewritten => Ok(Course::Rewritten),
            Standing::Next | Standing::Gap => {
                let past = known.past(transaction, self.rules.consumer, sequence, &envelope.id).await?;
                known.pass(previous, sequence, &envelope.id);
                Ok(match past {
                    Past::NotTaken => Course::Take { begins },
                    Past::Taken => Course::Duplicate,
                    Past::Forgotten => Course::Unsure(envelope.source.clone()),
                })
            }
        }
    }

    /// An event without a place is known by its id, whatever the epoch of its source.
    async fn course_by_id<T: InboxTransaction>(
        &self,
        transaction: &mut T,
        envelope: &Envelope,
    ) -> Result<Course, StoreError> {
        let source = envelope.source.without_epoch();
        let new = transaction.remember(self.rules.consumer, &source, &envelope.id).await?;
        Ok(if new { Course::Take { begins: false } } else { Course::Duplicate })
    }

    async fn look<T: InboxTransaction>(&mut self, transaction: &mut T, stream: &Stream) -> Result<Known, StoreError> {
        let consumer = self.rules.consumer;
        let mark = transaction.mark(consumer, stream).await?;
        if mark.as_ref().is_some_and(|mark| mark.overlap.is_none()) {
            return Ok(Known { mark, ..Known::default() });
        }
        if mark.is_none() {
            // Of two processes that meet two epochs of a source for the first time one waits here for the other.
            let first = Stream::new(Source::from(format!("epochs of {}", stream.source.without_epoch())), stream.slot);
            transaction.mark(consumer, &first).await?;
        }
        let mut others = transaction.other_epochs(consumer, stream).await?;
        if mark.is_none() && !others.is_empty() {
            self.tell_epoch(transaction, stream, &others).await?;
            for (other, mark) in others.iter_mut().filter(|(_, mark)| mark.overlap != Some(ALL)) {
                // What still comes under the old name may have been taken under the new one.
                mark.overlap = Some(ALL);
                transaction.move_mark(consumer, other, mark).await?;
            }
        }
        Ok(Known { mark, others, passed: None })
    }

    /// A new epoch of a source that is known is an alarm: once for each.
    async fn tell_epoch<T: InboxTransaction>(
        &mut self,
        transaction: &mut T,
        stream: &Stream,
        others: &[(Stream, Mark)],
    ) -> Result<(), StoreError> {
        let Some((other, mark)) = others.iter().max_by_key(|(_, mark)| mark.sequence) else { return Ok(()) };
        let note = EventId::from(format!("epoch {}", stream.source));
        if !transaction.remember(self.rules.consumer, &stream.source.without_epoch(), &note).await? {
            return Ok(());
        }
        let begun = EpochBegun {
            new: stream.source.clone(),
            old: other.source.clone(),
            slot: stream.slot.number(),
            sequence: mark.sequence,
        };
        error!(consumer = self.rules.consumer, "{begun}");
        self.happenings.push(Happening::EpochBegun { old: begun.old.clone(), new: begun.new.clone() });
        transaction.record(&Entry::new(Action::EpochBegun, self.rules.consumer, begun.to_string())).await
    }

    /// What this batch has taken under another epoch of the source is looked up in the store, so it is written first.
    async fn write_other_epochs<T: InboxTransaction>(
        &mut self,
        transaction: &mut T,
        stream: &Stream,
    ) -> Result<(), StoreError> {
        let others: Vec<Stream> = self.known.keys().filter(|other| are_epochs(other, stream)).cloned().collect();
        for other in others {
            if let Some(known) = self.known.remove(&other) {
                known.write(transaction, &self.rules, &other).await?;
                // What was read of them before isn't so any more.
                self.known.remove(stream);
            }
        }
        Ok(())
    }

    /// Moves the marks of the streams that were looked at.
    pub(super) async fn write<T: InboxTransaction>(self, transaction: &mut T) -> Result<(), StoreError> {
        for (stream, known) in self.known {
            known.write(transaction, &self.rules, &stream).await?;
        }
        Ok(())
    }
}

impl Known {
    /// Moves the mark, if an event was taken.
    async fn write<T: InboxTransaction>(
        self,
        transaction: &mut T,
        rules: &Rules,
        stream: &Stream,
    ) -> Result<(), StoreError> {
        let (Some(mut mark), Some((before, ids))) = (self.mark, self.passed) else { return Ok(()) };
        if !rules.keeps_ids {
            mark.keep_nothing();
        } else if let Some(kept) = mark.keep(before, &ids) {
            transaction.keep(rules.consumer, stream, &kept).await?;
        }
        // Of a stream without other epochs nothing is ever looked up.
        mark.overlap = self.others.iter().map(|(_, other)| other.sequence).chain(mark.overlap).max();
        transaction.move_mark(rules.consumer, stream, &mark).await?;
        for (other, mut other_mark) in self.others {
            if other_mark.overlap < Some(mark.sequence) {
                other_mark.overlap = Some(mark.sequence);
                transaction.move_mark(rules.consumer, &other, &other_mark).await?;
            }
        }
        Ok(())
    }

    /// Whether the event was taken under another epoch of its source.
    async fn past<T: InboxTransaction>(
        &self,
        transaction: &mut T,
        consumer: &str,
        sequence: Sequence,
        id: &EventId,
    ) -> Result<Past, StoreError> {
        let mut verdict = Past::NotTaken;
        for (other, mark) in self.others.iter().filter(|(_, mark)| sequence <= mark.sequence) {
            let past = match sequence > mark.recent_after {
                true => Past::of(&mark.recent, id),
                false if sequence == mark.sequence && *id == mark.event_id => Past::Taken,
                false => transaction.past(consumer, other, sequence, id).await?,
            };
            match past {
                Past::Taken => return Ok(Past::Taken),
                Past::Forgotten => verdict = Past::Forgotten,
                Past::NotTaken => {}
            }
        }
        Ok(verdict)
    }

    fn pass(&mut self, previous: Sequence, sequence: Sequence, id: &EventId) {
        let before = self.mark.as_ref().map_or(previous, |mark| mark.sequence);
        self.passed.get_or_insert_with(|| (before, Vec::new())).1.push(id.clone());
        self.move_to(sequence, id.clone());
    }

    /// The mark as it is behind what was skipped: no event of ours is there.
    fn skip_to(&mut self, sequence: Sequence) {
        self.move_to(sequence, EventId::from(String::new()));
    }

    fn move_to(&mut self, sequence: Sequence, id: EventId) {
        match &mut self.mark {
            Some(mark) => mark.pass(sequence, id),
            None => self.mark = Some(Mark::new(sequence, id)),
        }
    }
}

/// Whether these are the same slot under two epochs of a source.
fn are_epochs(one: &Stream, other: &Stream) -> bool {
    one.slot == other.slot && one.source != other.source && one.source.without_epoch() == other.source.without_epoch()
}

/// The stream of an event that has a place on one.
fn placed(envelope: &Envelope) -> Option<Stream> {
    match Identity::of(envelope) {
        Identity::Place { stream, .. } => Some(stream),
        Identity::Id => None,
    }
}

/// Writes the gap down; whether it is time to skip it, which is audited.
async fn skips<T: InboxTransaction>(
    transaction: &mut T,
    rules: &Rules,
    gap: &Gap,
    happenings: &mut Vec<Happening>,
) -> Result<bool, StoreError> {
    let since = transaction.missing(rules.consumer, gap, rules.now).await?;
    let (source, slot) = (&gap.stream.source, gap.stream.slot.number());
    if since == rules.now && !rules.may_skip {
        error!(consumer = rules.consumer, %source, slot, after = %gap.after, before = %gap.sequence, id = %gap.event_id,
            "events are missing; see `event-ops consumer gaps`");
        happenings.push(Happening::GapOpened { gap: gap.clone() });
    }
    if !rules.may_skip || !rules.gaps.skips(since, rules.now) {
        return Ok(false);
    }
    let reason = format!(
        "nothing came for {:?}: skipped what is behind sequence {} and up to {} of slot {slot} of `{source}`",
        rules.now.since(since),
        gap.after,
        gap.previous
    );
    warn!(consumer = rules.consumer, %source, slot, "{reason}");
    happenings.push(Happening::GapSkipped { gap: gap.clone() });
    transaction.record(&Entry::new(Action::Skipped, rules.consumer, reason)).await?;
    Ok(true)
}
