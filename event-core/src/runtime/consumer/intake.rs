//! What arrives: received, worked on in lanes, kept alive meanwhile, acknowledged.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, join_all, select};
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::super::hooks::Happening;
use super::super::store::{Inbox, StoreError};
use super::super::telemetry::{CONSUMER_LEASES_LOST, consumer_add};
use super::super::transport::{Delivery, Subscription};
use super::batch::{Applied, Claim, Reading};
use super::lanes::{Lanes, Waiting};
use super::{Consumer, ContextOf, pause};
use crate::backlog::error_chain;
use crate::envelope::Envelope;
use crate::handler::Handlers;

impl<S, H> Consumer<S, H>
where
    S: Inbox,
    H: for<'c> Handlers<ContextOf<'c, S>> + 'static,
{
    /// Applies what arrives until `shutdown` or the end of the transport; what is at hand then is finished.
    pub(super) async fn take_in(
        &self,
        mut subscription: impl Subscription,
        shutdown: &CancellationToken,
    ) -> Result<(), StoreError> {
        let heartbeat = subscription.heartbeat();
        let began = tokio::time::Instant::now();
        let mut rate = self.rate.clone();
        let mut lanes = Lanes::new(self.concurrency, self.batch);
        let mut at_work = FuturesUnordered::new();
        let (mut has_ended, mut not_before) = (false, Duration::ZERO);
        loop {
            if shutdown.is_cancelled() {
                lanes.clear();
            }
            while let Some((lane, messages)) = lanes.next() {
                at_work.push(async move { (lane, self.take(messages, heartbeat).await) });
            }
            let stops = shutdown.is_cancelled() || has_ended;
            if stops && lanes.are_idle() {
                return Ok(());
            }
            let now = began.elapsed();
            let allowed = match &mut rate {
                _ if not_before > now => Err(not_before - now),
                Some(rate) => rate.allowed(lanes.room(), now),
                None => Ok(lanes.room()),
            };
            let (wanted, patience) = allowed.map_or_else(|wait| (0, Some(wait)), |wanted| (wanted, None));
            tokio::select! {
                biased;
                Some((lane, taken)) = at_work.next(), if !at_work.is_empty() => lanes.done(lane, taken?),
                () = shutdown.cancelled(), if !stops => {}
                () = sleep(patience.unwrap_or_default()), if patience.is_some() && !stops => {}
                received = subscription.receive(wanted.min(self.batch)), if wanted > 0 && !stops => match received {
                    Ok(deliveries) if deliveries.is_empty() => {
                        info!(consumer = self.name, "the transport has ended; only retries go on");
                        has_ended = true;
                    }
                    Ok(deliveries) => {
                        if let Some(rate) = &mut rate {
                            rate.took(deliveries.len());
                        }
                        for delivery in deliveries {
                            let reading = Envelope::from_json(delivery.body());
                            lanes.put(delivery, reading);
                        }
                    }
                    Err(error) if !error.is_transient() => {
                        return Err(StoreError::permanent("receive any more", error));
                    }
                    Err(error) => {
                        warn!(consumer = self.name, cause = ?error_chain(&error), "the consumer can't receive");
                        not_before = began.elapsed() + self.poll;
                    }
                },
            }
        }
    }

    /// Applies messages and acknowledges what was taken; tells whether all were. What could not be taken is delivered again.
    async fn take<D: Delivery>(
        &self,
        messages: Vec<Waiting<D>>,
        heartbeat: Option<Duration>,
    ) -> Result<bool, StoreError> {
        let (deliveries, readings): (Vec<D>, Vec<Reading>) = messages.into_iter().unzip();
        let applied = match self.apply_alive(&deliveries, readings, heartbeat).await {
            Ok(applied) => {
                self.tell(applied.counts);
                applied.taken
            }
            Err(error) if error.is_transient() => {
                warn!(consumer = self.name, cause = ?error_chain(&error), "a batch was rolled back; it comes again");
                pause(self.poll.min(Duration::from_millis(100)), &CancellationToken::new()).await;
                Vec::new()
            }
            Err(error) => return Err(error),
        };
        let whole = applied.len() == deliveries.len() && applied.iter().all(|taken| *taken);
        let taken = deliveries.into_iter().zip(applied).filter(|(_, taken)| *taken);
        join_all(taken.map(|(delivery, _)| delivery.acknowledge())).await;
        Ok(whole)
    }

    /// Applies messages while the transport is told that they are worked on. One that it has given to another by then is not
    /// committed.
    async fn apply_alive<D: Delivery>(
        &self,
        deliveries: &[D],
        readings: Vec<Reading>,
        heartbeat: Option<Duration>,
    ) -> Result<Applied, StoreError> {
        let bodies: Vec<&[u8]> = deliveries.iter().map(Delivery::body).collect();
        let claim = Claim::default();
        let work = pin!(self.apply_found(&bodies, readings, &claim));
        let Some(interval) = heartbeat else { return work.await };
        let beat = pin!(async {
            loop {
                sleep(interval).await;
                let kept = join_all(deliveries.iter().map(Delivery::extend)).await;
                if kept.contains(&false) && !claim.is_lost() {
                    consumer_add(CONSUMER_LEASES_LOST, self.name, 1);
                    warn!(
                        consumer = self.name,
                        "messages took longer than the transport waits; they are not committed"
                    );
                    claim.lose();
                    self.announce([Happening::LeaseLost { messages: deliveries.len() }]);
                }
            }
        });
        match select(work, beat).await {
            Either::Left((applied, _)) => applied,
            Either::Right((never, _)) => never,
        }
    }
}
