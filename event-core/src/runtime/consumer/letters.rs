//! Working the backlog: retries that are due, held events that are free, replays, and events whose deploy has come.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::super::blob::{Fetched, with_data};
use super::super::hooks::{EventRef, Happening};
use super::super::operator::discard;
use super::super::store::{Audit, Backlog, Inbox, InboxTransaction, StoreError};
use super::super::telemetry::consumer_applied;
use super::news::worked;
use super::{Consumer, ContextOf, Counts};
use crate::asked::Asked;
use crate::audit::{Action, Entry};
use crate::backlog::{Class, Letter, LetterId, Place, Verdict, error_chain};
use crate::clock::Timestamp;
use crate::envelope::Envelope;
use crate::handler::{HandlerError, Handlers};
use crate::message::Message;
use crate::registry::Destination;

/// How many letters are read at a time.
const PAGE: u32 = 100;

/// What became of a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Replayed {
    /// The event was applied and its letter is gone.
    Applied,
    /// There is no such letter of this consumer any more: it was replayed or discarded before. Or it is held behind
    /// an earlier event of its key, and flows when that one is replayed.
    Skipped,
    /// It failed again, with this error and its causes; the letter stays.
    Failed(Vec<String>),
}

impl<S, H> Consumer<S, H>
where
    S: Inbox,
    H: for<'c> Handlers<ContextOf<'c, S>> + 'static,
{
    /// Applies a letter now. Replaying it twice, or from two places at once, applies it once.
    ///
    /// # Errors
    /// When the store can't be reached: the letter stays as it was.
    ///
    /// # Cancel safety
    /// Dropping the future leaves the letter as it was.
    pub async fn replay(&self, id: LetterId) -> Result<Replayed, StoreError> {
        let fetched = self.fetch_for(id).await?;
        let mut transaction = self.store.begin().await?;
        let own = |letter: &Letter| letter.consumer == self.name && letter.place != Place::Held;
        let Some(mut letter) = transaction.load(id).await?.filter(own) else {
            return Ok(Replayed::Skipped);
        };
        let failure = match self.try_letter(&mut transaction, &letter, &fetched).await? {
            Ok(_) => {
                transaction.remove(&letter).await?;
                transaction.record(&Entry::about(Action::Replayed, &letter, "replayed by the service")).await?;
                transaction.commit().await?;
                info!(consumer = self.name, letter = id.number(), "replayed");
                self.announce([Happening::Replayed { letter: id, event: EventRef::of_letter(&letter) }]);
                return Ok(Replayed::Applied);
            }
            Err(failure) => failure,
        };
        let errors = error_chain(failure.error.cause());
        letter.class = Some(failure.class.unwrap_or(failure.error.class()));
        letter.attempts = letter.attempts.saturating_add(1);
        letter.errors.clone_from(&errors);
        transaction.update(&letter).await?;
        transaction.commit().await?;
        Ok(Replayed::Failed(errors))
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
        let own = |letter: &Letter| letter.consumer == self.name;
        let Some(letter) = discard(&self.store, id, own, (reason, None)).await? else { return Ok(false) };
        let event = EventRef::of_letter(&letter);
        self.announce([Happening::Discarded { letter: id, event, reason: reason.to_owned() }]);
        Ok(true)
    }

    /// The dead letters of this consumer in the order in which they came, at most `limit` with an id above `after`.
    ///
    /// # Errors
    /// When the store can't be reached.
    pub async fn dead_letters(&self, after: LetterId, limit: u32) -> Result<Vec<Letter>, StoreError> {
        self.store.letters(self.name, Place::DeadLetter, after, limit).await
    }

    /// Works every letter that can be tried now, also those that become free on the way.
    ///
    /// # Errors
    /// When the store can't be reached. What was worked by then stays worked.
    ///
    /// # Cancel safety
    /// Dropping the future rolls the letter at hand back.
    pub async fn work_letters(&self) -> Result<Counts, StoreError> {
        let (mut counts, shutdown) = (Counts::default(), CancellationToken::new());
        while self.work_page(&shutdown, &mut counts).await?.is_none() {}
        Ok(counts)
    }

    /// Works a page of letters; tells, if there was none, how long to wait for the next.
    pub(super) async fn work_page(
        &self,
        shutdown: &CancellationToken,
        counts: &mut Counts,
    ) -> Result<Option<Duration>, StoreError> {
        let now = self.store.now();
        let (due, next) = self.store.due(self.name, now, PAGE).await?;
        if due.is_empty() {
            return Ok(Some(next.map_or(self.poll, |at| at.since(now).min(self.poll))));
        }
        for id in due {
            // Those that are held behind it follow one after the other, without another look; not for ever, for others are due.
            let (mut next, mut left) = (Some(id), PAGE);
            while let Some(id) = next.filter(|_| left > 0) {
                left -= 1;
                if shutdown.is_cancelled() {
                    return Ok(Some(Duration::ZERO));
                }
                next = self.work_letter(id, counts).await?;
            }
        }
        Ok(None)
    }

    /// Tries one letter in a transaction of its own; where that fails, the failure counts as one of the handler. Tells which
    /// one is free by that.
    async fn work_letter(&self, id: LetterId, counts: &mut Counts) -> Result<Option<LetterId>, StoreError> {
        let fetched = self.fetch_for(id).await?;
        let transaction = self.store.begin().await?;
        let error = match self.work_letter_in(transaction, id, Ok(&fetched), counts).await {
            Ok(next) => return Ok(next),
            Err(error) => error,
        };
        warn!(consumer = self.name, letter = id.number(), cause = ?error_chain(&error), "a letter was rolled back");
        let transaction = self.store.begin().await?;
        self.work_letter_in(transaction, id, Err(HandlerError::transient(error)), counts).await
    }

    async fn work_letter_in(
        &self,
        mut transaction: S::Transaction,
        id: LetterId,
        fetched: Result<&Fetched, HandlerError>,
        counts: &mut Counts,
    ) -> Result<Option<LetterId>, StoreError> {
        let Some(mut letter) = transaction.load(id).await?.filter(|letter| self.can_try(letter)) else {
            return Ok(None);
        };
        let result = match fetched {
            Err(error) => Err(Failure { route: None, error, class: None }),
            Ok(fetched) => self.try_letter(&mut transaction, &letter, fetched).await?,
        };
        let (mut change, was, mut next) = (Counts::default(), letter.place, None);
        let mut applied = None;
        match result {
            Ok(done) => {
                applied = Some(done);
                next = transaction.remove(&letter).await?;
                if let Some(replay) = &letter.replay {
                    let asked = Asked::from_text(replay);
                    transaction.record(&Entry::about(Action::Replayed, &letter, asked.reason).by(asked.by)).await?;
                }
                change.applied += 1;
            }
            Err(failure) => {
                self.settle(&mut letter, &failure, &mut change);
                transaction.update(&letter).await?;
            }
        }
        transaction.commit().await?;
        self.tell_worked(&letter, was, applied);
        *counts += change;
        Ok(next)
    }

    /// Tells of a letter that was worked.
    fn tell_worked(&self, letter: &Letter, was: Place, applied: Option<Done>) {
        if let Some(time) = applied.as_ref().and_then(|done| done.time) {
            consumer_applied(self.name, time, self.store.now());
        }
        if self.hooks.is_set() {
            self.announce(worked(letter, was, applied.map(|done| self.handler(done.route))));
        }
    }

    /// Whether a letter that was due is so still: another process may have tried it since.
    fn can_try(&self, letter: &Letter) -> bool {
        let now = self.store.now();
        letter.consumer == self.name
            && match letter.place {
                Place::Retry => letter.due_at.is_some_and(|due| due <= now),
                place => place == Place::Held,
            }
    }

    async fn try_letter(
        &self,
        transaction: &mut S::Transaction,
        letter: &Letter,
        fetched: &Fetched,
    ) -> Result<Result<Done, Failure>, StoreError> {
        let envelope = match Envelope::from_json(&letter.body) {
            Ok(envelope) => envelope,
            Err(error) => return Ok(Err(Failure::malformed(error))),
        };
        match self.registry.destination(&envelope) {
            Destination::Route { route, version } => {
                let (envelope, failed) = with_data(envelope, fetched);
                if let Some(error) = failed {
                    return Ok(Err(Failure { route: Some(route), error, class: None }));
                }
                let done = Done { route, time: envelope.time };
                let message = Message::new(envelope).read_as(version).on_attempt(letter.attempts.saturating_add(1));
                let result = self.attempt(transaction, route, &message).await?;
                Ok(result.map(|()| done).map_err(|error| Failure { route: Some(route), error, class: None }))
            }
            Destination::AwaitingDeploy => Ok(Err(Failure::awaiting(&envelope))),
            Destination::UnknownVersion => {
                Ok(Err(Failure::schema(NoHandler(envelope.event_type, envelope.event_version))))
            }
            Destination::Ignored | Destination::UnknownType => {
                Ok(Err(Failure::permanent(NoHandler(envelope.event_type, envelope.event_version))))
            }
        }
    }

    fn settle(&self, letter: &mut Letter, failure: &Failure, counts: &mut Counts) {
        letter.due_at = None;
        let was_asked = letter.replay.take().is_some();
        if matches!(failure.error.cause().downcast_ref(), Some(NotDeployed(..))) {
            letter.place = Place::AwaitingDeploy;
            counts.awaiting_deploy += 1;
            return;
        }
        letter.attempts = letter.attempts.saturating_add(1);
        letter.errors = error_chain(failure.error.cause());
        letter.class = Some(failure.class.unwrap_or(failure.error.class()));
        // A replay is one attempt: who asked for it wants the answer.
        if was_asked {
            letter.place = Place::DeadLetter;
            counts.dead_letters += 1;
            return;
        }
        match self.verdict(failure.route.unwrap_or(usize::MAX), &failure.error, letter.attempts) {
            Verdict::Retry(due) => {
                (letter.place, letter.due_at) = (Place::Retry, Some(due));
                counts.retries += 1;
            }
            Verdict::DeadLetter => {
                letter.place = Place::DeadLetter;
                counts.dead_letters += 1;
            }
        }
    }

    /// Frees the events that awaited this build: those whose version it knows are due now, and so are those that it
    /// takes no more, which become dead letters.
    ///
    /// # Errors
    /// When the store can't be reached.
    pub(super) async fn reconsider(&self) -> Result<(), StoreError> {
        let mut after = LetterId::new(0);
        loop {
            let page = self.store.letters(self.name, Place::AwaitingDeploy, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            for letter in page {
                self.reconsider_letter(letter).await?;
            }
        }
    }

    async fn reconsider_letter(&self, letter: Letter) -> Result<(), StoreError> {
        let awaits = Envelope::from_json(&letter.body)
            .is_ok_and(|envelope| self.registry.destination(&envelope) == Destination::AwaitingDeploy);
        if awaits {
            return Ok(());
        }
        let mut transaction = self.store.begin().await?;
        let Some(mut letter) = transaction.load(letter.id).await? else { return Ok(()) };
        let frees = letter.place == Place::AwaitingDeploy;
        if frees {
            (letter.place, letter.due_at) = (Place::Retry, Some(self.store.now()));
            transaction.update(&letter).await?;
        }
        transaction.commit().await?;
        self.announce(EventRef::of_letter(&letter).filter(|_| frees).map(|event| Happening::Freed { event }));
        Ok(())
    }
}

/// An event of a letter that was applied.
struct Done {
    route: usize,
    time: Option<Timestamp>,
}

/// Why a letter could not be applied.
struct Failure {
    route: Option<usize>,
    error: HandlerError,
    /// Where the error doesn't say.
    class: Option<Class>,
}

impl Failure {
    fn permanent(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { route: None, error: HandlerError::permanent(error), class: None }
    }

    fn schema(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { route: None, error: HandlerError::schema(error), class: None }
    }

    fn malformed(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { class: Some(Class::Malformed), ..Self::permanent(error) }
    }

    fn awaiting(envelope: &Envelope) -> Self {
        Self::permanent(NotDeployed(envelope.event_type.clone(), envelope.event_version))
    }
}

/// A version that is newer than this build.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` version {1} is newer than this build")]
struct NotDeployed(String, u32);

/// An event that no handler takes any more.
#[derive(Debug, thiserror::Error)]
#[error("no handler takes `{0}` version {1}")]
struct NoHandler(String, u32);
