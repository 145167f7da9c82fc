//! A transport that keeps what was sent, and fails on command.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use event_core::Envelope;
use event_core::runtime::{PublishError, Transport};

/// How the transport answers to the next event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Take,
    Fail,
    Refuse,
}

#[derive(Debug, Clone, Default)]
pub struct Recorder {
    sent: Arc<Mutex<Vec<Envelope>>>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
}

impl Recorder {
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
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or(Answer::Take);
        if answer == Answer::Take {
            self.sent.lock().unwrap().push(event.clone());
        }
        answer
    }
}

impl Transport for Recorder {
    async fn publish(&self, events: &[Envelope]) -> Result<(), PublishError> {
        for (sent, event) in events.iter().enumerate() {
            match self.take(event) {
                Answer::Take => {}
                Answer::Fail => return Err(PublishError::transient(sent, "the broker is away")),
                Answer::Refuse => return Err(PublishError::refused(sent, "the broker says: too large")),
            }
        }
        Ok(())
    }
}
