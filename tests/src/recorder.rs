//! A transport that keeps what was sent, and fails on command.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_core::Envelope;
use event_core::runtime::{PublishError, Transport};

/// How the transport answers to the next event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Take,
    Fail,
    Refuse,
    RefuseWithNul,
}

#[derive(Debug, Clone, Default)]
pub struct Recorder {
    sent: Arc<Mutex<Vec<Envelope>>>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    down: Arc<AtomicBool>,
    hanging: Arc<Mutex<HashSet<String>>>,
    offers: Arc<Mutex<Vec<usize>>>,
}

impl Recorder {
    /// Fails every event for now, or takes them again.
    pub fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    /// Never answers to an event of this key.
    pub fn hang(&self, key: &str) {
        self.hanging.lock().unwrap().insert(key.to_owned());
    }

    /// Answers to the events of every key again, if they are offered anew.
    pub fn let_go(&self) {
        self.hanging.lock().unwrap().clear();
    }

    /// How many events each publish was about, in order.
    pub fn offers(&self) -> Vec<usize> {
        self.offers.lock().unwrap().clone()
    }

    /// Waits until `fact` is so, with a limit.
    pub async fn until(&self, fact: impl Fn(&Self) -> bool) {
        let so = async {
            while !fact(self) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), so).await.expect("it comes about in time");
    }

    fn hangs(&self, event: &Envelope) -> bool {
        event.subject.as_ref().is_some_and(|key| self.hanging.lock().unwrap().contains(key.as_str()))
    }

    /// The answers to the next events; afterwards all are taken.
    pub fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// Everything that was sent, repeats included.
    pub fn sent(&self) -> Vec<Envelope> {
        self.sent.lock().unwrap().clone()
    }

    /// Everything that was sent, as it would come to a consumer.
    pub fn bodies(&self) -> Vec<Vec<u8>> {
        self.sent().iter().map(Envelope::to_json).collect()
    }

    fn take(&self, event: &Envelope) -> Answer {
        if self.down.load(Ordering::SeqCst) {
            return Answer::Fail;
        }
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or(Answer::Take);
        if answer == Answer::Take {
            self.sent.lock().unwrap().push(event.clone());
        }
        answer
    }
}

impl Transport for Recorder {
    async fn publish(&self, events: &[Envelope]) -> Result<(), PublishError> {
        self.offers.lock().unwrap().push(events.len());
        for (sent, event) in events.iter().enumerate() {
            if self.hangs(event) {
                std::future::pending::<()>().await;
            }
            match self.take(event) {
                Answer::Take => {}
                Answer::Fail => return Err(PublishError::transient(sent, "the broker is away")),
                Answer::Refuse => return Err(PublishError::refused(sent, "the broker says: too large")),
                Answer::RefuseWithNul => return Err(PublishError::refused(sent, "the broker says: no `a\0b`")),
            }
        }
        Ok(())
    }
}
