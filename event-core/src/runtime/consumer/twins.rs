//! Of the twins of an event a consumer takes one.

use super::super::store::{Inbox, Marks, StoreError};
use super::{Consumer, ContextOf};
use crate::envelope::{Envelope, Source};
use crate::handler::Handlers;
use crate::id::EventId;
use crate::registry::Destination;
use crate::twin::Twin;

impl<S, H> Consumer<S, H>
where
    S: Inbox,
    H: for<'c> Handlers<ContextOf<'c, S>> + 'static,
{
    /// Whether this one of the twins is taken; the others are duplicates.
    ///
    /// Between the twins another build may have been deployed, which would choose another one. So both what was taken
    /// and how many were passed over is remembered: no twin is taken after another, and the last one is never passed
    /// over. Of a stream that begins with this twin those before it never came, so it isn't passed over if it is read.
    pub(super) async fn takes(
        &self,
        transaction: &mut S::Transaction,
        envelope: &Envelope,
        twin: &Twin,
        begins: bool,
    ) -> Result<bool, StoreError> {
        // A failover between the twins begins a new epoch of the same source.
        let source = Source::from(envelope.source.as_str().split('?').next().unwrap_or_default());
        let note = |what: &str| EventId::from(format!("twin {} {what}", twin.id));
        let is_read = matches!(self.registry.destination(envelope), Destination::Route { .. });
        let is_taken = self.registry.is_taken(envelope, twin) || begins && is_read;
        if !is_taken {
            for passed in 1..twin.versions.len() {
                if transaction.remember(self.name, &source, &note(&format!("passed over {passed}"))).await? {
                    return Ok(false);
                }
            }
        }
        transaction.remember(self.name, &source, &note("taken")).await
    }
}
