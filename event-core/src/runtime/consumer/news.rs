//! What is told of a transaction once it is committed, and never if it isn't.

use super::super::hooks::{EventRef, Happening};
use super::super::store::Inbox;
use super::super::telemetry::{CONSUMER_EPOCHS, consumer_add, consumer_applied, consumer_batch};
use super::{Consumer, ContextOf};
use crate::backlog::{Class, Letter, LetterId, Place};
use crate::clock::Timestamp;
use crate::handler::Handlers;
use crate::message::Message;

/// What happened in a transaction.
#[derive(Debug, Default)]
pub(super) struct News {
    /// Whether anybody wants to know.
    wanted: bool,
    happenings: Vec<Happening>,
    /// When that happened which was applied.
    times: Vec<Timestamp>,
    /// How many epochs began.
    epochs: u64,
}

impl News {
    pub(super) fn tell(&mut self, happening: impl FnOnce() -> Happening) {
        if self.wanted {
            self.happenings.push(happening());
        }
    }

    pub(super) fn applied(&mut self, message: &Message, handler: &'static str) {
        self.times.extend(message.envelope().time);
        let attempt = message.attempt();
        self.tell(|| Happening::Applied { event: EventRef::of(message.envelope()), handler, attempt });
    }

    pub(super) fn add(&mut self, happenings: Vec<Happening>) {
        let begins = |happening: &&Happening| matches!(happening, Happening::EpochBegun { .. });
        self.epochs += happenings.iter().filter(begins).count() as u64;
        if self.wanted {
            self.happenings.extend(happenings);
        }
    }
}

impl<S, H> Consumer<S, H>
where
    S: Inbox,
    H: for<'c> Handlers<ContextOf<'c, S>> + 'static,
{
    pub(super) fn news(&self) -> News {
        News { wanted: self.hooks.is_set(), ..News::default() }
    }

    /// A transaction about so many messages is committed.
    pub(super) fn committed(&self, news: News, messages: usize) {
        consumer_batch(self.name, messages);
        if news.epochs > 0 {
            consumer_add(CONSUMER_EPOCHS, self.name, news.epochs);
        }
        let now = self.store.now();
        news.times.into_iter().for_each(|time| consumer_applied(self.name, time, now));
        self.announce(news.happenings);
    }

    pub(super) fn announce(&self, happenings: impl IntoIterator<Item = Happening>) {
        happenings.into_iter().for_each(|happening| self.hooks.tell(self.name, &happening));
    }
}

/// An event that failed is tried again when it is due; without a time it is a dead letter.
pub(super) fn failed(
    letter: LetterId,
    event: Option<EventRef>,
    due: Option<Timestamp>,
    (attempts, class, errors): (u32, Option<Class>, Vec<String>),
) -> Happening {
    match (event, due) {
        (Some(event), Some(due)) => Happening::Retried { event, attempts, due, errors },
        (event, _) => Happening::DeadLettered { letter, event, class: class.unwrap_or(Class::Permanent), errors },
    }
}

/// What became of a letter that was worked where it was; by which handler, if one applied it.
pub(super) fn worked(letter: &Letter, was: Place, applied: Option<&'static str>) -> Vec<Happening> {
    let event = EventRef::of_letter(letter);
    let freed = event.clone().filter(|_| was == Place::Held).map(|event| Happening::Freed { event });
    let outcome = match (applied, letter.place, event) {
        (Some(_), _, event) if letter.replay.is_some() => Some(Happening::Replayed { letter: letter.id, event }),
        (Some(handler), _, event) => event.map(|event| {
            let attempt = letter.attempts.saturating_add(1);
            Happening::Applied { event, handler, attempt }
        }),
        (None, Place::AwaitingDeploy, event) => event.map(|event| Happening::AwaitingDeploy { event }),
        (None, _, event) => {
            Some(failed(letter.id, event, letter.due_at, (letter.attempts, letter.class, letter.errors.clone())))
        }
    };
    freed.into_iter().chain(outcome).collect()
}
