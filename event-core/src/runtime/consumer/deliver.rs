//! What a batch does with an event that it takes: hand it to its handler, or set it aside.

use thiserror::Error;
use tracing::{error, warn};

use super::super::blob::{Fetched, with_data};
use super::super::hooks::{EventRef, Happening};
use super::super::store::{Backlog, Inbox, Marks, NewLetter, StoreError};
use super::batch::Work;
use super::news::failed;
use super::{Consumer, ContextOf};
use crate::backlog::{Class, Place, Verdict, error_chain};
use crate::envelope::{Envelope, EnvelopeError, Source};
use crate::handler::{HandlerError, Handlers};
use crate::id::EventId;
use crate::message::Message;
use crate::registry::Destination;

/// No handler takes the event, and the consumer declared `unknown = "dead_letter"`.
#[derive(Debug, Error)]
#[error("no handler of `{consumer}` takes `{event_type}`")]
struct UnknownType {
    consumer: &'static str,
    event_type: String,
}

/// The version is older than any that this build reads.
#[derive(Debug, Error)]
#[error("`{event_type}` version {event_version} is older than any version that this build reads")]
struct UnknownVersion {
    event_type: String,
    event_version: u32,
}

impl<S, H> Consumer<S, H>
where
    S: Inbox,
    H: for<'c> Handlers<ContextOf<'c, S>> + 'static,
{
    pub(super) async fn deliver(
        &self,
        work: &mut Work<S::Transaction>,
        body: &[u8],
        (envelope, begins): (Envelope, bool),
        (fetched, failed): (&Fetched, Option<HandlerError>),
    ) -> Result<(), StoreError> {
        let (envelope, not_fetched) = with_data(envelope, fetched);
        let failed = failed.or(not_fetched);
        let destination = self.registry.destination(&envelope);
        if destination == Destination::Ignored {
            work.counts.ignored += 1;
            return Ok(());
        }
        if let Some(twin) = &envelope.twin
            && !self.takes(&mut work.transaction, &envelope, twin, begins).await?
        {
            work.duplicate(&envelope);
            return Ok(());
        }
        if self.must_wait(work, &envelope, destination) {
            return self.set_aside(work, body, envelope, Place::Held).await;
        }
        match destination {
            Destination::Route { route, version } => {
                self.deprecations.tell(self.name, &envelope);
                let message = Message::new(envelope).read_as(version);
                self.handle(work, body, route, message, failed).await
            }
            Destination::AwaitingDeploy => self.set_aside(work, body, envelope, Place::AwaitingDeploy).await,
            Destination::UnknownVersion => {
                let (event_type, event_version) = (envelope.event_type.clone(), envelope.event_version);
                self.bury(work, body, envelope, &UnknownVersion { event_type, event_version }, Class::Schema).await
            }
            Destination::UnknownType | Destination::Ignored => {
                let unknown = UnknownType { consumer: self.name, event_type: envelope.event_type.clone() };
                self.bury(work, body, envelope, &unknown, Class::Permanent).await
            }
        }
    }

    async fn handle(
        &self,
        work: &mut Work<S::Transaction>,
        body: &[u8],
        route: usize,
        message: Message,
        failed: Option<HandlerError>,
    ) -> Result<(), StoreError> {
        let result = match failed {
            Some(error) => Err(error),
            None => self.attempt(&mut work.transaction, route, &message).await?,
        };
        match result {
            Ok(()) => {
                work.counts.applied += 1;
                work.news.applied(&message, self.handler(route));
            }
            Err(error) => self.fail(work, body, message.into_envelope(), route, &error).await?,
        }
        Ok(())
    }

    fn must_wait(&self, work: &Work<S::Transaction>, envelope: &Envelope, destination: Destination) -> bool {
        let ordered = match destination {
            Destination::Route { route, .. } => self.blocks(route),
            _ => true,
        };
        ordered && work.blocked.holds(envelope)
    }

    async fn set_aside(
        &self,
        work: &mut Work<S::Transaction>,
        body: &[u8],
        envelope: Envelope,
        place: Place,
    ) -> Result<(), StoreError> {
        let event = || EventRef::of(&envelope);
        match place {
            Place::Held => {
                work.counts.held += 1;
                work.news.tell(|| Happening::Held { event: event() });
            }
            _ => {
                work.counts.awaiting_deploy += 1;
                work.news.tell(|| Happening::AwaitingDeploy { event: event() });
            }
        }
        work.blocked.add(&envelope);
        let letter = NewLetter::new(place, body.to_vec(), Some(envelope));
        work.transaction.add(self.name, &letter).await.map(drop)
    }

    async fn fail(
        &self,
        work: &mut Work<S::Transaction>,
        body: &[u8],
        envelope: Envelope,
        route: usize,
        error: &HandlerError,
    ) -> Result<(), StoreError> {
        let errors = error_chain(error.cause());
        warn!(consumer = self.name, id = %envelope.id, event_type = envelope.event_type, cause = ?errors, "a handler failed");
        let blocks = self.blocks(route);
        if blocks {
            work.blocked.add(&envelope);
        }
        let mut letter = NewLetter::new(Place::DeadLetter, body.to_vec(), Some(envelope));
        if let Verdict::Retry(due) = self.verdict(route, error, 1) {
            letter.place = Place::Retry;
            letter.due_at = Some(due);
            work.counts.retries += 1;
        } else {
            work.counts.dead_letters += 1;
        }
        (letter.blocks, letter.attempts, letter.errors) = (blocks, 1, errors);
        letter.class = Some(error.class());
        self.add(work, letter).await
    }

    /// Makes a dead letter of an event that no handler could be asked for.
    pub(super) async fn bury(
        &self,
        work: &mut Work<S::Transaction>,
        body: &[u8],
        envelope: Envelope,
        error: &(dyn std::error::Error + Send + Sync + 'static),
        class: Class,
    ) -> Result<(), StoreError> {
        error!(consumer = self.name, id = %envelope.id, cause = ?error_chain(error), "an event can't be applied");
        work.counts.dead_letters += 1;
        work.blocked.add(&envelope);
        let mut letter = NewLetter::new(Place::DeadLetter, body.to_vec(), Some(envelope));
        (letter.errors, letter.class) = (error_chain(error), Some(class));
        self.add(work, letter).await
    }

    /// Adds a letter that failed.
    async fn add(&self, work: &mut Work<S::Transaction>, letter: NewLetter) -> Result<(), StoreError> {
        let id = work.transaction.add(self.name, &letter).await?;
        work.news.tell(|| {
            let event = letter.envelope.as_ref().map(EventRef::of);
            failed(id, event, letter.due_at, (letter.attempts, letter.class, letter.errors))
        });
        Ok(())
    }

    pub(super) async fn take_malformed(
        &self,
        work: &mut Work<S::Transaction>,
        body: &[u8],
        error: &EnvelopeError,
    ) -> Result<bool, StoreError> {
        let digest = EventId::from(format!("{:x}", md5::compute(body)));
        if !work.transaction.remember(self.name, &Source::from("malformed"), &digest).await? {
            work.counts.duplicates += 1;
            return Ok(true);
        }
        error!(consumer = self.name, cause = ?error_chain(error), "a message is no event");
        work.counts.dead_letters += 1;
        let mut letter = NewLetter::new(Place::DeadLetter, body.to_vec(), None);
        (letter.errors, letter.class) = (error_chain(error), Some(Class::Malformed));
        self.add(work, letter).await?;
        Ok(true)
    }
}
