//! How far consumers have come, in the store in memory.

use super::transaction::MemoryTransaction;
use crate::clock::Timestamp;
use crate::envelope::Source;
use crate::id::EventId;
use crate::inbox::{Gap, Kept, Mark, Passage, Past, Stream};
use crate::runtime::{Epochs, Gaps, Marks, StoreError};
use crate::sequence::Sequence;

impl Marks for MemoryTransaction {
    async fn advance(&mut self, consumer: &str, passages: &[Passage]) -> Result<Vec<bool>, StoreError> {
        let mut taken = Vec::with_capacity(passages.len());
        for passage in passages {
            let key = (consumer.to_owned(), passage.stream.clone());
            let follows = self.work.marks.get(&key).is_some_and(|mark| passage.follows(mark));
            if follows && let Some(mark) = self.work.marks.get_mut(&key) {
                let before = mark.sequence;
                mark.pass(passage.mark.sequence, passage.mark.event_id.clone());
                if passage.ids.is_empty() {
                    mark.keep_nothing();
                } else {
                    mark.keep(before, &passage.ids);
                }
            }
            taken.push(follows);
        }
        Ok(taken)
    }

    async fn mark(&mut self, consumer: &str, stream: &Stream) -> Result<Option<Mark>, StoreError> {
        Ok(self.work.marks.get(&(consumer.to_owned(), stream.clone())).cloned())
    }

    async fn move_mark(&mut self, consumer: &str, stream: &Stream, mark: &Mark) -> Result<(), StoreError> {
        self.work.marks.insert((consumer.to_owned(), stream.clone()), mark.clone());
        Ok(())
    }

    async fn remember(&mut self, consumer: &str, source: &Source, id: &EventId) -> Result<bool, StoreError> {
        Ok(self.work.inbox.insert((consumer.to_owned(), source.clone(), id.clone())))
    }
}

impl Epochs for MemoryTransaction {
    async fn other_epochs(&mut self, consumer: &str, stream: &Stream) -> Result<Vec<(Stream, Mark)>, StoreError> {
        let is_other = |other: &Stream| {
            other.slot == stream.slot
                && other.source != stream.source
                && other.source.without_epoch() == stream.source.without_epoch()
        };
        let own = self.work.marks.iter().filter(|((name, other), _)| name == consumer && is_other(other));
        Ok(own.map(|((_, other), mark)| (other.clone(), mark.clone())).collect())
    }

    async fn keep(&mut self, consumer: &str, stream: &Stream, kept: &Kept) -> Result<(), StoreError> {
        let row = (kept.clone(), self.now());
        self.work.history.insert((consumer.to_owned(), stream.clone(), kept.upto), row);
        Ok(())
    }

    async fn past(
        &mut self,
        consumer: &str,
        stream: &Stream,
        sequence: Sequence,
        id: &EventId,
    ) -> Result<Past, StoreError> {
        let from = (consumer.to_owned(), stream.clone(), sequence);
        let next = self.work.history.range(from..).next();
        let row =
            next.filter(|((name, other, _), (kept, _))| name == consumer && other == stream && kept.after < sequence);
        Ok(row.map_or(Past::Forgotten, |(_, (kept, _))| Past::of(&kept.ids, id)))
    }
}

impl Gaps for MemoryTransaction {
    async fn missing(&mut self, consumer: &str, gap: &Gap, now: Timestamp) -> Result<Timestamp, StoreError> {
        let key = (consumer.to_owned(), gap.stream.clone());
        let known = self.work.gaps.get(&key).filter(|(known, _)| known.after == gap.after);
        let since = known.map_or(now, |(_, since)| *since);
        self.work.gaps.insert(key, (gap.clone(), since));
        Ok(since)
    }
}
