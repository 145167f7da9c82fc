//! One transaction per batch of deliveries.

use std::collections::BTreeMap;

use thiserror::Error;
use tracing::{error, warn};

use super::super::blob::{Fetched, with_data};
use super::super::store::{Backlog, Inbox, InboxTransaction, Marks, NewLetter, StoreError};
use super::{Consumer, ContextOf, Counts};
use crate::backlog::{Place, Verdict, error_chain};
use crate::envelope::{Envelope, EnvelopeError, Source};
use crate::handler::{HandlerError, Handlers};
use crate::id::EventId;
use crate::inbox::{FirstContact, Identity, Mark, Standing, Stream, standing};
use crate::message::Message;
use crate::registry::Destination;

/// The marks that a batch has read, and those that it has moved.
#[derive(Default)]
struct BatchMarks {
    known: BTreeMap<Stream, Option<Mark>>,
    moved: Vec<Stream>,
}

/// Another event was taken at the place of this one.
#[derive(Debug, Error)]
#[error("another event was taken at sequence {sequence} of {source_name}: was the producer's database restored?")]
struct HistoryRewritten {
    sequence: crate::Sequence,
    source_name: Source,
}

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
    /// Applies messages in one transaction; tells how many of them were taken, from the first on.
    ///
    /// Where the transaction fails each message gets one of its own, and a message whose transaction fails alone
    /// counts as failed: it is retried like any other, so it can't block those behind it. A message that waits for one
    /// before it on its stream isn't taken, and holds up no other stream.
    ///
    /// # Errors
    /// When the store can't be reached: nothing was taken.
    ///
    /// # Cancel safety
    /// Dropping the future rolls the batch back.
    pub async fn apply(&self, bodies: &[&[u8]]) -> Result<(usize, Counts), StoreError> {
        let (taken, counts) = self.apply_each(bodies).await?;
        Ok((taken.iter().take_while(|taken| **taken).count(), counts))
    }

    /// Applies messages; tells of each whether it was taken.
    pub(super) async fn apply_each(&self, bodies: &[&[u8]]) -> Result<(Vec<bool>, Counts), StoreError> {
        let fetched = self.fetch(bodies).await;
        let transaction = self.store.begin().await?;
        match self.apply_in(transaction, bodies, &fetched).await {
            Ok(done) => Ok(done),
            Err(error) => {
                warn!(consumer = self.name, cause = ?error_chain(&error), "a batch failed; trying its events singly");
                self.apply_singly(bodies, &fetched).await
            }
        }
    }

    async fn apply_singly(&self, bodies: &[&[u8]], fetched: &Fetched) -> Result<(Vec<bool>, Counts), StoreError> {
        let (mut taken, mut counts) = (Vec::new(), Counts::default());
        for body in bodies {
            match self.apply_alone(body, fetched).await {
                Ok((one, more)) => {
                    taken.extend(one);
                    counts += more;
                }
                Err(error) if taken.is_empty() => return Err(error),
                Err(error) => {
                    warn!(consumer = self.name, cause = ?error_chain(&error), "the rest of a batch comes again");
                    break;
                }
            }
        }
        taken.resize(bodies.len(), false);
        Ok((taken, counts))
    }

    async fn apply_alone(&self, body: &[u8], fetched: &Fetched) -> Result<(Vec<bool>, Counts), StoreError> {
        let transaction = self.store.begin().await?;
        match self.apply_in(transaction, &[body], fetched).await {
            Ok(done) => Ok(done),
            Err(error) => self.set_failed_aside(body, error).await,
        }
    }

    async fn apply_in(
        &self,
        mut transaction: S::Transaction,
        bodies: &[&[u8]],
        fetched: &Fetched,
    ) -> Result<(Vec<bool>, Counts), StoreError> {
        let (mut marks, mut counts) = (BatchMarks::default(), Counts::default());
        let mut taken = Vec::with_capacity(bodies.len());
        for body in bodies {
            taken.push(self.take_one(&mut transaction, &mut marks, body, Ok(fetched), &mut counts).await?);
        }
        marks.write(&mut transaction, self.name).await?;
        transaction.commit().await?;
        Ok((taken, counts))
    }

    /// Takes a message whose own transaction failed as one whose handler failed.
    async fn set_failed_aside(&self, body: &[u8], error: StoreError) -> Result<(Vec<bool>, Counts), StoreError> {
        let mut transaction = self.store.begin().await?;
        let mut marks = BatchMarks::default();
        let mut counts = Counts::default();
        let failed = HandlerError::transient(error);
        let taken = self.take_one(&mut transaction, &mut marks, body, Err(failed), &mut counts).await?;
        marks.write(&mut transaction, self.name).await?;
        transaction.commit().await?;
        Ok((vec![taken], counts))
    }

    /// Takes a message, unless one before it on its stream is missing.
    async fn take_one(
        &self,
        transaction: &mut S::Transaction,
        marks: &mut BatchMarks,
        body: &[u8],
        fetched: Result<&Fetched, HandlerError>,
        counts: &mut Counts,
    ) -> Result<bool, StoreError> {
        let envelope = match Envelope::from_json(body) {
            Ok(envelope) => envelope,
            Err(error) => return self.take_malformed(transaction, body, &error, counts).await,
        };
        match marks.standing(transaction, self.name, &envelope, self.first_contact.unwrap_or_default()).await? {
            Standing::Duplicate => counts.duplicates += 1,
            Standing::Gap => {
                if counts.gaps == 0 {
                    error!(consumer = self.name, source = %envelope.source, id = %envelope.id, "an event before this one is missing");
                }
                counts.gaps += 1;
                return Ok(false);
            }
            Standing::Rewritten => self.take_rewritten(transaction, body, envelope, counts).await?,
            Standing::Next => {
                let begins = marks.begins(&envelope);
                marks.pass(&envelope);
                let (envelope, failed) = match fetched {
                    Ok(fetched) => with_data(envelope, fetched),
                    Err(failed) => (envelope, Some(failed)),
                };
                self.deliver(transaction, body, (envelope, begins), failed, counts).await?;
            }
        }
        Ok(true)
    }

    async fn deliver(
        &self,
        transaction: &mut S::Transaction,
        body: &[u8],
        (envelope, begins): (Envelope, bool),
        failed: Option<HandlerError>,
        counts: &mut Counts,
    ) -> Result<(), StoreError> {
        let destination = self.registry.destination(&envelope);
        if destination == Destination::Ignored {
            counts.ignored += 1;
            return Ok(());
        }
        if let Some(twin) = &envelope.twin
            && !self.takes(transaction, &envelope, twin, begins).await?
        {
            counts.duplicates += 1;
            return Ok(());
        }
        if self.must_wait(transaction, &envelope, destination).await? {
            return self.set_aside(transaction, body, envelope, Place::Held, counts).await;
        }
        match destination {
            Destination::Route { route, version } => {
                self.deprecations.tell(self.name, &envelope);
                let message = Message::new(envelope).read_as(version);
                self.handle(transaction, body, route, message, failed, counts).await
            }
            Destination::AwaitingDeploy => {
                self.set_aside(transaction, body, envelope, Place::AwaitingDeploy, counts).await
            }
            Destination::UnknownVersion => {
                let (event_type, event_version) = (envelope.event_type.clone(), envelope.event_version);
                let error = UnknownVersion { event_type, event_version };
                self.bury(transaction, body, envelope, &error, counts).await
            }
            Destination::UnknownType | Destination::Ignored => {
                let error = UnknownType { consumer: self.name, event_type: envelope.event_type.clone() };
                self.bury(transaction, body, envelope, &error, counts).await
            }
        }
    }

    async fn handle(
        &self,
        transaction: &mut S::Transaction,
        body: &[u8],
        route: usize,
        message: Message,
        failed: Option<HandlerError>,
        counts: &mut Counts,
    ) -> Result<(), StoreError> {
        let result = match failed {
            Some(error) => Err(error),
            None => self.attempt(transaction, route, &message).await?,
        };
        match result {
            Ok(()) => counts.applied += 1,
            Err(error) => self.fail(transaction, body, message.into_envelope(), route, &error, counts).await?,
        }
        Ok(())
    }

    async fn must_wait(
        &self,
        transaction: &mut S::Transaction,
        envelope: &Envelope,
        destination: Destination,
    ) -> Result<bool, StoreError> {
        if let Destination::Route { route, .. } = destination
            && !self.blocks(route)
        {
            return Ok(false);
        }
        transaction.is_blocked(self.name, &envelope.source, &envelope.ordering_key()).await
    }

    async fn set_aside(
        &self,
        transaction: &mut S::Transaction,
        body: &[u8],
        envelope: Envelope,
        place: Place,
        counts: &mut Counts,
    ) -> Result<(), StoreError> {
        match place {
            Place::Held => counts.held += 1,
            _ => counts.awaiting_deploy += 1,
        }
        let letter = NewLetter::new(place, body.to_vec(), Some(envelope));
        transaction.add(self.name, &letter).await.map(drop)
    }

    async fn fail(
        &self,
        transaction: &mut S::Transaction,
        body: &[u8],
        envelope: Envelope,
        route: usize,
        error: &HandlerError,
        counts: &mut Counts,
    ) -> Result<(), StoreError> {
        let errors = error_chain(error.cause());
        warn!(consumer = self.name, id = %envelope.id, event_type = envelope.event_type, cause = ?errors, "a handler failed");
        let mut letter = NewLetter::new(Place::DeadLetter, body.to_vec(), Some(envelope));
        if let Verdict::Retry(due) = self.verdict(route, error, 1) {
            letter.place = Place::Retry;
            letter.due_at = Some(due);
            counts.retries += 1;
        } else {
            counts.dead_letters += 1;
        }
        (letter.blocks, letter.attempts, letter.errors) = (self.blocks(route), 1, errors);
        transaction.add(self.name, &letter).await.map(drop)
    }

    /// Makes a dead letter of an event that no handler could be asked for.
    async fn bury(
        &self,
        transaction: &mut S::Transaction,
        body: &[u8],
        envelope: Envelope,
        error: &(dyn std::error::Error + Send + Sync + 'static),
        counts: &mut Counts,
    ) -> Result<(), StoreError> {
        error!(consumer = self.name, id = %envelope.id, cause = ?error_chain(error), "an event can't be applied");
        counts.dead_letters += 1;
        let mut letter = NewLetter::new(Place::DeadLetter, body.to_vec(), Some(envelope));
        letter.errors = error_chain(error);
        transaction.add(self.name, &letter).await.map(drop)
    }

    async fn take_malformed(
        &self,
        transaction: &mut S::Transaction,
        body: &[u8],
        error: &EnvelopeError,
        counts: &mut Counts,
    ) -> Result<bool, StoreError> {
        let digest = EventId::from(format!("{:x}", md5::compute(body)));
        if !transaction.remember(self.name, &Source::from("malformed"), &digest).await? {
            counts.duplicates += 1;
            return Ok(true);
        }
        error!(consumer = self.name, cause = ?error_chain(error), "a message is no event");
        counts.dead_letters += 1;
        let mut letter = NewLetter::new(Place::DeadLetter, body.to_vec(), None);
        letter.errors = error_chain(error);
        transaction.add(self.name, &letter).await?;
        Ok(true)
    }

    /// An event whose place another one has taken is neither applied nor lost.
    async fn take_rewritten(
        &self,
        transaction: &mut S::Transaction,
        body: &[u8],
        envelope: Envelope,
        counts: &mut Counts,
    ) -> Result<(), StoreError> {
        if !transaction.remember(self.name, &envelope.source, &envelope.id).await? {
            counts.duplicates += 1;
            return Ok(());
        }
        let sequence = envelope.sequence.unwrap_or_default();
        let error = HistoryRewritten { sequence, source_name: envelope.source.clone() };
        self.bury(transaction, body, envelope, &error, counts).await
    }
}

impl BatchMarks {
    async fn standing(
        &mut self,
        transaction: &mut impl Marks,
        consumer: &str,
        envelope: &Envelope,
        first: FirstContact,
    ) -> Result<Standing, StoreError> {
        let Identity::Place { stream, sequence, previous } = Identity::of(envelope) else {
            let new = transaction.remember(consumer, &envelope.source, &envelope.id).await?;
            return Ok(if new { Standing::Next } else { Standing::Duplicate });
        };
        if !self.known.contains_key(&stream) {
            let mark = transaction.mark(consumer, &stream).await?;
            self.known.insert(stream.clone(), mark);
        }
        let mark = self.known.get(&stream).and_then(Option::as_ref);
        Ok(standing(mark, sequence, previous, &envelope.id, first))
    }

    /// Whether the consumer had no mark on the stream of `envelope`, which it has looked for.
    fn begins(&self, envelope: &Envelope) -> bool {
        matches!(Identity::of(envelope), Identity::Place { stream, .. } if self.known.get(&stream) == Some(&None))
    }

    fn pass(&mut self, envelope: &Envelope) {
        if let Identity::Place { stream, sequence, .. } = Identity::of(envelope) {
            if !self.moved.contains(&stream) {
                self.moved.push(stream.clone());
            }
            self.known.insert(stream, Some(Mark::new(sequence, envelope.id.clone())));
        }
    }

    async fn write(&self, transaction: &mut impl Marks, consumer: &str) -> Result<(), StoreError> {
        for stream in &self.moved {
            if let Some(Some(mark)) = self.known.get(stream) {
                transaction.move_mark(consumer, stream, mark).await?;
            }
        }
        Ok(())
    }
}
