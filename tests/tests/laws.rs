//! Laws that hold whatever happens: commits that fail, answers that are lost, transports that stop, restarts.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use event_core::testing::{Fault, ManualClock, MemoryStore};
use event_core::{Consumer, Jitter, Relay};
use event_tests::events::Placed;
use event_tests::recorder::{Answer, Recorder};
use event_tests::script::{Act, Script};
use event_tests::setup::noon;
use proptest::prelude::*;

/// One step of a run.
#[derive(Debug, Clone)]
enum Happening {
    /// A producer commits events of these orders in one transaction.
    Commit(Vec<u8>),
    /// A producer rolls back.
    Abandon(u8),
    /// The relay does one round; the transport answers so at first.
    Relay(Vec<Answer>),
    /// The relay process dies and another takes over once the lease is out.
    NewRelay,
    /// The next commit of anybody fails, before or after it has happened.
    Fault(bool),
    /// The consumer gets what was sent from this place on: redeliveries, also of long ago.
    Deliver(usize),
    /// Time passes, and the consumer works its letters.
    Wait(u16),
}

fn happening() -> impl Strategy<Value = Happening> {
    let answer = prop_oneof![3 => Just(Answer::Take), 1 => Just(Answer::Fail)];
    prop_oneof![
        4 => prop::collection::vec(0u8..4, 1..4).prop_map(Happening::Commit),
        1 => (0u8..4).prop_map(Happening::Abandon),
        4 => prop::collection::vec(answer, 0..4).prop_map(Happening::Relay),
        1 => Just(Happening::NewRelay),
        1 => any::<bool>().prop_map(Happening::Fault),
        4 => (0usize..64).prop_map(Happening::Deliver),
        2 => (0u16..40).prop_map(Happening::Wait),
    ]
}

fn acts() -> impl Strategy<Value = Vec<(u8, u32, Act)>> {
    let act = Just(Act::FailForNow);
    prop::collection::vec((0u8..4, 1u32..6, act), 0..6)
}

#[derive(Debug)]
struct NoJitter;

impl Jitter for NoJitter {
    fn factor(&self) -> f64 {
        1.0
    }
}

struct World {
    store: MemoryStore,
    clock: ManualClock,
    recorder: Recorder,
    relay: Relay<MemoryStore, Recorder>,
    relays: u32,
    consumer: Consumer<MemoryStore, Script>,
    /// Steps per order that a producer has tried, and those of them that were committed.
    next: [u32; 4],
    committed: Vec<String>,
}

impl World {
    fn new(acts: &[(u8, u32, Act)]) -> Self {
        let clock = noon();
        let store = MemoryStore::new(clock.clone());
        let recorder = Recorder::default();
        let script = acts.iter().fold(Script::default(), |s, (order, step, act)| s.on(&name(*order), *step, [*act]));
        Self {
            relay: Relay::new(store.clone(), recorder.clone()).batch(3),
            consumer: Consumer::new(store.clone(), script).jitter(NoJitter),
            store,
            clock,
            recorder,
            relays: 1,
            next: [1; 4],
            committed: Vec::new(),
        }
    }

    async fn apply(&mut self, happening: Happening) {
        match happening {
            Happening::Commit(orders) => self.commit(&orders).await,
            Happening::Abandon(order) => {
                let Ok(mut transaction) = self.store.transaction().await else { return };
                transaction.enqueue(&Placed::new(&name(order), 999)).unwrap();
            }
            Happening::Relay(answers) => {
                self.recorder.answer(answers);
                // A store that fails is tried again by the loop; here the next happening does.
                let _ = self.relay.step().await;
            }
            Happening::NewRelay => self.new_relay(),
            Happening::Fault(after) => self.store.fail(if after { Fault::AfterCommit } else { Fault::BeforeCommit }, 1),
            Happening::Deliver(from) => self.deliver(from).await,
            Happening::Wait(seconds) => {
                self.clock.advance(Duration::from_secs(seconds.into()));
                let _ = self.consumer.work_letters().await;
            }
        }
    }

    async fn commit(&mut self, orders: &[u8]) {
        let before = self.sizes().await;
        let mut transaction = self.store.transaction().await.unwrap();
        let mut names = Vec::new();
        let mut next = self.next;
        for order in orders {
            let step = next.get_mut(usize::from(*order)).unwrap();
            transaction.enqueue(&Placed::new(&name(*order), *step)).unwrap();
            names.push(format!("{}/{step}", name(*order)));
            *step += 1;
        }
        let done = transaction.commit().await.is_ok();
        // A commit whose answer was lost has happened: the oracle looks, the producer can't know.
        if done || self.sizes().await > before {
            self.next = next;
            self.committed.extend(names);
        }
    }

    async fn sizes(&self) -> usize {
        self.store.outbox_len().await
    }

    fn new_relay(&mut self) {
        self.clock.advance(Duration::from_secs(11));
        self.relays += 1;
        let store = self.store.as_owner(&format!("relay {}", self.relays));
        self.relay = Relay::new(store, self.recorder.clone()).batch(3);
    }

    async fn deliver(&self, from: usize) {
        let bodies = self.recorder.bodies();
        let start = from.min(bodies.len().saturating_sub(1));
        let bodies: Vec<_> = bodies.iter().skip(start).take(5).map(Vec::as_slice).collect();
        let _ = self.consumer.apply(&bodies).await;
    }

    /// Lets everything come to an end, without faults.
    async fn settle(&mut self) {
        self.store.forgive();
        self.new_relay();
        for _ in 0..200 {
            let sent = self.relay.step().await.unwrap().sent;
            let bodies = self.recorder.bodies();
            let bodies: Vec<_> = bodies.iter().map(Vec::as_slice).collect();
            self.consumer.apply(&bodies).await.unwrap();
            self.clock.advance(Duration::from_secs(400));
            self.consumer.work_letters().await.unwrap();
            if sent == 0 && self.committed.len() == self.placed().await.len() {
                return;
            }
        }
    }

    async fn placed(&self) -> Vec<String> {
        self.store.written().await
    }
}

fn name(order: u8) -> String {
    format!("o-{order}")
}

fn of_order(lines: &[String], order: u8) -> Vec<&String> {
    lines.iter().filter(|line| line.starts_with(&format!("{}/", name(order)))).collect()
}

fn run(happenings: Vec<Happening>, acts: &[(u8, u32, Act)]) -> World {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let mut world = World::new(acts);
        for happening in happenings {
            world.apply(happening).await;
        }
        world.settle().await;
        world
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// Committed = applied, each once, in the order of commits within each order; rolled back events never show.
    #[test]
    fn whatever_happens_each_committed_event_is_applied_once_and_in_order(
        happenings in prop::collection::vec(happening(), 0..60),
        acts in acts(),
    ) {
        let world = run(happenings, &acts);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let written = runtime.block_on(world.placed());
        for order in 0..4 {
            prop_assert_eq!(of_order(&written, order), of_order(&world.committed, order));
        }
    }

    /// The first delivery of each event comes in the order of commits, and names the one before it.
    #[test]
    fn first_deliveries_of_a_key_are_in_the_order_of_commits(
        happenings in prop::collection::vec(happening(), 0..60),
    ) {
        let world = run(happenings, &[]);
        let mut seen = std::collections::HashSet::new();
        let sent = world.recorder.sent();
        let first: Vec<String> = sent
            .iter()
            .filter(|event| event.event_type == "trial.placed" && seen.insert(event.id.clone()))
            .map(|event| serde_json::from_str::<Placed>(event.data.as_ref().unwrap().get()).unwrap())
            .map(|placed| format!("{}/{}", placed.order_id, placed.step))
            .collect();
        for order in 0..4 {
            prop_assert_eq!(of_order(&first, order), of_order(&world.committed, order));
        }
    }
}
