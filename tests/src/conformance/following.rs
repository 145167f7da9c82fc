//! The database as the broker: consumers that read the ordered log by themselves.

use std::time::Duration;

use event_core::runtime::{StoreError, Subscription, TransportError};
use event_core::{Consumer, Sink, follow};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::conformance::together::{assert_in_order, written};
use crate::events::Placed;
use crate::script::Script;
use crate::setup::{ContextOf, Effects, Setup, noon};

/// A consumer that follows an outbox; stop it with the token.
struct Follower {
    shutdown: CancellationToken,
    consumer: JoinHandle<Result<(), StoreError>>,
}

impl Follower {
    fn start<S: Setup>(producer: S::Store, setup: &S) -> Self
    where
        for<'c> ContextOf<'c, S::Store>: Effects,
    {
        let shutdown = CancellationToken::new();
        let subscription = follow(producer, Sink::new("billing")).batch(7);
        let consumer = Consumer::new(setup.store(), Script::default()).batch(5).concurrency(2);
        Self { consumer: tokio::spawn(consumer.run(subscription, shutdown.clone())), shutdown }
    }

    async fn stop(self) {
        self.shutdown.cancel();
        let ended = tokio::time::timeout(Duration::from_secs(30), self.consumer).await.expect("the loop ends");
        ended.unwrap().unwrap();
    }
}

async fn commit<S: Setup>(setup: &S, steps: std::ops::RangeInclusive<u32>) {
    for step in steps {
        let events: Vec<_> = (0..5).map(|key| Placed::new(&format!("o-{key}"), step)).collect();
        setup.commit(&events).await;
    }
}

pub async fn a_consumer_follows_an_outbox_without_a_broker<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let (producer, setup) = (S::fresh(noon()).await, S::fresh(noon()).await);
    commit(&producer, 1..=6).await;
    let follower = Follower::start(producer.store(), &setup);
    commit(&producer, 7..=12).await;
    written(&setup, 60).await;
    follower.stop().await;
    assert_in_order(&setup.written().await, 5, 12);
}

pub async fn consumers_that_follow_as_one_share_and_go_on_for_each_other<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let (producer, setup) = (S::fresh(noon()).await, S::fresh(noon()).await);
    let one = Follower::start(producer.store(), &setup);
    let other = Follower::start(producer.other_process(), &setup);
    commit(&producer, 1..=6).await;
    written(&setup, 30).await;
    one.stop().await;
    commit(&producer, 7..=12).await;
    written(&setup, 60).await;
    other.stop().await;
    assert_in_order(&setup.written().await, 5, 12);
}

/// A gap holds up its own slot, and no other for any time: nothing is wrong with the destination.
pub async fn gaps_in_some_slots_hold_up_no_other<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let (producer, setup) = (S::fresh(noon()).await, S::fresh(noon()).await);
    commit(&producer, 1..=1).await;
    let follower = Follower::start(producer.store(), &setup);
    written(&setup, 5).await;
    follower.stop().await;
    // What was sent to the two is gone, and can't be had again.
    let moved = [("o-0", 7), ("o-1", 7)].map(|(order, step)| Placed::new(order, step));
    producer.commit(&moved).await;
    let (other, shutdown) = (S::fresh(noon()).await, CancellationToken::new());
    let subscription = NoRefetch(follow(producer.store(), Sink::new("billing")));
    let consumer = Consumer::new(other.store(), Script::default());
    let running = tokio::spawn(consumer.run(subscription, shutdown.clone()));
    for step in 8..=12 {
        producer.commit(&[Placed::new("o-77", step), Placed::new("o-78", step)]).await;
        written(&other, usize::try_from((step - 7) * 2).unwrap()).await;
    }
    shutdown.cancel();
    running.await.unwrap().unwrap();
    assert!(other.written().await.iter().all(|line| line.starts_with("o-7")));
}

/// A subscription that knows no place to have missing events from.
struct NoRefetch<S>(S);

impl<S: Subscription> Subscription for NoRefetch<S> {
    type Delivery = S::Delivery;

    async fn receive(&mut self, limit: usize) -> Result<Vec<S::Delivery>, TransportError> {
        self.0.receive(limit).await
    }
}

/// The marks are those of an empty database, and the cursor is far behind them: what is missing is read again.
pub async fn a_consumer_that_was_restored_reads_again_what_it_lost<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let (producer, before, setup) = (S::fresh(noon()).await, S::fresh(noon()).await, S::fresh(noon()).await);
    commit(&producer, 1..=4).await;
    let follower = Follower::start(producer.store(), &before);
    written(&before, 20).await;
    follower.stop().await;
    let follower = Follower::start(producer.store(), &setup);
    commit(&producer, 5..=6).await;
    written(&setup, 30).await;
    follower.stop().await;
    assert_in_order(&setup.written().await, 5, 6);
}
