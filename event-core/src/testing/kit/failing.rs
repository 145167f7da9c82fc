//! A store of which a call fails on command.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;

use super::super::Fault;
use crate::audit::Entry;
use crate::backlog::{Letter, LetterId, Place};
use crate::clock::Timestamp;
use crate::envelope::Source;
use crate::health::Census;
use crate::id::EventId;
use crate::inbox::{Gap, Kept, Mark, Passage, Past, Stream};
use crate::message::Message;
use crate::runtime::{Audit, Backlog, Epochs, Gaps, Gauges, Inbox, InboxTransaction, Marks, NewLetter, StoreError};
use crate::sequence::Sequence;
use crate::slot::PartitionKey;

/// Which calls fail: of each kind, after how many more.
#[derive(Debug)]
pub(super) struct Plan<K>(Arc<Mutex<HashMap<K, Vec<u32>>>>);

impl<K> Clone for Plan<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K> Default for Plan<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Eq + Hash> Plan<K> {
    /// The `nth` call of this kind from now on fails.
    pub(super) fn fail(&self, kind: K, nth: u32) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(kind).or_default().push(nth.max(1));
    }

    /// A call of this kind comes; whether it fails.
    pub(super) fn comes(&self, kind: &K) -> bool {
        let mut plan = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(left) = plan.get_mut(kind) else { return false };
        left.iter_mut().for_each(|left| *left -= 1);
        let fails = left.contains(&0);
        left.retain(|left| *left > 0);
        fails
    }
}

/// The test said so.
#[derive(Debug, Error)]
#[error("the test cut the connection")]
struct Cut;

/// A store of which a call fails on command; otherwise it is the one within.
#[derive(Debug, Clone)]
pub struct Failing<S> {
    store: S,
    plan: Plan<Fault>,
}

impl<S> Failing<S> {
    /// A store that fails never, until it is told to.
    pub fn new(store: S) -> Self {
        Self { store, plan: Plan::default() }
    }

    /// Makes the `nth` chance for `fault` from now on fail: 1 is the next one. [`Fault::Begin`], [`Fault::BeforeCommit`] and
    /// [`Fault::AfterCommit`] are known.
    pub fn fail(&self, fault: Fault, nth: u32) {
        self.plan.fail(fault, nth);
    }
}

/// A transaction of which the commit may fail on command.
#[derive(Debug)]
pub struct FailingTransaction<T> {
    transaction: T,
    plan: Plan<Fault>,
}

fn cut(plan: &Plan<Fault>, fault: Fault) -> Result<(), StoreError> {
    if plan.comes(&fault) { Err(StoreError::transient("reach the store", Cut)) } else { Ok(()) }
}

impl<S: Inbox> Gauges for Failing<S> {
    async fn census(&self, consumer: &str) -> Result<Census, StoreError> {
        self.store.census(consumer).await
    }
}

impl<S: Inbox> Inbox for Failing<S> {
    type Transaction = FailingTransaction<S::Transaction>;

    async fn begin(&self) -> Result<Self::Transaction, StoreError> {
        cut(&self.plan, Fault::Begin)?;
        Ok(FailingTransaction { transaction: self.store.begin().await?, plan: self.plan.clone() })
    }

    async fn due(
        &self,
        consumer: &str,
        now: Timestamp,
        limit: u32,
    ) -> Result<(Vec<LetterId>, Option<Timestamp>), StoreError> {
        self.store.due(consumer, now, limit).await
    }

    async fn letters(
        &self,
        consumer: &str,
        place: Place,
        after: LetterId,
        limit: u32,
    ) -> Result<Vec<Letter>, StoreError> {
        self.store.letters(consumer, place, after, limit).await
    }

    async fn forget(&self, consumer: &str, before: Timestamp) -> Result<bool, StoreError> {
        self.store.forget(consumer, before).await
    }

    fn now(&self) -> Timestamp {
        self.store.now()
    }
}

impl<T: InboxTransaction> InboxTransaction for FailingTransaction<T> {
    type Context<'c> = T::Context<'c>;

    async fn savepoint<'c>(&'c mut self, message: &'c Message) -> Result<T::Context<'c>, StoreError> {
        self.transaction.savepoint(message).await
    }

    async fn commit(self) -> Result<(), StoreError> {
        cut(&self.plan, Fault::BeforeCommit)?;
        self.transaction.commit().await?;
        cut(&self.plan, Fault::AfterCommit)
    }
}

impl<T: Marks> Marks for FailingTransaction<T> {
    async fn advance(&mut self, consumer: &str, passages: &[Passage]) -> Result<Vec<bool>, StoreError> {
        self.transaction.advance(consumer, passages).await
    }

    async fn mark(&mut self, consumer: &str, stream: &Stream) -> Result<Option<Mark>, StoreError> {
        self.transaction.mark(consumer, stream).await
    }

    async fn move_mark(&mut self, consumer: &str, stream: &Stream, mark: &Mark) -> Result<(), StoreError> {
        self.transaction.move_mark(consumer, stream, mark).await
    }

    async fn remember(&mut self, consumer: &str, source: &Source, id: &EventId) -> Result<bool, StoreError> {
        self.transaction.remember(consumer, source, id).await
    }
}

impl<T: Epochs> Epochs for FailingTransaction<T> {
    async fn other_epochs(&mut self, consumer: &str, stream: &Stream) -> Result<Vec<(Stream, Mark)>, StoreError> {
        self.transaction.other_epochs(consumer, stream).await
    }

    async fn keep(&mut self, consumer: &str, stream: &Stream, kept: &Kept) -> Result<(), StoreError> {
        self.transaction.keep(consumer, stream, kept).await
    }

    async fn past(
        &mut self,
        consumer: &str,
        stream: &Stream,
        sequence: Sequence,
        id: &EventId,
    ) -> Result<Past, StoreError> {
        self.transaction.past(consumer, stream, sequence, id).await
    }
}

impl<T: Gaps> Gaps for FailingTransaction<T> {
    async fn missing(&mut self, consumer: &str, gap: &Gap, now: Timestamp) -> Result<Timestamp, StoreError> {
        self.transaction.missing(consumer, gap, now).await
    }
}

impl<T: Backlog> Backlog for FailingTransaction<T> {
    async fn blocked(&mut self, consumer: &str, keys: &[(Source, PartitionKey)]) -> Result<Vec<bool>, StoreError> {
        self.transaction.blocked(consumer, keys).await
    }

    async fn add(&mut self, consumer: &str, letter: &NewLetter) -> Result<LetterId, StoreError> {
        self.transaction.add(consumer, letter).await
    }

    async fn load(&mut self, id: LetterId) -> Result<Option<Letter>, StoreError> {
        self.transaction.load(id).await
    }

    async fn update(&mut self, letter: &Letter) -> Result<(), StoreError> {
        self.transaction.update(letter).await
    }

    async fn remove(&mut self, letter: &Letter) -> Result<Option<LetterId>, StoreError> {
        self.transaction.remove(letter).await
    }
}

impl<T: Audit> Audit for FailingTransaction<T> {
    async fn record(&mut self, entry: &Entry) -> Result<(), StoreError> {
        self.transaction.record(entry).await
    }
}
