//! A transport that is fed by hand: what its consumers don't acknowledge comes back, and goes out again when told.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_core::runtime::{Delivery, Subscription, TransportError};
use tokio::sync::Notify;

/// Both sides. Clones share their messages.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    waiting: Arc<Mutex<VecDeque<Vec<u8>>>>,
    fed: Arc<Notify>,
    handed_out: Arc<AtomicUsize>,
    acknowledged: Arc<Mutex<Vec<Vec<u8>>>>,
    returned: Arc<Mutex<Vec<Vec<u8>>>>,
    broken: Arc<Mutex<Option<String>>>,
    heartbeat: Option<Duration>,
    extended: Arc<Mutex<HashMap<Vec<u8>, usize>>>,
    given_away: Arc<Mutex<HashSet<Vec<u8>>>>,
}

/// A message of a feed.
#[derive(Debug)]
pub struct Fed {
    body: Vec<u8>,
    feed: Feed,
    is_acknowledged: bool,
}

impl Feed {
    pub fn push(&self, bodies: impl IntoIterator<Item = Vec<u8>>) {
        self.waiting.lock().unwrap().extend(bodies);
        self.fed.notify_one();
    }

    /// Wants to hear this often of messages that are worked on.
    pub fn with_heartbeat(interval: Duration) -> Self {
        Self { heartbeat: Some(interval), ..Self::default() }
    }

    /// How often more time was asked for a message.
    pub fn extended(&self, body: &[u8]) -> usize {
        self.extended.lock().unwrap().get(body).copied().unwrap_or_default()
    }

    /// Gives a message to another, as a broker does that has waited for too long.
    pub fn give_away(&self, body: &[u8]) {
        self.given_away.lock().unwrap().insert(body.to_vec());
    }

    /// Fails for good from now on.
    pub fn break_down(&self, reason: &str) {
        *self.broken.lock().unwrap() = Some(reason.to_owned());
        self.fed.notify_one();
    }

    pub fn handed_out(&self) -> usize {
        self.handed_out.load(Ordering::SeqCst)
    }

    pub fn acknowledged(&self) -> Vec<Vec<u8>> {
        self.acknowledged.lock().unwrap().clone()
    }

    /// What came back, which is forgotten by it.
    pub fn returned(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.returned.lock().unwrap())
    }

    /// Waits until so many messages were acknowledged, with a limit.
    pub async fn until_acknowledged(&self, count: usize) {
        until(|| self.acknowledged().len() >= count).await;
    }
}

/// Waits for a fact, with a limit.
pub async fn until(fact: impl Fn() -> bool) {
    let so = async {
        while !fact() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), so).await.expect("it comes about in time");
}

impl Subscription for Feed {
    type Delivery = Fed;

    async fn receive(&mut self, limit: usize) -> Result<Vec<Fed>, TransportError> {
        loop {
            let broken = self.broken.lock().unwrap().clone();
            if let Some(reason) = broken {
                return Err(TransportError::permanent(reason));
            }
            let bodies: Vec<Vec<u8>> = {
                let mut waiting = self.waiting.lock().unwrap();
                let count = waiting.len().min(limit);
                waiting.drain(..count).collect()
            };
            if !bodies.is_empty() {
                self.handed_out.fetch_add(bodies.len(), Ordering::SeqCst);
                let fed = |body| Fed { body, feed: self.clone(), is_acknowledged: false };
                return Ok(bodies.into_iter().map(fed).collect());
            }
            self.fed.notified().await;
        }
    }

    fn heartbeat(&self) -> Option<Duration> {
        self.heartbeat
    }
}

impl Delivery for Fed {
    fn body(&self) -> &[u8] {
        &self.body
    }

    async fn acknowledge(mut self) {
        self.is_acknowledged = true;
        self.feed.acknowledged.lock().unwrap().push(self.body.clone());
    }

    async fn extend(&self) -> bool {
        *self.feed.extended.lock().unwrap().entry(self.body.clone()).or_default() += 1;
        !self.feed.given_away.lock().unwrap().contains(&self.body)
    }
}

impl Drop for Fed {
    fn drop(&mut self) {
        if !self.is_acknowledged {
            self.feed.returned.lock().unwrap().push(std::mem::take(&mut self.body));
        }
    }
}
