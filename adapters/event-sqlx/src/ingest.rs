//! For services that take events from elsewhere by hand: from a file, a webhook, a queue without an adapter.

use std::error::Error as StdError;

use event_core::runtime::{Backlog, Marks, NewLetter, StoreError};
use event_core::{Envelope, LetterId, Place, error_chain};

use crate::database::Database;
use crate::transaction::Transaction;

impl<DB: Database> Transaction<'_, DB>
where
    Self: Marks + Backlog,
{
    /// Whether `consumer` takes this event for the first time; it is remembered by its source and id.
    ///
    /// Call it in the transaction that applies the event: a redelivery then answers `false`.
    ///
    /// # Errors
    /// When the database can't be reached.
    ///
    /// # Cancel safety
    /// Roll back a transaction whose future was dropped.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn example(pool: sqlx::SqlitePool, body: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut tx = event_sqlx::begin(&pool).await?;
    /// match event_core::Envelope::from_json(body) {
    ///     Ok(envelope) if tx.take_once("intake", &envelope).await? => { /* apply it in `tx` */ }
    ///     Ok(_) => {}
    ///     Err(error) => {
    ///         tx.bury("intake", body, None, &error).await?;
    ///     }
    /// }
    /// tx.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn take_once(&mut self, consumer: &str, envelope: &Envelope) -> Result<bool, StoreError> {
        self.remember(consumer, &envelope.source, &envelope.id).await
    }

    /// Makes a dead letter of a message that can't be applied, with its error and all causes.
    ///
    /// The letter holds up nothing: what comes later under the same key is applied.
    ///
    /// # Errors
    /// When the database can't be reached.
    ///
    /// # Cancel safety
    /// Roll back a transaction whose future was dropped.
    pub async fn bury(
        &mut self,
        consumer: &str,
        body: &[u8],
        envelope: Option<&Envelope>,
        error: &(dyn StdError + 'static),
    ) -> Result<LetterId, StoreError> {
        let mut letter = NewLetter::new(Place::DeadLetter, body.to_vec(), envelope.cloned());
        (letter.blocks, letter.errors) = (false, error_chain(error));
        self.add(consumer, &letter).await
    }
}
