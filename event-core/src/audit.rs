//! What people, and a consumer by itself, decided about events: kept for whoever asks later.

use crate::backlog::{Letter, LetterId};
use crate::id::EventId;

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// A letter was taken out without being applied.
    Discarded,
    /// A letter was applied because somebody asked for it.
    Replayed,
    /// A mark was moved past events that never came.
    Skipped,
    /// A consumer began again.
    Rebuilt,
    /// A source began a new epoch.
    EpochBegun,
}

impl Action {
    const ALL: [Self; 5] = [Self::Discarded, Self::Replayed, Self::Skipped, Self::Rebuilt, Self::EpochBegun];

    /// The action of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == word)
    }

    /// The word for it, as it stands in a database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Discarded => "discarded",
            Self::Replayed => "replayed",
            Self::Skipped => "skipped",
            Self::Rebuilt => "rebuilt",
            Self::EpochBegun => "epoch_begun",
        }
    }
}

/// An entry of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// What was decided.
    pub action: Action,
    /// Whose events it was about.
    pub consumer: String,
    /// Who decided: a person, if the tool knows one; else the consumer itself.
    pub actor: Option<String>,
    /// Why.
    pub reason: String,
    /// The letter, if it was about one.
    pub letter: Option<LetterId>,
    /// The event, if it was about one.
    pub event_id: Option<EventId>,
    /// The message, if it is kept nowhere else any more.
    pub body: Vec<u8>,
    /// The error of the letter and its causes.
    pub errors: Vec<String>,
}

impl Entry {
    /// An entry about `consumer`.
    #[must_use]
    pub fn new(action: Action, consumer: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            action,
            consumer: consumer.into(),
            actor: None,
            reason: reason.into(),
            letter: None,
            event_id: None,
            body: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// An entry about a letter.
    #[must_use]
    pub fn about(action: Action, letter: &Letter, reason: impl Into<String>) -> Self {
        let mut entry = Self::new(action, &letter.consumer, reason);
        (entry.letter, entry.event_id) = (Some(letter.id), letter.event_id.clone());
        entry.errors.clone_from(&letter.errors);
        if action == Action::Discarded {
            entry.body.clone_from(&letter.body);
        }
        entry
    }

    /// The same entry, with who decided.
    #[must_use]
    pub fn by(mut self, actor: Option<String>) -> Self {
        self.actor = actor;
        self
    }
}
