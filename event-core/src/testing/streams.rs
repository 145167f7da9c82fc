//! Streams of the store in memory, as people look at them, and how a consumer begins again.

use super::memory::MemoryStore;
use super::transaction::MemoryTransaction;
use crate::clock::Timestamp;
use crate::envelope::Source;
use crate::inbox::{Mark, OpenGap, Stream};
use crate::relay::{Cursor, Sink};
use crate::runtime::{Forgotten, Restart, StoreError, Streams};
use crate::sequence::Sequence;
use crate::slot::Slot;

impl Streams for MemoryStore {
    async fn open_gaps(&self, consumer: Option<&str>) -> Result<Vec<OpenGap>, StoreError> {
        let state = self.state.lock().await;
        let mut consumers: Vec<_> = state.gaps.keys().map(|(consumer, _)| consumer.clone()).collect();
        consumers.sort();
        consumers.dedup();
        consumers.retain(|other| consumer.is_none_or(|consumer| consumer == other));
        let of = |consumer: &String| {
            let mut gaps = state.open_gaps(consumer);
            gaps.sort_by(|one, other| one.0.stream.cmp(&other.0.stream));
            gaps.into_iter().map(|(gap, since)| OpenGap::new(consumer, gap, since, since)).collect::<Vec<_>>()
        };
        Ok(consumers.iter().flat_map(of).collect())
    }

    async fn in_outbox(&self, stream: &Stream, after: Sequence, until: Sequence) -> Result<Option<u64>, StoreError> {
        let state = self.state.lock().await;
        if stream.source.without_epoch() != state.source().without_epoch() {
            return Ok(None);
        }
        let between = |position: Sequence| position > after && position <= until;
        let own = state.outbox.iter().filter(|record| record.slot == stream.slot && between(record.position));
        Ok(Some(own.count() as u64))
    }

    async fn own_sources(&self, consumer: &str) -> Result<Vec<Source>, StoreError> {
        let state = self.state.lock().await;
        let origin = state.source().without_epoch();
        let is_own = |(name, stream): &&(String, Stream)| name == consumer && stream.source.without_epoch() == origin;
        let mut sources: Vec<_> = state.marks.keys().filter(is_own).map(|(_, stream)| stream.source.clone()).collect();
        sources.sort();
        sources.dedup();
        Ok(sources)
    }

    async fn places(&self, time: Timestamp) -> Result<Vec<(Slot, Sequence)>, StoreError> {
        let state = self.state.lock().await;
        let before = state.outbox.iter().filter(|record| record.occurred_at < time);
        let places: std::collections::BTreeMap<_, _> = before.map(|record| (record.slot, record.position)).collect();
        Ok(places.into_iter().collect())
    }
}

impl Restart for MemoryTransaction {
    async fn all_marks(&mut self, consumer: &str) -> Result<Vec<(Stream, Mark)>, StoreError> {
        let own = self.work.marks.iter().filter(|((name, _), _)| name == consumer);
        let mut marks: Vec<_> = own.map(|((_, stream), mark)| (stream.clone(), mark.clone())).collect();
        marks.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(marks)
    }

    async fn forget_source(&mut self, consumer: &str, source: &Source) -> Result<Forgotten, StoreError> {
        let origin = source.without_epoch();
        let bare = Source::from(origin.as_str().split('?').next().unwrap_or_default());
        let before = (self.work.letters.len(), self.work.inbox.len());
        let is_of = |other: &Source| other.without_epoch() == origin;
        self.work.letters.retain(|_, l| l.consumer != consumer || !l.source.as_ref().is_some_and(is_of));
        self.work.inbox.retain(|(name, of, _)| name != consumer || *of != origin && *of != bare);
        self.work.history.retain(|(name, stream, _), _| name != consumer || stream.source != *source);
        self.work.gaps.retain(|(name, stream), _| name != consumer || stream.source != *source);
        let after = (self.work.letters.len(), self.work.inbox.len());
        Ok(Forgotten::new((before.0 - after.0) as u64, (before.1 - after.1) as u64))
    }

    async fn rewind(&mut self, sink: &Sink, slot: Slot, after: Sequence) -> Result<bool, StoreError> {
        let Some(state) = self.work.slots.get_mut(&(sink.clone(), slot)) else { return Ok(false) };
        state.lease.cursor = Cursor::new(slot, after, after);
        state.lease.fence += 1;
        (state.owner, state.until) = (None, Timestamp::from_unix_micros(0));
        Ok(true)
    }
}
