//! What is held: looking, claiming, renewing.

use std::time::Duration;

use thiserror::Error;
use tracing::warn;

use super::{AGAIN, Course};
use crate::backlog::error_chain;
use crate::clock::{Clock, SystemClock};
use crate::envelope::Source;
use crate::relay::{Claim, Holding, Sink};
use crate::runtime::store::{Outbox, StoreError};
use crate::runtime::telemetry::{RELAY_LAG, RELAY_LEASES_LOST, RELAY_SLOTS, relay_count, relay_level, relay_seconds};
use crate::runtime::transport::Transport;

/// How often a relay looks at least whether slots have become free, and how often while it has less than its share.
const LOOK: (Duration, Duration) = (Duration::from_secs(1), Duration::from_millis(250));

/// Somebody has removed the sink on purpose: registering it again would begin it anew.
#[derive(Debug, Error)]
#[error("the sink `{0}` was removed; start the relay anew if it should be registered again")]
struct Removed(Sink);

impl<S: Outbox, T: Transport> Course<'_, S, T> {
    /// Looks at the slots and relays of the sink; takes, gives and renews what is due.
    pub(super) async fn survey(&mut self) -> Result<(), StoreError> {
        let relay = self.relay;
        self.flights.alongside(relay.register()).await?;
        let survey = self.flights.alongside(relay.store.survey(&relay.sink)).await?;
        if survey.slots.is_empty() {
            return Err(StoreError::permanent("send any more", Removed(relay.sink.clone())));
        }
        self.begin_epoch(&survey.source);
        let mut claim = survey.claim(&relay.owner);
        for slot in self.flights.call_off(|slot| claim.give.contains(&slot)) {
            self.holding.end(slot);
        }
        claim.give = self.holding.leave(&claim.give);
        let as_known = survey.held(&relay.owner) == self.holding.len() + claim.give.len();
        if !as_known || !claim.is_empty() || self.renew_at <= self.now() {
            self.renew(&claim).await?;
        }
        let hungry = self.holding.len() < survey.share(&relay.owner);
        self.survey_at = self.now() + (relay.lease / 3).min(if hungry { LOOK.1 } else { LOOK.0 });
        self.tell_lag();
        self.reached = true;
        Ok(())
    }

    /// How old the oldest event is that this relay has to send.
    fn tell_lag(&self) {
        let oldest = self.behind.values().min();
        let lag = oldest.map_or(Duration::ZERO, |oldest| SystemClock.now().since(*oldest));
        relay_seconds(RELAY_LAG, &self.relay.sink, lag);
    }

    /// Under a new source every stream begins anew, and positions and fences may be given again: nothing that was read
    /// under the old one is sent or moves a cursor any more.
    fn begin_epoch(&mut self, source: &Source) {
        let Some(before) = self.source.replace(source.clone()).filter(|before| before != source) else { return };
        let sink = self.relay.sink.as_str();
        warn!(sink, %before, %source, "the outbox began a new epoch; what was read before is sent again");
        self.flights.give_up();
        self.advances.clear();
        self.behind.clear();
        self.holding = Holding::default();
        self.circuit.told_nothing(self.now());
        self.renew_at = Duration::ZERO;
        self.pace.hurry(self.now());
    }

    /// Renews while something is being sent; a store that can't be reached just now is asked again.
    pub(super) async fn keep(&mut self) -> Result<(), StoreError> {
        match self.renew(&Claim::default()).await {
            Err(error) if error.is_transient() => {
                warn!(sink = %self.relay.sink, cause = ?error_chain(&error), "the relay can't renew its leases");
                self.renew_at = self.now() + AGAIN.1;
                Ok(())
            }
            done => done,
        }
    }

    async fn renew(&mut self, claim: &Claim) -> Result<(), StoreError> {
        let relay = self.relay;
        let leases = self.flights.alongside(relay.store.claim(&relay.sink, &relay.owner, relay.lease, claim)).await?;
        self.renew_at = self.now() + relay.lease / 3;
        let (gained, lost) = self.holding.renew(&leases);
        self.behind.retain(|slot, _| leases.iter().any(|lease| lease.cursor.slot == *slot));
        if gained > 0 {
            self.pace.hurry(self.now());
        }
        self.tell_lost(lost);
        relay_level(RELAY_SLOTS, &relay.sink, self.holding.len());
        Ok(())
    }

    pub(super) fn tell_lost(&mut self, slots: usize) {
        if slots > 0 {
            let sink = self.relay.sink.as_str();
            warn!(sink, slots, "another relay had taken slots; what was sent of them may be sent again");
            relay_count(RELAY_LEASES_LOST, &self.relay.sink, slots);
            (self.survey_at, self.renew_at) = (Duration::ZERO, Duration::ZERO);
        }
    }
}
