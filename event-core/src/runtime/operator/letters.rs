//! Letters, replayed by the running consumer or discarded.

use std::collections::HashMap;

use tracing::info;

use super::super::store::{Audit, Backlog, Inbox, InboxTransaction, Letters, StoreError};
use super::Operator;
use crate::asked::Asked;
use crate::audit::{Action, Entry};
use crate::backlog::{Letter, LetterId, Place};
use crate::clock::Timestamp;

/// What became of a letter that was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The event was applied, and its letter is gone.
    Replayed,
    /// Somebody discarded it, or took it for a replay of his own.
    Skipped,
    /// It failed again, with this error and its causes; the letter stays.
    Failed(Vec<String>),
    /// The consumer has not tried it yet: is it running?
    Waiting,
}

/// Due by any clock: what a consumer compares it with is the clock of its own host.
const DUE: Timestamp = Timestamp::from_unix_micros(0);

impl<S: Inbox + Letters> Operator<S> {
    /// Has the running consumer try a dead letter once more; tells whether it will. It won't if the letter is gone or no dead
    /// letter, or if somebody has asked for it already.
    ///
    /// One more try is one more: a letter that fails again is a dead letter again. What was handed out is tried, whatever
    /// becomes of the operator.
    ///
    /// # Errors
    /// When the store can't be reached: the letter stays as it was.
    ///
    /// # Cancel safety
    /// Dropping the future leaves the letter as it was, or handed out.
    pub async fn hand_out(&self, id: LetterId, asked: &Asked) -> Result<bool, StoreError> {
        let mut transaction = self.store.begin().await?;
        let dead = |letter: &Letter| letter.place == Place::DeadLetter;
        let Some(mut letter) = transaction.load(id).await?.filter(dead) else { return Ok(false) };
        (letter.place, letter.due_at) = (Place::Retry, Some(DUE));
        letter.replay = Some(asked.to_text());
        transaction.update(&letter).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// What became of letters that were handed out by `asked`.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    pub async fn outcomes(&self, ids: &[LetterId], asked: &Asked) -> Result<Vec<(LetterId, Outcome)>, StoreError> {
        // Letters before the audit: a letter that is gone has its entry by then. A rebuild takes letters out by one entry.
        let letters: HashMap<_, _> =
            self.store.read(ids).await?.into_iter().map(|letter| (letter.id, letter)).collect();
        let gone: Vec<_> = ids.iter().copied().filter(|id| !letters.contains_key(id)).collect();
        let ended: HashMap<_, _> = self.store.ended(&gone).await?.into_iter().collect();
        let outcome = |id: &LetterId| match (letters.get(id), ended.get(id)) {
            (Some(letter), _) => of_letter(letter, asked),
            (None, Some(Action::Replayed)) => Outcome::Replayed,
            (None, _) => Outcome::Skipped,
        };
        Ok(ids.iter().map(|id| (*id, outcome(id))).collect())
    }

    /// Takes a letter out for good; `reason` is kept for the audit. Held events of its key flow again.
    ///
    /// Answers whether the letter was there.
    ///
    /// # Errors
    /// When the store can't be reached: the letter stays.
    ///
    /// # Cancel safety
    /// Dropping the future leaves the letter as it was, or discarded.
    pub async fn discard(&self, id: LetterId, reason: &str) -> Result<bool, StoreError> {
        let discarded = discard(&self.store, id, |_| true, (reason, self.by.clone())).await?;
        Ok(discarded.is_some())
    }

    /// A replay of this id, asked for by this operator.
    #[must_use]
    pub fn asks(&self, id: impl Into<String>, reason: impl Into<String>) -> Asked {
        Asked::new(id, self.by.clone(), reason)
    }
}

/// Takes a letter out for good, if it is one that may be; tells which it was.
pub(in crate::runtime) async fn discard<S: Inbox>(
    store: &S,
    id: LetterId,
    may: impl FnOnce(&Letter) -> bool,
    (reason, by): (&str, Option<String>),
) -> Result<Option<Letter>, StoreError> {
    let mut transaction = store.begin().await?;
    let Some(letter) = transaction.load(id).await?.filter(may) else { return Ok(None) };
    transaction.remove(&letter).await?;
    transaction.record(&Entry::about(Action::Discarded, &letter, reason).by(by)).await?;
    transaction.commit().await?;
    info!(consumer = letter.consumer, letter = id.number(), reason, "discarded");
    Ok(Some(letter))
}

fn of_letter(letter: &Letter, asked: &Asked) -> Outcome {
    let asked_by = letter.replay.as_deref().map(Asked::from_text);
    match asked_by {
        Some(found) if found.id == asked.id => Outcome::Waiting,
        // Another replay can only have been asked for once ours had failed.
        Some(_) | None if letter.place == Place::AwaitingDeploy => {
            Outcome::Failed(vec!["its version is newer than the build of the running consumer".to_owned()])
        }
        Some(_) | None => Outcome::Failed(letter.errors.clone()),
    }
}
