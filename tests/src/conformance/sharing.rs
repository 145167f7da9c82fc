//! Several relays of one sink.

use std::collections::BTreeSet;
use std::time::Duration;

use event_core::runtime::{Outbox, StoreError};
use event_core::{Owner, Relay, Sink, Slot, Survey};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::relaying::steps;
use crate::events::Placed;
use crate::recorder::Recorder;
use crate::setup::{Setup, noon};

/// A relay that runs; stop it with the token.
pub(super) struct Running {
    pub(super) shutdown: CancellationToken,
    task: JoinHandle<Result<(), StoreError>>,
}

impl Running {
    pub(super) fn start<S: Outbox>(relay: Relay<S, Recorder>) -> Self {
        let shutdown = CancellationToken::new();
        Self { task: tokio::spawn(relay.run(shutdown.clone())), shutdown }
    }

    /// Stops it, and tells how it ended.
    pub(super) async fn stop(self) -> Result<(), StoreError> {
        self.shutdown.cancel();
        self.ended().await
    }

    pub(super) async fn ended(self) -> Result<(), StoreError> {
        tokio::time::timeout(Duration::from_secs(30), self.task).await.expect("the relay ends").unwrap()
    }
}

/// One event of each of these orders.
fn orders(count: u32, step: u32) -> Vec<Placed> {
    (0..count).map(|order| Placed::new(&format!("o-{order}"), step)).collect()
}

async fn survey<S: Setup>(setup: &S) -> Survey {
    setup.store().survey(&Sink::default()).await.unwrap()
}

/// How many slots each owner has, the smallest number first.
fn shares(survey: &Survey) -> Vec<usize> {
    let owners: BTreeSet<&Owner> = survey.slots.iter().filter_map(|slot| slot.owner.as_ref()).collect();
    let count = |owner: &Owner| survey.slots.iter().filter(|slot| slot.owner.as_ref() == Some(owner)).count();
    let mut counts: Vec<_> = owners.into_iter().map(count).collect();
    counts.sort_unstable();
    counts
}

pub async fn two_relays_share_the_slots_and_hand_over_between_batches<S: Setup>() {
    let setup = S::fresh(noon()).await;
    let (first, second) = (Recorder::default(), Recorder::default());
    let holder = Relay::new(setup.store(), first.clone());
    let comer = Relay::new(setup.other_process(), second.clone());
    setup.commit(&orders(40, 1)).await;
    holder.step().await.unwrap();
    assert_eq!(shares(&survey(&setup).await), [64]);
    setup.commit(&orders(40, 2)).await;
    comer.step().await.unwrap();
    assert!(second.sent().is_empty(), "what is held is not taken");
    holder.step().await.unwrap();
    assert_eq!(shares(&survey(&setup).await), [32], "what is too much is given back");
    comer.step().await.unwrap();
    assert_eq!(shares(&survey(&setup).await), [32, 32]);
    for _ in 0..2 {
        holder.step().await.unwrap();
        comer.step().await.unwrap();
    }
    let mut sent = steps(&first);
    sent.extend(steps(&second));
    assert_eq!(sent.len(), 80);
    assert_eq!(sent.iter().collect::<BTreeSet<_>>().len(), 80, "each event was sent once");
}

pub async fn a_relay_that_ends_leaves_its_slots_to_the_others<S: Setup>() {
    let setup = S::fresh(noon()).await;
    let (first, second) = (Recorder::default(), Recorder::default());
    let short = Duration::from_millis(300);
    let leaver = Running::start(Relay::new(setup.store(), first.clone()).lease(short));
    setup.commit(&orders(40, 1)).await;
    first.until(|recorder| recorder.sent().len() == 40).await;
    let stayer = Running::start(Relay::new(setup.other_process(), second.clone()).lease(short));
    leaver.stop().await.unwrap();
    setup.commit(&orders(40, 2)).await;
    second.until(|recorder| recorder.sent().len() == 40).await;
    assert_eq!(shares(&survey(&setup).await), [64]);
    stayer.stop().await.unwrap();
    let left = survey(&setup).await;
    assert!(left.relays.is_empty() && left.slots.iter().all(|slot| slot.owner.is_none()));
}

pub async fn a_relay_that_dies_leaves_its_slots_to_the_others_after_its_lease<S: Setup>() {
    let clock = noon();
    let setup = S::fresh(clock.clone()).await;
    let relays = [setup.store(), setup.other_process()].map(|store| Relay::new(store, Recorder::default()));
    let [dead, alive] = &relays;
    dead.step().await.unwrap();
    for relay in [alive, dead, alive] {
        relay.step().await.unwrap();
    }
    assert_eq!(shares(&survey(&setup).await), [32, 32]);
    clock.advance(Duration::from_secs(6));
    alive.step().await.unwrap();
    assert_eq!(shares(&survey(&setup).await), [32, 32], "it may still live");
    clock.advance(Duration::from_secs(6));
    alive.step().await.unwrap();
    assert_eq!(shares(&survey(&setup).await), [64]);
}

pub async fn relays_that_come_and_go_send_everything_once_and_in_order<S: Setup>() {
    let setup = S::fresh(noon()).await;
    let recorder = Recorder::default();
    let start = || Running::start(Relay::new(setup.other_process(), recorder.clone()).batch(3));
    let mut running = vec![Running::start(Relay::new(setup.store(), recorder.clone()).batch(3))];
    for step in 1..=12 {
        setup.commit(&orders(30, step)).await;
        match step {
            2 => running.push(start()),
            5 | 9 => running.remove(0).stop().await.unwrap(),
            7 => running.push(start()),
            _ => {}
        }
    }
    recorder.until(|recorder| recorder.sent().len() >= 360).await;
    for relay in running {
        relay.stop().await.unwrap();
    }
    let sent = steps(&recorder);
    assert_eq!(sent.len(), 360, "nothing is repeated when slots are handed over");
    for order in 0..30 {
        let own: Vec<_> = sent.iter().filter(|step| step.starts_with(&format!("o-{order}/"))).cloned().collect();
        assert_eq!(own, (1..=12).map(|step| format!("o-{order}/{step}")).collect::<Vec<_>>());
    }
    assert_eq!(Slot::all().count(), survey(&setup).await.slots.len());
}
