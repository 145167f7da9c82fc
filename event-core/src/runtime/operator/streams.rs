//! Gaps, listed and skipped.

use tracing::warn;

use super::super::store::{Audit, Inbox, InboxTransaction, Marks, StoreError, Streams};
use super::Operator;
use crate::audit::{Action, Entry};
use crate::id::EventId;
use crate::inbox::{Gap, Mark, Stream};
use crate::sequence::Sequence;

impl<S: Inbox + Streams> Operator<S> {
    /// Moves the mark of `consumer` past the gap at which it waits on `stream`, for events that will never come. What is
    /// behind flows as soon as it is delivered again.
    ///
    /// Answers what was skipped; `None` if the consumer doesn't wait there, or no more.
    ///
    /// # Errors
    /// When the store can't be reached: the mark stays.
    ///
    /// # Cancel safety
    /// Dropping the future leaves the mark where it was, or past the gap.
    pub async fn skip(&self, consumer: &str, stream: &Stream, reason: &str) -> Result<Option<Gap>, StoreError> {
        let gaps = self.store.open_gaps(Some(consumer)).await?;
        let Some(mut gap) = gaps.into_iter().map(|open| open.gap).find(|gap| gap.stream == *stream) else {
            return Ok(None);
        };
        let mut transaction = self.store.begin().await?;
        let mark = transaction.mark(consumer, stream).await?;
        // What has come meanwhile isn't skipped.
        gap.after = mark.as_ref().map_or(Sequence::START, |mark| mark.sequence);
        if gap.after >= gap.previous {
            return Ok(None);
        }
        // No event of ours is at that place, so the mark has no id.
        let nobody = EventId::from(String::new());
        let mut past = mark.unwrap_or_else(|| Mark::new(gap.previous, nobody.clone()));
        past.pass(gap.previous, nobody);
        transaction.move_mark(consumer, stream, &past).await?;
        let skipped = format!(
            "{reason}: skipped what is behind sequence {} and up to {} of slot {} of `{}`",
            gap.after,
            gap.previous,
            stream.slot.number(),
            stream.source
        );
        warn!(consumer, "{skipped}");
        transaction.record(&Entry::new(Action::Skipped, consumer, skipped).by(self.by.clone())).await?;
        transaction.commit().await?;
        Ok(Some(gap))
    }
}
