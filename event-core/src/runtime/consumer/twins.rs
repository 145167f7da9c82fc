//! Of the twins of an event a consumer takes one.

use super::super::store::{Inbox, Marks, StoreError};
use super::{Consumer, ContextOf};
use crate::envelope::Envelope;
use crate::handler::Handlers;
use crate::id::EventId;
use crate::twin::Twin;

impl<S, H> Consumer<S, H>
where
    S: Inbox,
    H: for<'c> Handlers<ContextOf<'c, S>> + 'static,
{
    /// Whether this one of the twins is taken; the other one is a duplicate.
    ///
    /// Between the twins another build may have been deployed, which would choose the other one. So both what was taken
    /// and what was passed over are remembered: no twin is taken after another, and the last one is never passed over.
    pub(super) async fn takes(
        &self,
        transaction: &mut S::Transaction,
        envelope: &Envelope,
        twin: &Twin,
    ) -> Result<bool, StoreError> {
        let note = |what: &str| EventId::from(format!("twin {} {what}", twin.id));
        if !self.registry.is_taken(envelope, twin)
            && transaction.remember(self.name, &envelope.source, &note("passed over")).await?
        {
            return Ok(false);
        }
        transaction.remember(self.name, &envelope.source, &note("taken")).await
    }
}
