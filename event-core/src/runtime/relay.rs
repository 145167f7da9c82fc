//! The relay: lease slots, read behind their cursors, publish in order, move the cursors.

use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::time::{interval, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, warn};

use super::store::{Outbox, StoreError};
use super::telemetry::{RELAY_LEASES_LOST, RELAY_PARKED, RELAY_PUBLISHED, relay_count};
use super::transport::Transport;
use crate::backlog::error_chain;
use crate::envelope::Source;
use crate::relay::{Claim, Lease, Outcome, Owner, Record, Registration, Sink, SlotRun, runs};
use crate::slot::Slot;

/// How long a relay waits at least, and at most, when there was nothing to do.
const IDLE: (Duration, Duration) = (Duration::from_millis(5), Duration::from_secs(1));

/// How long a relay that was woken by a commit waits for the commits right behind it, so that they go out together.
const GATHER: Duration = Duration::from_millis(2);

/// How long a relay that is stopped waits for what it is sending, so that its cursor can move past it.
const DRAIN: Duration = Duration::from_secs(3);

/// The shortest and the longest lease: a shorter one is over before anything is sent, a longer one is never over.
const LEASE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(24 * 60 * 60));

/// Publishes committed events, in the order of commits within each key, at least once.
///
/// Any number of relays may run: each slot belongs to one of them at a time. A relay holds no transaction while it
/// sends. What the transport refuses for good is parked with the later events of its key; the others flow.
#[derive(Debug)]
pub struct Relay<S, T> {
    store: S,
    transport: Arc<T>,
    sink: Sink,
    owner: Owner,
    batch: u32,
    lease: Duration,
    registration: Registration,
    registered: OnceCell<()>,
}

/// What one round of a relay did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Step {
    /// Events that were sent.
    pub sent: usize,
    /// Events that were parked.
    pub parked: usize,
    /// Slots that a transient failure stopped.
    pub stopped: usize,
    /// Slots whose lease was another's when their cursor should move.
    pub lost: usize,
    /// Slots that have more events than one round takes.
    pub unfinished: usize,
}

impl<S: Outbox, T: Transport> Relay<S, T> {
    /// A relay from `store` to `transport`, for the sink `default`.
    pub fn new(store: S, transport: T) -> Self {
        let owner = store.owner();
        Self {
            store,
            transport: Arc::new(transport),
            sink: Sink::default(),
            owner,
            batch: 50,
            lease: Duration::from_secs(10),
            registration: Registration::default(),
            registered: OnceCell::new(),
        }
    }

    /// Publishes for another sink, which has cursors of its own.
    #[must_use]
    pub fn sink(mut self, sink: Sink) -> Self {
        self.sink = sink;
        self
    }

    /// Reads at most this many events per slot at a time; 50 unless set.
    #[must_use]
    pub fn batch(mut self, events: u32) -> Self {
        self.batch = events.max(1);
        self
    }

    /// Holds slots for this long after the last sign of life, from 100 ms to a day; 10 seconds unless set.
    #[must_use]
    pub fn lease(mut self, duration: Duration) -> Self {
        self.lease = duration.clamp(LEASE.0, LEASE.1);
        self
    }

    /// Publishes until `shutdown`, then gives its slots back. A store that can't be reached is tried again.
    ///
    /// # Errors
    /// When the store fails in a way that waiting can't mend, such as a missing table.
    ///
    /// # Cancel safety
    /// Stop it by `shutdown`. Dropping the future loses nothing, but its slots stay leased until the lease ends.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), StoreError> {
        let mut idle = IDLE.0;
        while !shutdown.is_cancelled() {
            match self.round(&shutdown).await {
                Ok(Step { unfinished, stopped: 0, .. }) if unfinished > 0 => idle = IDLE.0,
                Ok(Step { sent, stopped: 0, .. }) if sent > 0 => {
                    idle = IDLE.0;
                    self.rest(&mut idle, &shutdown).await;
                }
                Ok(_) => self.rest(&mut idle, &shutdown).await,
                Err(error) if error.is_transient() => {
                    warn!(sink = %self.sink, cause = ?error_chain(&error), "the relay can't reach its store");
                    self.rest(&mut idle, &shutdown).await;
                }
                Err(error) => return Err(error),
            }
        }
        self.give_back().await
    }

    /// A store that can't be reached any more gives the slots free by itself.
    async fn give_back(&self) -> Result<(), StoreError> {
        match self.store.release(&self.sink, &self.owner).await {
            Err(error) if error.is_transient() => {
                warn!(sink = %self.sink, cause = ?error_chain(&error), "the relay's slots stay leased until the lease ends");
                Ok(())
            }
            done => done,
        }
    }

    async fn rest(&self, idle: &mut Duration, shutdown: &CancellationToken) {
        tokio::select! {
            () = sleep(*idle) => *idle = (*idle * 2).min(IDLE.1),
            () = self.store.committed() => {
                *idle = IDLE.0;
                sleep(GATHER).await;
            }
            () = shutdown.cancelled() => {}
        }
    }

    /// One round: at most [`Relay::batch`] events of each slot.
    ///
    /// # Errors
    /// When the store can't be reached. What was sent by then is sent again.
    ///
    /// # Cancel safety
    /// Dropping the future may leave events sent whose cursor has not moved: they are sent again.
    pub async fn step(&self) -> Result<Step, StoreError> {
        self.round(&CancellationToken::new()).await
    }

    async fn round(&self, shutdown: &CancellationToken) -> Result<Step, StoreError> {
        self.registered.get_or_try_init(|| self.store.register(&self.sink, &self.registration)).await?;
        let survey = self.store.survey(&self.sink).await?;
        let claim = survey.claim(&self.owner);
        let leases = self.store.claim(&self.sink, &self.owner, self.lease, &claim).await?;
        let cursors: Vec<_> = leases.iter().map(|lease| lease.cursor).collect();
        if cursors.is_empty() {
            return Ok(Step::default());
        }
        let records = self.store.read(&self.sink, &cursors, self.batch).await?;
        if records.is_empty() {
            return Ok(Step::default());
        }
        let unfinished = unfinished(&records, self.batch);
        let runs = runs(&leases, records);
        match self.publish_under_lease(runs, &leases, &survey.source, shutdown).await? {
            Some(runs) => Ok(Step { unfinished, ..self.advance(runs).await? }),
            None => Ok(Step::default()),
        }
    }

    /// Sends, and renews the leases meanwhile. `None` when a shutdown can't wait for the transport any longer.
    ///
    /// What runs at the same time is only the transport: a future of the store is never dropped half-way.
    async fn publish_under_lease(
        &self,
        runs: Vec<SlotRun>,
        leases: &[Lease],
        source: &Source,
        shutdown: &CancellationToken,
    ) -> Result<Option<Vec<SlotRun>>, StoreError> {
        let mut publishing = pin!(self.publish_all(runs, source));
        let mut ticks = interval(self.lease / 3);
        ticks.tick().await;
        loop {
            tokio::select! {
                biased;
                runs = &mut publishing => return Ok(Some(runs)),
                () = shutdown.cancelled() => return Ok(timeout(DRAIN, publishing).await.ok()),
                _ = ticks.tick() => {}
            }
            self.keep_leases(leases).await?;
        }
    }

    async fn publish_all(&self, runs: Vec<SlotRun>, source: &Source) -> Vec<SlotRun> {
        futures_util::future::join_all(runs.into_iter().map(|run| self.publish(run, source))).await
    }

    async fn publish(&self, mut run: SlotRun, source: &Source) -> SlotRun {
        loop {
            let outgoing = run.outgoing(source);
            if outgoing.is_empty() {
                return run;
            }
            let answer = self.transport.publish(&outgoing).await;
            let outcome = answer.map_or_else(|error| self.outcome(&run, &error), |()| Outcome::Sent);
            run.settle(outgoing.len(), outcome);
        }
    }

    fn outcome(&self, run: &SlotRun, error: &super::PublishError) -> Outcome {
        let errors = error_chain(error);
        if error.is_transient() {
            warn!(sink = %self.sink, slot = run.slot().number(), cause = ?errors, "the transport failed; trying again");
            Outcome::Stopped { sent: error.sent }
        } else {
            error!(sink = %self.sink, slot = run.slot().number(), cause = ?errors, "the transport refused an event");
            Outcome::Refused { sent: error.sent, errors }
        }
    }

    /// Renews the leases; a store that can't be reached just now is asked again at the next tick.
    async fn keep_leases(&self, held: &[Lease]) -> Result<(), StoreError> {
        match self.store.claim(&self.sink, &self.owner, self.lease, &Claim::default()).await {
            Ok(leases) if held.iter().all(|lease| still_held(lease, &leases)) => {}
            Ok(_) => debug!(sink = %self.sink, "another relay has taken a slot"),
            Err(error) if error.is_transient() => {
                warn!(sink = %self.sink, cause = ?error_chain(&error), "the relay can't renew its leases");
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    async fn advance(&self, runs: Vec<SlotRun>) -> Result<Step, StoreError> {
        let mut step = Step::default();
        for run in &runs {
            step.sent += run.sent();
            step.parked += run.parked();
            step.stopped += usize::from(run.is_stopped());
        }
        let advances: Vec<_> = runs.into_iter().filter_map(SlotRun::advance).collect();
        if !advances.is_empty() {
            let lost: HashSet<_> = self.store.advance(&self.sink, &self.owner, &advances).await?.into_iter().collect();
            step.lost = lost.len();
        }
        self.tell(step);
        Ok(step)
    }

    fn tell(&self, step: Step) {
        relay_count(RELAY_PUBLISHED, &self.sink, step.sent);
        relay_count(RELAY_PARKED, &self.sink, step.parked);
        relay_count(RELAY_LEASES_LOST, &self.sink, step.lost);
        if step.lost > 0 {
            warn!(sink = %self.sink, slots = step.lost, "another relay had taken slots; what was sent is sent again");
        }
    }
}

/// How many slots gave as many records as they may in one round.
fn unfinished(records: &[Record], batch: u32) -> usize {
    let mut by_slot: HashMap<Slot, u32> = HashMap::new();
    records.iter().for_each(|record| *by_slot.entry(record.slot).or_default() += 1);
    by_slot.values().filter(|count| **count >= batch).count()
}

fn still_held(lease: &Lease, leases: &[Lease]) -> bool {
    leases.iter().any(|other| other.cursor.slot == lease.cursor.slot && other.fence == lease.fence)
}
