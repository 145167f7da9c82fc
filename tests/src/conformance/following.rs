//! The database as the broker: consumers that read the ordered log by themselves.

use std::time::Duration;

use event_core::runtime::StoreError;
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
