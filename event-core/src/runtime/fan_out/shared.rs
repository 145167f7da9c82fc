//! A message that several consumers work on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use tokio::sync::Mutex;

use crate::runtime::transport::Delivery;

/// Counts how often a consumer has given a message back. What was received before it did so is behind a message that comes
/// again, and is given back as well: a consumer that begins with the latest event would take it for its first.
#[derive(Debug, Default)]
pub(super) struct Gate(AtomicU64);

impl Gate {
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    /// A message that was received under `tag` is given back; of those under one tag the first one counts.
    fn give_back(&self, tag: u64) {
        // Another of the same tag was first: it has counted.
        let _ = self.0.compare_exchange(tag, tag + 1, Ordering::AcqRel, Ordering::Acquire);
    }
}

/// A message, until the last consumer has taken it or the first has given it back.
pub(super) struct Shared<D> {
    body: Box<[u8]>,
    left: AtomicUsize,
    given_back: AtomicBool,
    is_anothers: AtomicBool,
    delivery: Mutex<Option<D>>,
}

/// A consumer's part in a message. Dropped without being acknowledged, it gives the message back.
pub(super) struct Share<D> {
    shared: Arc<Shared<D>>,
    gate: Option<Arc<Gate>>,
    tag: u64,
    is_taken: bool,
}

impl<D: Delivery> Shared<D> {
    pub(super) fn new(delivery: D, shares: usize) -> Self {
        Self {
            body: delivery.body().into(),
            left: AtomicUsize::new(shares),
            given_back: AtomicBool::new(false),
            is_anothers: AtomicBool::new(false),
            delivery: Mutex::new(Some(delivery)),
        }
    }

    /// Asks the transport for more time. Of a message that was given back none is asked for: it comes again, and is a duplicate
    /// by then to who is still at work on it.
    pub(super) async fn extend(&self) {
        {
            let delivery = self.delivery.lock().await;
            let extended = delivery.as_ref().map(D::extend);
            if let Some(extended) = extended
                && !extended.await
            {
                self.is_anothers.store(true, Ordering::Release);
            }
        }
        self.let_go();
    }
}

impl<D> Shared<D> {
    /// Gives the message back at once, while others may still work on it: they see it again, as a duplicate.
    fn give_back(&self) {
        self.given_back.store(true, Ordering::Release);
        self.let_go();
    }

    /// Drops what was given back. Who has the lock meanwhile does it after.
    fn let_go(&self) {
        if self.given_back.load(Ordering::Acquire)
            && let Ok(mut delivery) = self.delivery.try_lock()
        {
            drop(delivery.take());
        }
    }
}

impl<D> Share<D> {
    pub(super) fn new(shared: &Arc<Shared<D>>, gate: Option<&Arc<Gate>>, tag: u64) -> Self {
        Self { shared: Arc::clone(shared), gate: gate.cloned(), tag, is_taken: false }
    }

    /// Whether nothing was given back since it was received.
    pub(super) fn is_fresh(&self) -> bool {
        self.gate.as_ref().is_none_or(|gate| gate.count() == self.tag)
    }
}

impl<D: Delivery> Delivery for Share<D> {
    fn body(&self) -> &[u8] {
        &self.shared.body
    }

    async fn acknowledge(mut self) {
        self.is_taken = true;
        if self.shared.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            let delivery = self.shared.delivery.lock().await.take();
            if let Some(delivery) = delivery {
                delivery.acknowledge().await;
            }
        }
    }

    /// More time is asked for by the trunk, once for all consumers, and also while the message waits for one.
    async fn extend(&self) -> bool {
        !self.shared.is_anothers.load(Ordering::Acquire)
    }
}

impl<D> Drop for Share<D> {
    fn drop(&mut self) {
        if !self.is_taken {
            // In this order: what is received once the branch counts anew is not behind this message.
            self.shared.give_back();
            if let Some(gate) = &self.gate {
                gate.give_back(self.tag);
            }
        }
    }
}
