//! One relay under way: what it holds, what it is sending, and when it does what next.
//!
//! Between two claims a relay works from memory: read, send, move the cursors. So a commit is on its way to the transport
//! after one read. A future of the store is always awaited to its end, for one that is dropped half-way may leave a
//! transaction open; only the transport's futures run beside it, and only they are given up at a deadline.

mod hold;
mod send;
mod settle;

use std::collections::BTreeMap;
use std::pin::pin;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Fuse, FusedFuture};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::flights::Flights;
use super::{Relay, Step};
use crate::backlog::error_chain;
use crate::clock::Timestamp;
use crate::envelope::Source;
use crate::relay::{Advance, Allowed, Circuit, Holding, Pace};
use crate::runtime::store::{Outbox, StoreError};
use crate::runtime::transport::Transport;
use crate::slot::Slot;

/// How long a relay waits, at first and at most, before it tries a store again that failed.
const AGAIN: (Duration, Duration) = (Duration::from_millis(5), Duration::from_secs(1));

/// The state of one run of a relay. Times are those since it began.
pub(super) struct Course<'r, S, T> {
    relay: &'r Relay<S, T>,
    start: Instant,
    holding: Holding,
    flights: Flights<'r>,
    circuit: Circuit,
    pace: Pace,
    /// What the outbox was called when it was surveyed last.
    source: Option<Source>,
    /// Whether the store has answered a survey since it failed.
    reached: bool,
    /// The slot of the last probe, so that the next one takes another.
    probed: Option<Slot>,
    /// When to look at the slots and relays of the sink, and when to renew the leases at the latest.
    survey_at: Duration,
    renew_at: Duration,
    /// How cursors will move, and when.
    advances: Vec<Advance>,
    advance_at: Duration,
    /// Of each slot that has something to send, when the oldest of that happened.
    behind: BTreeMap<Slot, Timestamp>,
    /// How long to wait after the next failure of the store.
    again: Duration,
    /// What was done so far.
    step: Step,
}

impl<'r, S: Outbox, T: Transport> Course<'r, S, T> {
    pub(super) fn new(relay: &'r Relay<S, T>) -> Self {
        Self {
            relay,
            start: tokio::time::Instant::now(),
            holding: Holding::default(),
            flights: Flights::new(relay.concurrency),
            circuit: Circuit::new(relay.breaker),
            pace: Pace::new(),
            source: None,
            reached: false,
            probed: None,
            survey_at: Duration::ZERO,
            renew_at: Duration::ZERO,
            advances: Vec::new(),
            advance_at: Duration::ZERO,
            behind: BTreeMap::new(),
            again: AGAIN.0,
            step: Step::default(),
        }
    }

    /// Publishes until `shutdown`.
    pub(super) async fn run(&mut self, shutdown: &CancellationToken) -> Result<(), StoreError> {
        let relay = self.relay;
        let mut committed = pin!(Fuse::terminated());
        while !shutdown.is_cancelled() {
            // Twice: a wake-up may have been stored for whoever listens next.
            for _ in 0..2 {
                if committed.is_terminated() {
                    committed.set(relay.store.committed().fuse());
                }
                // Listening begins before the read: what the read doesn't see wakes the relay after it.
                if committed.as_mut().now_or_never().is_some() {
                    self.pace.woken(self.now());
                }
            }
            match self.go_on().await {
                Ok(()) => self.again = AGAIN.0,
                Err(error) => self.stand_off(error)?,
            }
            let next = self.start + self.next();
            tokio::select! {
                biased;
                () = shutdown.cancelled() => {}
                () = self.flights.next() => {}
                () = committed.as_mut() => self.pace.woken(self.now()),
                () = sleep_until(next) => {}
            }
        }
        Ok(())
    }

    /// One round: a claim, a read, all that was read is sent, the cursors move.
    pub(super) async fn step(&mut self) -> Result<Step, StoreError> {
        self.survey().await?;
        self.read().await?;
        while self.flights.are_under_way() {
            self.launch();
            let renew = self.start + self.renew_at;
            tokio::select! {
                biased;
                () = self.flights.next() => self.settle(),
                () = sleep_until(renew) => self.keep().await?,
            }
        }
        self.settle();
        self.advance().await?;
        Ok(self.step)
    }

    /// Waits for what is being sent, at most until the deadline, and moves the cursors past it.
    pub(super) async fn drain(&mut self) -> Result<(), StoreError> {
        self.flights.call_off(|_| true);
        let deadline = tokio::time::Instant::now() + self.relay.drain;
        while self.flights.are_under_way() {
            let renew = self.start + self.renew_at;
            tokio::select! {
                biased;
                () = self.flights.next() => self.settle(),
                () = sleep_until(deadline) => {
                    warn!(sink = %self.relay.sink, "what is being sent is given up at the deadline; it is sent again");
                    break;
                }
                () = sleep_until(renew) => self.keep().await?,
            }
            if self.advance_is_due() {
                self.advance().await?;
            }
        }
        self.settle();
        self.advance().await
    }

    async fn go_on(&mut self) -> Result<(), StoreError> {
        self.settle();
        if self.reached && self.advance_is_due() {
            self.advance().await?;
        }
        if self.survey_at <= self.now() {
            self.survey().await?;
        }
        if self.reached && self.next_read().is_some_and(|at| at <= self.now()) {
            self.read().await?;
        }
        self.launch();
        Ok(())
    }

    /// What can't be mended by waiting ends the relay. Otherwise nothing is read until the store has answered a survey;
    /// what was sent meanwhile keeps its fence and moves the cursor then.
    fn stand_off(&mut self, error: StoreError) -> Result<(), StoreError> {
        if !error.is_transient() {
            return Err(error);
        }
        warn!(sink = %self.relay.sink, cause = ?error_chain(&error), "the relay can't reach its store; trying again");
        self.reached = false;
        self.survey_at = self.now() + self.again;
        self.renew_at = Duration::ZERO;
        self.again = (self.again * 2).min(AGAIN.1);
        Ok(())
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// When there is something to do next.
    fn next(&self) -> Duration {
        if self.flights.have_landed() {
            return Duration::ZERO;
        }
        let read = self.next_read().filter(|_| self.reached);
        let advance = Some(self.advance_at).filter(|_| self.reached && !self.advances.is_empty());
        [read, advance].into_iter().flatten().fold(self.survey_at, Duration::min)
    }

    fn next_read(&self) -> Option<Duration> {
        match self.circuit.allowed(self.now()) {
            Allowed::All | Allowed::Probe => Some(
                self.holding.next_rested().map_or(self.pace.next_read(), |rested| rested.min(self.pace.next_read())),
            ),
            Allowed::Nothing(until) => Some(until),
            Allowed::Answer => None,
        }
    }

    fn advance_is_due(&self) -> bool {
        !self.advances.is_empty() && (self.advance_at <= self.now() || !self.flights.are_under_way())
    }
}
