//! What a consumer has taken but not applied: retries, held events, dead letters, and events that await a deploy.

use std::error::Error as StdError;
use std::fmt;

use crate::clock::Timestamp;
use crate::envelope::Source;
use crate::handler::HandlerError;
use crate::id::EventId;
use crate::retry::RetryPolicy;
use crate::slot::PartitionKey;

/// The id of an entry of a backlog, a dead letter for instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LetterId(i64);

impl LetterId {
    /// The id of this number.
    #[must_use]
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }
}

impl fmt::Display for LetterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "letter {}", self.0)
    }
}

/// Why an event is in a backlog. An event is in exactly one of these places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// It failed and is tried again when it is due.
    Retry,
    /// It waits for an earlier event of its key.
    Held,
    /// Its version is newer than this build.
    AwaitingDeploy,
    /// It can't be applied until somebody mends the cause, replays or discards it.
    DeadLetter,
}

impl Place {
    pub(crate) const ALL: [Self; 4] = [Self::Retry, Self::Held, Self::AwaitingDeploy, Self::DeadLetter];

    /// The word for it, as it stands in a database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Held => "held",
            Self::AwaitingDeploy => "awaiting_deploy",
            Self::DeadLetter => "dead_letter",
        }
    }

    /// The place of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.as_str() == word)
    }
}

/// What kind of failure made a dead letter, or a retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Class {
    /// It might have gone well on another try; the attempts are spent.
    Transient,
    /// No try can help.
    Permanent,
    /// The data is not what its version says, or no reader of that version is left.
    Schema,
    /// The message is no event.
    Malformed,
}

impl Class {
    pub(crate) const ALL: [Self; 4] = [Self::Transient, Self::Permanent, Self::Schema, Self::Malformed];

    /// The word for it, as it stands in a database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Transient => "transient",
            Self::Permanent => "permanent",
            Self::Schema => "schema",
            Self::Malformed => "malformed",
        }
    }

    /// The class of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == word)
    }
}

/// An event in a backlog.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Letter {
    /// The id; assigned by the store.
    pub id: LetterId,
    /// Who could not apply it.
    pub consumer: String,
    /// Where it is.
    pub place: Place,
    /// The message as it came: a structured CloudEvent, or what was no event at all.
    pub body: Vec<u8>,
    /// The outbox that it came from, if that could be read.
    pub source: Option<Source>,
    /// The id of the event, if that could be read.
    pub event_id: Option<EventId>,
    /// The wire type, if that could be read.
    pub event_type: Option<String>,
    /// The version, if that could be read.
    pub event_version: Option<u32>,
    /// What orders it, if that could be read.
    pub partition_key: Option<PartitionKey>,
    /// Whether later events of its key wait for it.
    pub blocks: bool,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next: retries only.
    pub due_at: Option<Timestamp>,
    /// Why it is here: the error and its causes, the outermost first.
    pub errors: Vec<String>,
    /// What kind of failure that was.
    pub class: Option<Class>,
    /// The replay that asked for it to be tried once more, until it was.
    pub replay: Option<String>,
    /// When it came here first.
    pub since: Timestamp,
}

impl Letter {
    /// A letter of which nothing but this is known.
    #[must_use]
    pub fn new(id: LetterId, consumer: impl Into<String>, place: Place, body: Vec<u8>, since: Timestamp) -> Self {
        Self {
            id,
            consumer: consumer.into(),
            place,
            body,
            source: None,
            event_id: None,
            event_type: None,
            event_version: None,
            partition_key: None,
            blocks: false,
            attempts: 0,
            due_at: None,
            errors: Vec::new(),
            class: None,
            replay: None,
            since,
        }
    }
}

/// What to do with an event whose handler failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Try again then.
    Retry(Timestamp),
    /// Give up until somebody replays it.
    DeadLetter,
}

/// What happens after the attempt number `attempts` failed with `error`.
#[must_use]
pub fn after_failure(
    error: &HandlerError,
    attempts: u32,
    policy: &RetryPolicy,
    now: Timestamp,
    jitter: f64,
) -> Verdict {
    if !error.is_transient() {
        return Verdict::DeadLetter;
    }
    policy.next_attempt(attempts, now, jitter).map_or(Verdict::DeadLetter, Verdict::Retry)
}

/// An error and its causes as texts, the outermost first; at most 16 of at most 4,000 characters. U+0000, which not every
/// database can store, becomes U+FFFD.
#[must_use]
pub fn error_chain(error: &(dyn StdError + 'static)) -> Vec<String> {
    let mut chain = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next.filter(|_| chain.len() < 16) {
        chain.push(
            error
                .to_string()
                .chars()
                .take(4000)
                .map(|c| if c == '\0' { char::REPLACEMENT_CHARACTER } else { c })
                .collect(),
        );
        next = error.source();
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permanent_failure_is_a_letter_at_once_and_a_transient_one_when_its_budget_is_spent() {
        let now = Timestamp::from_unix_micros(0);
        let judge = |error: &HandlerError, n| after_failure(error, n, &RetryPolicy::default(), now, 0.0);
        assert_eq!(judge(&HandlerError::permanent("no"), 1), Verdict::DeadLetter);
        assert_eq!(judge(&HandlerError::transient("not now"), 4), Verdict::Retry(now));
        assert_eq!(judge(&HandlerError::transient("not now"), 5), Verdict::DeadLetter);
    }

    #[test]
    fn the_chain_holds_no_nul() {
        assert_eq!(error_chain(&std::io::Error::other("a\0b")), ["a\u{FFFD}b"]);
    }

    #[test]
    fn the_chain_keeps_every_cause() {
        let inner = std::io::Error::other("disk full");
        let outer = crate::EnqueueError::Store(Box::new(inner));
        assert_eq!(error_chain(&outer), ["cannot insert into the outbox", "disk full"]);
    }
}
