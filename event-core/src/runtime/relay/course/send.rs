//! What goes out: reading, choosing, sending.

use std::collections::BTreeMap;

use futures_util::FutureExt;

use super::Course;
use crate::relay::{Allowed, Lease, Record, SlotRun, runs};
use crate::runtime::store::{Outbox, StoreError};
use crate::runtime::transport::Transport;
use crate::slot::Slot;

impl<S: Outbox, T: Transport> Course<'_, S, T> {
    pub(super) async fn read(&mut self) -> Result<(), StoreError> {
        let (relay, now) = (self.relay, self.now());
        let probe = self.circuit.allowed(now) == Allowed::Probe;
        let leases = self.holding.to_read(now);
        self.holding.passed_busy();
        if leases.is_empty() {
            self.pace.found(0, now);
            return Ok(());
        }
        let cursors: Vec<_> = leases.iter().map(|lease| lease.cursor).collect();
        let limit = if probe { 1 } else { relay.batch };
        let records = self.flights.alongside(relay.store.read(&relay.sink, &cursors, limit)).await?;
        self.pace.found(records.len(), now);
        self.note(&leases, &records, limit);
        let runs = runs(&leases, &relay.registration.filter, records);
        let runs = if probe { self.probe(runs) } else { runs };
        for run in runs {
            self.holding.begin(run.slot());
            self.flights.wait(run);
        }
        Ok(())
    }

    /// Which slots have more than was read, and which have nothing.
    fn note(&mut self, leases: &[Lease], records: &[Record], limit: u32) {
        let mut by_slot: BTreeMap<Slot, u32> = leases.iter().map(|lease| (lease.cursor.slot, 0)).collect();
        self.behind.retain(|slot, _| !by_slot.contains_key(slot));
        for record in records {
            *by_slot.entry(record.slot).or_default() += 1;
            self.behind.entry(record.slot).or_insert(record.occurred_at);
        }
        for (slot, count) in by_slot {
            if count == 0 {
                self.holding.succeeded(slot);
            } else if count >= limit {
                self.holding.has_more(slot);
                self.step.unfinished += 1;
            }
        }
    }

    /// One run of the slots in turn: a slot that fails by itself must not be the probe every time.
    fn probe(&mut self, mut runs: Vec<SlotRun>) -> Vec<SlotRun> {
        let next = runs.iter().position(|run| self.probed.is_none_or(|probed| run.slot() > probed)).unwrap_or(0);
        if next >= runs.len() {
            return Vec::new();
        }
        let run = runs.swap_remove(next);
        self.probed = Some(run.slot());
        self.circuit.probe();
        self.tell_breaker(1);
        vec![run]
    }

    pub(super) fn launch(&mut self) {
        let Some(source) = self.source.as_ref().filter(|_| self.reached) else { return };
        let relay = self.relay;
        self.flights.launch(|run| relay.publish(run, source.clone()).boxed());
    }
}
