//! Data that is kept elsewhere, fetched while no transaction is open.

use super::super::blob::Fetched;
use super::super::store::{Backlog, Inbox, StoreError};
use super::batch::{Reading, read};
use super::{Consumer, ContextOf};
use crate::backlog::LetterId;
use crate::envelope::Envelope;
use crate::handler::Handlers;
use crate::registry::Destination;

impl<S, H> Consumer<S, H>
where
    S: Inbox,
    H: for<'c> Handlers<ContextOf<'c, S>> + 'static,
{
    /// Fetches the data of those messages that a handler takes.
    pub(super) async fn fetch(&self, readings: &[Reading]) -> Fetched {
        let Some(blobs) = &self.blobs else { return Fetched::new() };
        let references = readings.iter().filter_map(|reading| self.reference(reading.as_ref().ok()?)).collect();
        blobs.fetch(references, self.timeout).await
    }

    /// Fetches the data of a letter, which is read in a transaction of its own.
    pub(super) async fn fetch_for(&self, id: LetterId) -> Result<Fetched, StoreError> {
        if self.blobs.is_none() {
            return Ok(Fetched::new());
        }
        let letter = self.store.begin().await?.load(id).await?;
        Ok(match letter {
            Some(letter) => self.fetch(&read(&[&letter.body])).await,
            None => Fetched::new(),
        })
    }

    fn reference(&self, envelope: &Envelope) -> Option<String> {
        let taken = matches!(self.registry.destination(envelope), Destination::Route { .. });
        envelope.reference().filter(|_| taken)
    }
}
