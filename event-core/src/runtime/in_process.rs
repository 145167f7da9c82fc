//! A transport within one process. A publish is done when every subscription has acknowledged it, so a crash loses
//! nothing: the relay's cursor has not moved yet.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;
use tokio::sync::{mpsc, oneshot};

use super::transport::{Delivery, PublishError, Subscription, Transport, TransportError};
use crate::envelope::Envelope;
use crate::inbox::FirstContact;

/// How many messages wait for a consumer before publishing waits.
const CAPACITY: usize = 1024;

/// A transport within one process, and its first subscription.
///
/// ```
/// let (transport, _subscription) = event_core::in_process();
/// let _second = transport.subscribe();
/// ```
#[must_use]
pub fn in_process() -> (InProcess, InProcessSubscription) {
    let transport = InProcess { subscribers: Arc::default() };
    let subscription = transport.subscribe();
    (transport, subscription)
}

/// The sending side. Clones share their subscriptions.
#[derive(Debug, Clone)]
pub struct InProcess {
    subscribers: Arc<Mutex<Vec<Subscriber>>>,
}

/// What the sending side knows of a subscription.
#[derive(Debug, Clone)]
struct Subscriber {
    sender: mpsc::Sender<InProcessDelivery>,
    has_left: Arc<AtomicBool>,
}

/// The receiving side: every subscription gets every message.
///
/// Once it is dropped nothing is published, so that its consumer misses nothing, until [`InProcess::subscribe`] gives
/// it a successor. Say [`InProcessSubscription::unsubscribe`] where there will be none.
#[derive(Debug)]
pub struct InProcessSubscription {
    receiver: mpsc::Receiver<InProcessDelivery>,
    has_left: Arc<AtomicBool>,
}

/// A message within the process.
#[derive(Debug)]
pub struct InProcessDelivery {
    body: Arc<[u8]>,
    acknowledgement: Option<oneshot::Sender<()>>,
    train: Train,
}

/// The messages of one publish. Once one of them is dropped the later ones are not delivered, so that what is sent
/// again comes before them.
#[derive(Debug, Clone, Default)]
struct Train {
    broken: Arc<AtomicBool>,
}

impl Train {
    fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }

    fn break_off(&self) {
        self.broken.store(true, Ordering::Release);
    }
}

/// Breaks a train off when the publish is given up.
struct Conductor(Train);

impl Drop for Conductor {
    fn drop(&mut self) {
        self.0.break_off();
    }
}

impl Drop for InProcessDelivery {
    fn drop(&mut self) {
        if self.acknowledgement.is_some() {
            self.train.break_off();
        }
    }
}

/// Why the in-process transport could not publish.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InProcessError {
    /// Nobody listens.
    #[error("no subscription is left")]
    NoSubscription,
    /// A consumer has ended, and would miss the message.
    #[error(
        "a subscription was dropped and its consumer would miss the message; subscribe it again, or unsubscribe it"
    )]
    Dropped,
    /// A consumer dropped the message.
    #[error("a consumer has not acknowledged the message")]
    NotAcknowledged,
}

impl InProcess {
    /// Another subscription; it gets what is published from now on, and takes the place of those that were dropped.
    ///
    /// Subscribe every consumer before the relay runs: what it published to the others before is missing to this one.
    #[must_use]
    pub fn subscribe(&self) -> InProcessSubscription {
        let (sender, receiver) = mpsc::channel(CAPACITY);
        let has_left = Arc::<AtomicBool>::default();
        let mut subscribers = self.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        subscribers.retain(|subscriber| !subscriber.sender.is_closed());
        subscribers.push(Subscriber { sender, has_left: Arc::clone(&has_left) });
        InProcessSubscription { receiver, has_left }
    }

    /// Sends one message as it is, whether or not it is an event, and waits until it is acknowledged.
    ///
    /// # Errors
    /// When nobody listens, or a consumer has not acknowledged the message.
    ///
    /// # Cancel safety
    /// The message may have arrived when the future is dropped.
    pub async fn send(&self, body: &[u8]) -> Result<(), InProcessError> {
        let conductor = Conductor(Train::default());
        let waiting = self.offer(body.into(), &conductor.0).await?;
        acknowledged(waiting).await
    }

    fn listeners(&self) -> Vec<mpsc::Sender<InProcessDelivery>> {
        let mut subscribers = self.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        subscribers.retain(|subscriber| !subscriber.has_left.load(Ordering::Acquire));
        subscribers.iter().map(|subscriber| subscriber.sender.clone()).collect()
    }

    async fn offer(&self, body: Arc<[u8]>, train: &Train) -> Result<Vec<oneshot::Receiver<()>>, InProcessError> {
        let listeners = self.listeners();
        if listeners.is_empty() {
            return Err(InProcessError::NoSubscription);
        }
        let mut waiting = Vec::with_capacity(listeners.len());
        for sender in listeners {
            let (acknowledgement, acknowledged) = oneshot::channel();
            let (body, train) = (Arc::clone(&body), train.clone());
            let delivery = InProcessDelivery { body, acknowledgement: Some(acknowledgement), train };
            sender.send(delivery).await.map_err(|_| InProcessError::Dropped)?;
            waiting.push(acknowledged);
        }
        Ok(waiting)
    }
}

impl InProcessSubscription {
    /// Ends the subscription for good: what is published from now on is not for its consumer.
    pub fn unsubscribe(self) {
        self.has_left.store(true, Ordering::Release);
    }
}

async fn acknowledged(waiting: Vec<oneshot::Receiver<()>>) -> Result<(), InProcessError> {
    for acknowledgement in waiting {
        acknowledgement.await.map_err(|_| InProcessError::NotAcknowledged)?;
    }
    Ok(())
}

impl Transport for InProcess {
    async fn publish(&self, events: &[Envelope]) -> Result<(), PublishError> {
        let conductor = Conductor(Train::default());
        let mut offered = Vec::with_capacity(events.len());
        let mut failure = None;
        for event in events {
            match self.offer(event.to_json().into(), &conductor.0).await {
                Ok(waiting) => offered.push(waiting),
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        let mut sent = 0;
        for waiting in offered {
            acknowledged(waiting).await.map_err(|error| PublishError::given_back(sent, error))?;
            sent += 1;
        }
        failure.map_or(Ok(()), |error| Err(PublishError::transient(sent, error)))
    }
}

impl Subscription for InProcessSubscription {
    type Delivery = InProcessDelivery;

    async fn receive(&mut self, limit: usize) -> Result<Vec<InProcessDelivery>, TransportError> {
        let mut deliveries: Vec<InProcessDelivery> = Vec::new();
        while deliveries.is_empty() {
            if self.receiver.recv_many(&mut deliveries, limit.max(1)).await == 0 {
                break;
            }
            deliveries.retain(|delivery| !delivery.train.is_broken());
        }
        Ok(deliveries)
    }

    /// A subscription gets what is published from now on, and a train that breaks off begins anew where it broke.
    fn first_contact(&self) -> FirstContact {
        FirstContact::Latest
    }
}

impl Delivery for InProcessDelivery {
    fn body(&self) -> &[u8] {
        &self.body
    }

    async fn acknowledge(mut self) {
        let Some(acknowledgement) = self.acknowledgement.take() else { return };
        // Nobody waits when the relay was stopped in the meantime; it sends the event again, which is a duplicate.
        let _ = acknowledgement.send(());
    }
}
