//! What each consumer receives from: a queue of a limited length.

use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::shared::{Gate, Share, Shared};
use crate::inbox::FirstContact;
use crate::runtime::transport::{Delivery, Refetch, Subscription, TransportError};

/// How many messages wait for a consumer before nothing more is received for any.
pub(super) const CAPACITY: usize = 256;

/// What all branches have of the subscription.
#[derive(Clone)]
struct Terms {
    first_contact: FirstContact,
    keeps_order: bool,
    heartbeat: Option<Duration>,
    refetch: Option<Arc<dyn Refetch>>,
}

/// The sending side of all branches.
pub(super) struct Trunk<D> {
    terms: Terms,
    ends: Vec<End<D>>,
    alive: Arc<Alive<D>>,
}

/// The messages that somebody waits for or works on.
pub(super) struct Alive<D> {
    messages: Mutex<Vec<Weak<Shared<D>>>>,
    heartbeat: Option<Duration>,
}

/// The sending side of a branch.
struct End<D> {
    sender: mpsc::Sender<Share<D>>,
    gate: Option<Arc<Gate>>,
}

/// The subscription of one consumer.
pub(super) struct Branch<D> {
    terms: Terms,
    receiver: mpsc::Receiver<Share<D>>,
}

impl<D: Delivery> Trunk<D> {
    pub(super) fn over(subscription: &impl Subscription) -> Self {
        let terms = Terms {
            first_contact: subscription.first_contact(),
            keeps_order: subscription.keeps_order(),
            heartbeat: subscription.heartbeat(),
            refetch: subscription.refetch(),
        };
        let alive = Arc::new(Alive { messages: Mutex::default(), heartbeat: terms.heartbeat });
        Self { terms, ends: Vec::new(), alive }
    }

    pub(super) fn alive(&self) -> Arc<Alive<D>> {
        Arc::clone(&self.alive)
    }

    pub(super) fn branch(&mut self) -> Branch<D> {
        let (sender, receiver) = mpsc::channel(CAPACITY);
        // Where a consumer begins with the earliest event, one that was skipped is a gap, and none needs to be given back.
        let gate = (self.terms.first_contact != FirstContact::Earliest).then(Arc::default);
        self.ends.push(End { sender, gate });
        Branch { terms: self.terms.clone(), receiver }
    }

    /// Waits until there is room for a message in every branch; for how many there is.
    pub(super) async fn room(&self) -> usize {
        for End { sender, .. } in &self.ends {
            // A consumer that has ended takes nothing more, and the others are about to be stopped.
            drop(sender.reserve().await);
        }
        self.ends.iter().map(|end| end.sender.capacity()).min().unwrap_or(CAPACITY)
    }

    /// How often each branch has given a message back. Asked for before messages are received.
    pub(super) fn tags(&self) -> Vec<u64> {
        self.ends.iter().map(|end| end.gate.as_ref().map_or(0, |gate| gate.count())).collect()
    }

    /// Puts a message in every branch: there is room, for nobody else puts any.
    pub(super) fn put(&self, delivery: D, tags: &[u64]) {
        let shared = Arc::new(Shared::new(delivery, self.ends.len()));
        self.alive.add(&shared);
        for (End { sender, gate }, tag) in self.ends.iter().zip(tags) {
            // What can't be sent is dropped, and comes again.
            let _ = sender.try_send(Share::new(&shared, gate.as_ref(), *tag));
        }
    }
}

impl<D: Delivery> Alive<D> {
    fn add(&self, shared: &Arc<Shared<D>>) {
        if self.heartbeat.is_none() {
            return;
        }
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if messages.len() == messages.capacity() {
            messages.retain(|shared| shared.strong_count() > 0);
        }
        messages.push(Arc::downgrade(shared));
    }

    /// Asks for more time as often as the transport wants to hear. Never ends.
    pub(super) async fn keep(&self) {
        let Some(interval) = self.heartbeat else { return pending().await };
        loop {
            sleep(interval).await;
            let messages = self.still();
            join_all(messages.iter().map(|shared| shared.extend())).await;
        }
    }

    fn still(&self) -> Vec<Arc<Shared<D>>> {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.iter().filter_map(Weak::upgrade).collect()
    }
}

impl<D: Delivery> Subscription for Branch<D> {
    type Delivery = Share<D>;

    async fn receive(&mut self, limit: usize) -> Result<Vec<Share<D>>, TransportError> {
        let mut shares = Vec::new();
        while shares.is_empty() {
            if self.receiver.recv_many(&mut shares, limit.max(1)).await == 0 {
                break;
            }
            shares.retain(Share::is_fresh);
        }
        Ok(shares)
    }

    fn first_contact(&self) -> FirstContact {
        self.terms.first_contact
    }

    fn keeps_order(&self) -> bool {
        self.terms.keeps_order
    }

    fn heartbeat(&self) -> Option<Duration> {
        self.terms.heartbeat
    }

    fn refetch(&self) -> Option<Arc<dyn Refetch>> {
        self.terms.refetch.clone()
    }
}
