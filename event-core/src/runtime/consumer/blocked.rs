//! The keys of a batch whose later events wait for an earlier one.

use std::collections::HashSet;

use super::super::store::{Backlog, StoreError};
use crate::envelope::{Envelope, Source};
use crate::registry::{Destination, Registry};
use crate::slot::PartitionKey;

/// A key, and the outbox that it is of.
type Key = (Source, PartitionKey);

/// The keys of a batch that are blocked.
#[derive(Debug, Default)]
pub(super) struct Blocked {
    keys: HashSet<Key>,
}

impl Blocked {
    /// Looks at the keys of all events that aren't ignored, at once.
    pub(super) async fn look<'e>(
        transaction: &mut impl Backlog,
        consumer: &str,
        registry: &Registry,
        envelopes: impl Iterator<Item = &'e Envelope>,
    ) -> Result<Self, StoreError> {
        let wanted = envelopes.filter(|envelope| registry.destination(envelope) != Destination::Ignored);
        let keys: Vec<Key> = wanted.map(key_of).collect::<HashSet<_>>().into_iter().collect();
        if keys.is_empty() {
            return Ok(Self::default());
        }
        let blocked = transaction.blocked(consumer, &keys).await?;
        Ok(Self { keys: keys.into_iter().zip(blocked).filter(|(_, blocked)| *blocked).map(|(key, _)| key).collect() })
    }

    /// Whether an earlier event of the key is in the backlog.
    pub(super) fn holds(&self, envelope: &Envelope) -> bool {
        !self.keys.is_empty() && self.keys.contains(&key_of(envelope))
    }

    /// From now on later events of this key wait.
    pub(super) fn add(&mut self, envelope: &Envelope) {
        self.keys.insert(key_of(envelope));
    }
}

fn key_of(envelope: &Envelope) -> Key {
    (envelope.source.without_epoch(), envelope.ordering_key())
}
