//! How several consumers over one subscription end, and what they keep in memory.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use event_core::runtime::Inbox;
use event_core::testing::{Fault, MemoryStore};
use event_core::{Consumer, Consumers, FanOutError, LetterId, Place, Relay, error_chain, in_process};
use event_tests::events::Placed;
use event_tests::fanning_out::Shipping;
use event_tests::feed::{Feed, until};
use event_tests::script::{Act, Script};
use event_tests::setup::noon;
use sqlx::sqlite::SqlitePoolOptions;
use tokio_util::sync::CancellationToken;

fn message(step: u32) -> Vec<u8> {
    format!(
        r#"{{"specversion":"1.0","source":"/shop","type":"trial.placed","id":"{step}","eventversion":2,
            "data":{{"order_id":"o-1","step":{step}}}}}"#
    )
    .into_bytes()
}

fn text(error: &FanOutError) -> String {
    error_chain(error).join(": ")
}

#[tokio::test]
async fn a_service_without_a_consumer_is_told_so() {
    let error = Consumers::over(Feed::default()).run(CancellationToken::new()).await.unwrap_err();
    assert_eq!(text(&error), "there is no consumer; add one, `Consumers::over(subscription).add(consumer)`");
    let two = || Consumer::new(MemoryStore::new(noon()), Shipping);
    let error = Consumers::over(Feed::default()).add(two()).add(two()).run(CancellationToken::new()).await.unwrap_err();
    assert_eq!(
        text(&error),
        "two consumers are called `shipping`; give one of them another name, `#[event_handlers(consumer = \"…\")]`"
    );
}

#[tokio::test]
async fn the_first_consumer_that_gives_up_ends_the_others_and_is_named() {
    let without_tables = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.unwrap();
    let consumers = Consumers::over(Feed::default())
        .add(Consumer::new(MemoryStore::new(noon()), Script::default()))
        .add(Consumer::new(event_sqlx::Store::new(without_tables), Shipping));
    let error = consumers.run(CancellationToken::new()).await.unwrap_err();
    assert!(matches!(error, FanOutError::GaveUp { consumer: "shipping", .. }), "{error:?}");
    assert!(text(&error).starts_with("the consumer `shipping` has given up, and the others were stopped: "), "{error}");
}

#[tokio::test]
async fn a_subscription_that_gives_up_ends_the_consumers() {
    let (store, feed) = (MemoryStore::new(noon()), Feed::default());
    feed.push([message(1)]);
    let consumers = Consumers::over(feed.clone())
        .add(Consumer::new(store.clone(), Script::default()))
        .add(Consumer::new(store.clone(), Shipping));
    let running = tokio::spawn(consumers.run(CancellationToken::new()));
    feed.until_acknowledged(1).await;
    feed.break_down("the stream was deleted");
    let error = running.await.unwrap().unwrap_err();
    assert_eq!(
        text(&error),
        "the subscription of several consumers has given up: cannot receive: the stream was deleted"
    );
    assert_eq!(store.written().await.len(), 2);
}

#[tokio::test]
async fn a_consumer_that_is_stuck_fills_no_memory() {
    let (store, feed) = (MemoryStore::new(noon()), Feed::default());
    let shipping = MemoryStore::new(noon());
    feed.push((1..=2000).map(message));
    let consumers = Consumers::over(feed.clone())
        .add(Consumer::new(store, Script::default().on("o-1", 1, [Act::Hang])))
        .add(Consumer::new(shipping.clone(), Shipping));
    let running = tokio::spawn(consumers.run(CancellationToken::new()));
    until(|| feed.handed_out() > 256).await;
    // The other one takes all that was handed out; then nothing more comes.
    let mut applied = 0;
    while applied < feed.handed_out() {
        tokio::task::yield_now().await;
        applied = shipping.written().await.len();
    }
    for _ in 0..10_000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(shipping.written().await.len(), applied);
    assert!(applied < 1000, "{applied} of 2000 were handed out");
    assert!(feed.acknowledged().is_empty());
    running.abort();
}

#[tokio::test]
async fn a_first_event_whose_batch_is_rolled_back_is_not_skipped_in_process() {
    let store = MemoryStore::new(noon());
    let mut transaction = store.transaction().await.unwrap();
    for step in 1..=20 {
        transaction.enqueue(&Placed::new("o-1", step)).unwrap();
    }
    transaction.commit().await.unwrap();
    store.fail(Fault::BeforeCommit, 2);
    let (shutdown, (transport, subscription)) = (CancellationToken::new(), in_process());
    let consumers = Consumers::over(subscription)
        .add(Consumer::new(store.clone(), Script::default()).batch(1))
        .add(Consumer::new(store.clone(), Shipping).batch(1));
    let relay = tokio::spawn(Relay::new(store.clone(), transport).batch(20).run(shutdown.clone()));
    let running = tokio::spawn(consumers.run(shutdown.clone()));
    let mut written = Vec::new();
    let all = async {
        while written.len() < 40 {
            tokio::task::yield_now().await;
            written = store.written().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all).await.expect("all are applied in time");
    shutdown.cancel();
    running.await.unwrap().unwrap();
    relay.await.unwrap().unwrap();
    let steps = |prefix: &str| (1..=20).map(|step| format!("{prefix}o-1/{step}")).collect::<Vec<_>>();
    let (shipped, billed): (Vec<String>, Vec<String>) =
        written.into_iter().partition(|line| line.starts_with("shipping"));
    assert_eq!((billed, shipped), (steps(""), steps("shipping ")));
}

#[tokio::test]
async fn what_waits_for_a_slow_consumer_is_kept_alive_and_what_is_anothers_is_not_committed() {
    let feed = Feed::with_heartbeat(Duration::from_millis(5));
    let (billing, shipping) = (MemoryStore::new(noon()), MemoryStore::new(noon()));
    let script = Script::default().on("o-1", 1, [Act::Hang]);
    let consumers = Consumers::over(feed.clone())
        .add(Consumer::new(billing.clone(), script).batch(1).timeout(Duration::from_secs(1)))
        .add(Consumer::new(shipping.clone(), Shipping));
    feed.push((1..=20).map(message));
    let (shutdown, given_away) = (CancellationToken::new(), message(1));
    let running = tokio::spawn(consumers.run(shutdown.clone()));
    until(|| (1..=20).all(|step| feed.extended(&message(step)) > 1)).await;
    feed.give_away(&given_away);
    // What billing had at hand comes back with it; all but the one that was given away comes again.
    until(|| {
        let returned = feed.returned();
        let again: Vec<Vec<u8>> = returned.iter().filter(|body| **body != given_away).cloned().collect();
        feed.push(again);
        returned.contains(&given_away)
    })
    .await;
    until(|| {
        feed.push(feed.returned());
        feed.acknowledged().len() >= 19
    })
    .await;
    shutdown.cancel();
    running.await.unwrap().unwrap();
    assert!(!feed.acknowledged().contains(&given_away));
    assert_eq!(shipping.written().await.len(), 20);
    assert_eq!(billing.letters("billing", Place::Retry, LetterId::new(0), 10).await.unwrap().len(), 0);
}
