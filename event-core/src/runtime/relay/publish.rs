//! Sending the events of one slot.

use tokio::time::timeout;
use tracing::{Instrument, debug, error, warn};

use super::Relay;
use crate::backlog::error_chain;
use crate::envelope::{Envelope, Source};
use crate::relay::{Outcome, SlotRun};
use crate::runtime::telemetry::{Link, publish};
use crate::runtime::transport::{PublishError, Transport};
use crate::slot::Slot;

impl<S: Sync, T: Transport> Relay<S, T> {
    /// Sends the run to its end: everything sent or parked, or stopped by a transient failure.
    pub(super) async fn publish(&self, mut run: SlotRun, source: Source) -> SlotRun {
        loop {
            let mut outgoing = run.outgoing(&source);
            if outgoing.is_empty() {
                return run;
            }
            let outcome = self.offer(run.slot(), &mut outgoing).await;
            run.settle(outgoing.len(), outcome);
        }
    }

    /// A transport that hangs has failed: what it has sent by then is sent again.
    async fn offer(&self, slot: Slot, events: &mut [Envelope]) -> Outcome {
        let offered = timeout(self.timeout, self.check_in_and_offer(slot, events)).await;
        offered.unwrap_or_else(|_| {
            let (sink, slot, limit) = (self.sink.as_str(), slot.number(), self.timeout);
            warn!(sink, slot, ?limit, "the transport has not answered in time; trying again");
            Outcome::Stopped { sent: 0 }
        })
    }

    /// What can't be put away stops the slot there, after what is before it.
    async fn check_in_and_offer(&self, slot: Slot, events: &mut [Envelope]) -> Outcome {
        let (ready, failed) = match &self.blobs {
            Some((blobs, above)) => blobs.check_in(events, *above).await,
            None => (events.len(), None),
        };
        if let Some(ready) = events.get(..ready).filter(|ready| !ready.is_empty())
            && let Err(error) = self.hand_over(slot, ready).await
        {
            return self.outcome(slot, &error);
        }
        let Some(error) = failed else { return Outcome::Sent };
        warn!(sink = %self.sink, slot = slot.number(), cause = ?error_chain(&error), "the data can't be put away; trying again");
        Outcome::Stopped { sent: ready }
    }

    async fn hand_over(&self, slot: Slot, events: &[Envelope]) -> Result<(), PublishError> {
        let span = publish(&self.sink, slot.number(), events);
        Link::tie(self.link.as_ref(), &span, events);
        let published = self.transport.publish(events).instrument(span.clone()).await;
        if published.is_err() {
            span.record("otel.status_code", "ERROR");
        }
        published
    }

    fn outcome(&self, slot: Slot, error: &PublishError) -> Outcome {
        let (sink, slot, errors) = (self.sink.as_str(), slot.number(), error_chain(error));
        if error.is_given_back() {
            debug!(sink, slot, cause = ?errors, "an event was given back; trying again");
            Outcome::GivenBack { sent: error.sent }
        } else if error.is_transient() {
            warn!(sink, slot, cause = ?errors, "the transport failed; trying again");
            Outcome::Stopped { sent: error.sent }
        } else {
            error!(sink, slot, cause = ?errors, "the transport refused an event");
            Outcome::Refused { sent: error.sent, errors }
        }
    }
}
