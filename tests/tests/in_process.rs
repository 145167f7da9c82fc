//! What the in-process transport promises to several consumers, and what the loops make of a store that fails.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use event_core::runtime::Inbox;
use event_core::runtime::{Delivery, Subscription, Transport};
use event_core::testing::{Fault, MemoryStore};
use event_core::{Consumer, Envelope, InProcess, InProcessSubscription, LetterId, Place, Relay, in_process};
use event_tests::script::Script;
use event_tests::setup::noon;
use tokio_util::sync::CancellationToken;

fn event(id: &str) -> Envelope {
    Envelope::new(id.into(), "/s".into(), "a.b")
}

/// Publishes one event; tells how many were sent.
async fn publish(transport: &InProcess, id: &str) -> Result<(), String> {
    let limit = Duration::from_secs(10);
    let answer = tokio::time::timeout(limit, transport.publish(&[event(id)])).await.expect("a publish ends");
    answer.map_err(|error| event_core::error_chain(&error).join(": "))
}

async fn take_all(mut subscription: InProcessSubscription) {
    loop {
        let deliveries = subscription.receive(10).await.unwrap();
        if deliveries.is_empty() {
            return;
        }
        for delivery in deliveries {
            delivery.acknowledge().await;
        }
    }
}

#[tokio::test]
async fn nothing_is_published_past_a_consumer_that_has_stopped() {
    let (transport, stopped) = in_process();
    let other = tokio::spawn(take_all(transport.subscribe()));
    drop(stopped);
    let error = publish(&transport, "1").await.unwrap_err();
    assert_eq!(
        error,
        "cannot publish: a subscription was dropped and its consumer would miss the message; \
         subscribe it again, or unsubscribe it"
    );
    let successor = tokio::spawn(take_all(transport.subscribe()));
    publish(&transport, "1").await.unwrap();
    drop(transport);
    other.await.unwrap();
    successor.await.unwrap();
}

#[tokio::test]
async fn a_subscription_that_was_given_up_is_not_waited_for() {
    let (transport, left) = in_process();
    let other = tokio::spawn(take_all(transport.subscribe()));
    left.unsubscribe();
    publish(&transport, "1").await.unwrap();
    drop(transport);
    other.await.unwrap();
}

#[tokio::test]
async fn a_store_that_can_not_be_reached_costs_no_attempt() {
    let store = MemoryStore::new(noon());
    let consumer = Consumer::new(store.clone(), Script::default());
    let body = br#"{"specversion":"1.0","id":"1","source":"/s","type":"trial.placed","eventversion":2,
        "data":{"order_id":"o-1","step":1}}"#;
    store.fail(Fault::Begin, 2);
    assert!(consumer.apply(&[body]).await.unwrap_err().is_transient());
    store.forgive();
    assert!(store.letters("billing", Place::Retry, LetterId::new(0), 10).await.unwrap().is_empty());
    assert_eq!(consumer.apply(&[body]).await.unwrap().1.applied, 1);
}

#[tokio::test]
async fn a_relay_that_can_not_give_its_slots_back_ends_well() {
    let store = MemoryStore::new(noon());
    let (shutdown, (transport, _subscription)) = (CancellationToken::new(), in_process());
    store.fail(Fault::BeforeCommit, 1);
    shutdown.cancel();
    Relay::new(store, transport).run(shutdown).await.unwrap();
}
