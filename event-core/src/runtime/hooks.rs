//! What happens to events, told to the service once it is committed.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tracing::error;

use crate::backlog::{Class, Letter, LetterId};
use crate::clock::Timestamp;
use crate::envelope::{Envelope, Source};
use crate::health::{Level, Report};
use crate::id::EventId;
use crate::inbox::{Gap, Stream};
use crate::slot::PartitionKey;

/// What a service does when something happens to an event. A closure will do.
///
/// It is called after the commit, on the consumer's own task: what takes long goes elsewhere, through a channel for
/// instance. A crash between the commit and the call leaves it out, so it is for alerts and counts, and what must
/// happen exactly once belongs into a handler. A panic in it is logged and ends nothing.
///
/// ```
/// use event_core::runtime::Happening;
///
/// let hooks = |consumer: &str, happening: &Happening| match happening {
///     Happening::DeadLettered { letter, errors, .. } => eprintln!("{consumer}: {letter}: {}", errors.join(": ")),
///     Happening::Health { report, .. } => eprintln!("{consumer}: {report}"),
///     _ => {}
/// };
/// # fn takes(_: impl event_core::runtime::Hooks) {}
/// # takes(hooks);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be told of what happens",
    note = "implement `event_core::runtime::Hooks` for it, or give a closure `|consumer: &str, happening: &Happening| …`"
)]
pub trait Hooks: Send + Sync + 'static {
    /// Something happened.
    fn on(&self, consumer: &str, happening: &Happening);
}

impl<F: Fn(&str, &Happening) + Send + Sync + 'static> Hooks for F {
    fn on(&self, consumer: &str, happening: &Happening) {
        self(consumer, happening);
    }
}

/// Which event something happened to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventRef {
    /// Its id.
    pub id: EventId,
    /// The outbox that it comes from.
    pub source: Source,
    /// Its wire type.
    pub event_type: String,
    /// Its version.
    pub event_version: u32,
    /// What orders it.
    pub key: PartitionKey,
}

impl EventRef {
    pub(super) fn of(envelope: &Envelope) -> Self {
        Self {
            id: envelope.id.clone(),
            source: envelope.source.clone(),
            event_type: envelope.event_type.clone(),
            event_version: envelope.event_version,
            key: envelope.ordering_key(),
        }
    }

    /// The event of a letter, unless it was none.
    pub(super) fn of_letter(letter: &Letter) -> Option<Self> {
        Some(Self {
            id: letter.event_id.clone()?,
            source: letter.source.clone()?,
            event_type: letter.event_type.clone()?,
            event_version: letter.event_version?,
            key: letter.partition_key.clone()?,
        })
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Happening {
    /// A handler applied an event.
    #[non_exhaustive]
    Applied {
        /// The event.
        event: EventRef,
        /// The name of the handler's method.
        handler: &'static str,
        /// On which attempt, from 1.
        attempt: u32,
    },
    /// An event came again, or a twin of one that was taken; nothing changed.
    #[non_exhaustive]
    Duplicate {
        /// The event.
        event: EventRef,
    },
    /// A handler failed, and is tried again.
    #[non_exhaustive]
    Retried {
        /// The event.
        event: EventRef,
        /// How often it was tried.
        attempts: u32,
        /// When it is tried next.
        due: Timestamp,
        /// Why: the error and its causes.
        errors: Vec<String>,
    },
    /// An event became a dead letter, or a replay of one failed.
    #[non_exhaustive]
    DeadLettered {
        /// The letter.
        letter: LetterId,
        /// The event, unless the message was none.
        event: Option<EventRef>,
        /// What kind of failure it was.
        class: Class,
        /// Why: the error and its causes.
        errors: Vec<String>,
    },
    /// An event waits for an earlier one of its key.
    #[non_exhaustive]
    Held {
        /// The event.
        event: EventRef,
    },
    /// An event waits for a build that reads its version.
    #[non_exhaustive]
    AwaitingDeploy {
        /// The event.
        event: EventRef,
    },
    /// An event that was held, or awaited a deploy, waits no more.
    #[non_exhaustive]
    Freed {
        /// The event.
        event: EventRef,
    },
    /// Events are missing on a stream.
    #[non_exhaustive]
    GapOpened {
        /// Where.
        gap: Gap,
    },
    /// Events that were missing were had from elsewhere.
    #[non_exhaustive]
    GapClosed {
        /// Where.
        stream: Stream,
        /// How many there were.
        events: usize,
    },
    /// Events that are missing were given up.
    #[non_exhaustive]
    GapSkipped {
        /// Where.
        gap: Gap,
    },
    /// A source that was known began a new epoch: its producer's database was restored or failed over.
    #[non_exhaustive]
    EpochBegun {
        /// The epoch that ended.
        old: Source,
        /// The one that began.
        new: Source,
    },
    /// The transport has given messages to another, for they took longer than it waits; what was done was rolled back.
    #[non_exhaustive]
    LeaseLost {
        /// How many messages.
        messages: usize,
    },
    /// A letter was applied because somebody asked for it.
    #[non_exhaustive]
    Replayed {
        /// The letter, which is gone.
        letter: LetterId,
        /// The event, if the letter tells.
        event: Option<EventRef>,
    },
    /// A letter was taken out without being applied.
    #[non_exhaustive]
    Discarded {
        /// The letter, which is gone.
        letter: LetterId,
        /// The event, if the letter tells.
        event: Option<EventRef>,
        /// Why.
        reason: String,
    },
    /// The health is another than before; the first report counts from "ok".
    #[non_exhaustive]
    Health {
        /// What it was.
        before: Level,
        /// What it is.
        report: Report,
    },
    /// There are more dead letters than when they were counted last.
    #[non_exhaustive]
    DeadLettersGrew {
        /// How many there were.
        before: usize,
        /// How many there are.
        now: usize,
    },
}

/// The hooks of a consumer, if it has any.
#[derive(Clone, Default)]
pub(super) struct Hooked(Option<Arc<dyn Hooks>>);

impl Hooked {
    pub(super) fn new(hooks: impl Hooks) -> Self {
        Self(Some(Arc::new(hooks)))
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// Tells what happened.
    pub(super) fn tell(&self, consumer: &str, happening: &Happening) {
        let Some(hooks) = &self.0 else { return };
        if catch_unwind(AssertUnwindSafe(|| hooks.on(consumer, happening))).is_err() {
            error!(consumer, "a lifecycle hook panicked");
        }
    }
}

impl fmt::Debug for Hooked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_set() { "Hooked" } else { "NotHooked" })
    }
}
