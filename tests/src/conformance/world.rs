//! A consumer with its store and its relay, as the tests of consuming use it.

use std::time::Duration;

use event_core::runtime::{Counts, Inbox, Relay};
use event_core::testing::ManualClock;
use event_core::{Consumer, Envelope, Jitter, Letter, LetterId, Place};

use crate::events::Placed;
use crate::recorder::Recorder;
use crate::script::Script;
use crate::setup::{ContextOf, Effects, Setup, noon};

/// Retries come at their latest time, so that the schedule can be tested.
#[derive(Debug)]
pub(super) struct NoJitter;

impl Jitter for NoJitter {
    fn factor(&self) -> f64 {
        1.0
    }
}

/// A consumer, and what came from its store's relay.
pub(super) struct World<S: Setup> {
    pub(super) setup: S,
    pub(super) clock: ManualClock,
    pub(super) consumer: Consumer<S::Store, Script>,
    pub(super) recorder: Recorder,
}

impl<S: Setup> World<S>
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    pub(super) async fn new(script: Script) -> Self {
        let clock = noon();
        let setup = S::fresh(clock.clone()).await;
        let consumer = Consumer::new(setup.store(), script).jitter(NoJitter);
        Self { setup, clock, consumer, recorder: Recorder::default() }
    }

    /// Commits events, relays them, and applies what was sent, all of it again.
    pub(super) async fn place(&self, events: &[Placed]) -> Counts {
        self.setup.commit(events).await;
        self.relay().await;
        self.apply_all().await
    }

    pub(super) async fn relay(&self) {
        let relay = Relay::new(self.setup.store(), self.recorder.clone()).sink(event_core::Sink::new("test"));
        self.clock.advance(Duration::from_secs(11));
        while relay.step().await.unwrap().sent > 0 {}
    }

    pub(super) async fn apply_all(&self) -> Counts {
        let bodies = self.recorder.bodies();
        let placed: Vec<_> = bodies.iter().map(Vec::as_slice).filter(|body| is_placed(body)).collect();
        let (taken, counts) = self.consumer.apply(&placed).await.unwrap();
        assert_eq!(taken, placed.len());
        counts
    }

    pub(super) async fn apply(&self, body: &[u8]) -> Counts {
        let (taken, counts) = self.consumer.apply(&[body]).await.unwrap();
        assert_eq!(taken, 1);
        counts
    }

    pub(super) async fn letters(&self, place: Place) -> Vec<Letter> {
        self.setup.store().letters("billing", place, LetterId::new(0), 100).await.unwrap()
    }

    /// Moves the clock and works what is due then.
    pub(super) async fn after(&self, seconds: u64) -> Counts {
        self.clock.advance(Duration::from_secs(seconds));
        self.consumer.work_letters().await.unwrap()
    }

    pub(super) async fn the_dead_letter(&self) -> Letter {
        let letters = self.consumer.dead_letters(LetterId::new(0), 10).await.unwrap();
        assert_eq!(letters.len(), 1);
        letters.into_iter().next().unwrap()
    }
}

fn is_placed(body: &[u8]) -> bool {
    Envelope::from_json(body).is_ok_and(|envelope| envelope.event_type == "trial.placed")
}

pub(super) fn counts(set: impl FnOnce(&mut Counts)) -> Counts {
    let mut counts = Counts::default();
    set(&mut counts);
    counts
}

pub(super) fn wire(attributes: &str, data: &str) -> Vec<u8> {
    format!(r#"{{"specversion":"1.0","source":"/shop","type":"trial.placed",{attributes},"data":{data}}}"#).into_bytes()
}
