//! What is over: what it says about the destination, and how the cursors move.

use std::collections::HashSet;
use std::time::Duration;

use tracing::{debug, info, warn};

use super::Course;
use crate::relay::{Allowed, Behind, SlotRun};
use crate::runtime::store::{Outbox, StoreError};
use crate::runtime::telemetry::{RELAY_BREAKER, RELAY_PARKED, RELAY_PUBLISHED, relay_count, relay_level};
use crate::runtime::transport::Transport;
use crate::slot::Slot;

/// How long a slot that is over waits for others, so that their cursors move in one transaction.
const LINGER: Duration = Duration::from_millis(1);

impl<S: Outbox, T: Transport> Course<'_, S, T> {
    /// Takes what is over: judges the destination, and notes how the cursors move.
    pub(super) fn settle(&mut self) {
        let (now, level) = (self.now(), self.circuit.level());
        for run in self.flights.take_landed() {
            self.judge(&run, now);
            self.tally(&run);
            let slot = run.slot();
            match run.advance() {
                Some(advance) if self.advances.is_empty() => {
                    self.advance_at = now + LINGER;
                    self.advances.push(advance);
                }
                Some(advance) => self.advances.push(advance),
                None => self.end(slot),
            }
        }
        if self.circuit.level() != level {
            self.tell_breaker(level);
        }
        if self.circuit.allowed(now) != Allowed::All {
            let called_off = self.flights.call_off(|_| true);
            called_off.into_iter().for_each(|slot| self.end(slot));
        }
    }

    fn judge(&mut self, run: &SlotRun, now: Duration) {
        match (run.is_answered() || run.is_given_back(), run.is_stopped()) {
            (true, _) => self.circuit.answered(),
            (false, true) => self.circuit.failed(now),
            (false, false) => self.circuit.told_nothing(now),
        }
        if run.is_answered() || !run.is_stopped() {
            self.holding.succeeded(run.slot());
        }
        if run.is_stopped() {
            self.holding.failed(run.slot(), now);
        }
    }

    fn tally(&mut self, run: &SlotRun) {
        self.step.sent += run.sent();
        self.step.parked += run.parked();
        self.step.stopped += usize::from(run.is_stopped());
        relay_count(RELAY_PUBLISHED, &self.relay.sink, run.sent());
        relay_count(RELAY_PARKED, &self.relay.sink, run.parked());
    }

    /// Moves the cursors past what was sent or parked. Where that fails it is tried again: the fences guard it.
    pub(super) async fn advance(&mut self) -> Result<(), StoreError> {
        if self.advances.is_empty() {
            return Ok(());
        }
        let relay = self.relay;
        let moved = relay.store.advance(&relay.sink, &relay.owner, &self.advances);
        let lost: HashSet<Slot> = self.flights.alongside(moved).await?.into_iter().collect();
        for advance in std::mem::take(&mut self.advances) {
            let slot = advance.cursor.slot;
            self.behind.remove(&slot);
            if lost.contains(&slot) {
                self.holding.lost(slot);
            } else {
                self.holding.advanced(&advance);
            }
            self.end(slot);
        }
        self.step.lost += lost.len();
        self.tell_lost(lost.len());
        Ok(())
    }

    /// The slot is not sent any more.
    pub(super) fn end(&mut self, slot: Slot) {
        match self.holding.end(slot) {
            Behind::Nothing => {}
            Behind::Perhaps => self.pace.woken(self.now()),
            Behind::More => self.pace.hurry(self.now()),
        }
        if self.holding.can_leave() {
            self.survey_at = Duration::ZERO;
        }
    }

    pub(super) fn tell_breaker(&self, before: u8) {
        let (sink, level) = (self.relay.sink.as_str(), self.circuit.level());
        match level {
            0 if before > 0 => info!(sink, "the destination answers again"),
            2 if before == 0 => warn!(sink, "the destination fails; nothing is sent until it answers a probe"),
            _ => debug!(sink, level, "the breaker"),
        }
        relay_level(RELAY_BREAKER, &self.relay.sink, level.into());
    }
}
