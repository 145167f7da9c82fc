//! Data that is too large for a broker: it goes through a blob store, the event carries a reference.

use std::time::Duration;

use event_core::runtime::{BlobStore, Counts, Replayed};
use event_core::testing::MemoryBlobs;
use event_core::{Consumer, Envelope, LetterId, Place, Relay, Sink};

use crate::events::Placed;
use crate::recorder::Recorder;
use crate::script::Script;
use crate::setup::{ContextOf, Effects, Setup, noon};

/// What is above this is put away.
const ABOVE: usize = 500;

fn large(order: &str, step: u32) -> Placed {
    Placed { note: Some("x".repeat(1000)), ..Placed::new(order, step) }
}

fn is_checked_in(event: &Envelope) -> bool {
    event.data.is_none() && event.extensions.contains_key("dataref")
}

/// Commits these, sends them, and tells what a consumer would get.
async fn sent<S: Setup>(setup: &S, blobs: &MemoryBlobs, events: &[Placed]) -> Recorder {
    setup.commit(events).await;
    let recorder = Recorder::default();
    let relay = Relay::new(setup.store(), recorder.clone()).blobs(blobs.clone(), ABOVE);
    assert_eq!(relay.step().await.unwrap().sent, events.len());
    recorder
}

async fn apply<S: Setup>(consumer: &Consumer<S::Store, Script>, recorder: &Recorder) -> Counts
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let bodies = recorder.bodies();
    let bodies: Vec<_> = bodies.iter().map(Vec::as_slice).collect();
    consumer.apply(&bodies).await.unwrap().1
}

pub async fn large_data_is_put_away_and_read_again_and_small_data_stays<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let blobs = MemoryBlobs::default();
    let recorder = sent(&setup, &blobs, &[large("o-1", 1), Placed::new("o-1", 2), large("o-1", 3)]).await;
    assert_eq!(recorder.sent().iter().map(is_checked_in).collect::<Vec<_>>(), [true, false, true]);
    assert!(recorder.bodies().iter().all(|body| body.len() < 1000));
    assert_eq!(blobs.len(), 2);
    let consumer = Consumer::new(setup.store(), Script::default()).blobs(blobs);
    assert_eq!(apply::<S>(&consumer, &recorder).await.applied, 3);
    assert_eq!(setup.written().await, ["o-1/1", "o-1/2", "o-1/3"]);
}

pub async fn a_blob_store_that_is_away_stops_the_slot_before_the_event<S: Setup>() {
    let setup = S::fresh(noon()).await;
    let blobs = MemoryBlobs::default();
    blobs.set_away(true);
    setup.commit(&[Placed::new("o-1", 1), large("o-1", 2), Placed::new("o-1", 3)]).await;
    let recorder = Recorder::default();
    let relay = Relay::new(setup.store(), recorder.clone()).blobs(blobs.clone(), ABOVE);
    let step = relay.step().await.unwrap();
    assert_eq!((step.sent, step.stopped), (1, 1));
    assert_eq!(relay.step().await.unwrap().sent, 0, "there is nothing before it any more");
    blobs.set_away(false);
    assert_eq!(relay.step().await.unwrap().sent, 2);
    let small: Vec<_> = recorder.sent().iter().filter(|event| !is_checked_in(event)).map(|e| e.sequence).collect();
    assert_eq!((small.len(), recorder.sent().len(), blobs.len()), (2, 3, 1));
}

pub async fn data_that_can_not_be_fetched_is_retried_and_holds_its_key<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let clock = noon();
    let setup = S::fresh(clock.clone()).await;
    let blobs = MemoryBlobs::default();
    let recorder = sent(&setup, &blobs, &[large("o-1", 1), Placed::new("o-1", 2)]).await;
    let consumer = Consumer::new(setup.store(), Script::default()).blobs(blobs.clone());
    blobs.set_away(true);
    let counts = apply::<S>(&consumer, &recorder).await;
    assert_eq!((counts.retries, counts.held, counts.applied), (1, 1, 0));
    blobs.set_away(false);
    clock.advance(Duration::from_secs(400));
    assert_eq!(consumer.work_letters().await.unwrap().applied, 2);
    assert_eq!(setup.written().await, ["o-1/1", "o-1/2"]);
}

pub async fn data_that_is_gone_ends_in_a_dead_letter_and_is_replayed_once_it_is_back<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let clock = noon();
    let setup = S::fresh(clock.clone()).await;
    let blobs = MemoryBlobs::default();
    let recorder = sent(&setup, &blobs, &[large("o-1", 1)]).await;
    let consumer = Consumer::new(setup.store(), Script::default()).blobs(blobs.clone());
    blobs.clear();
    apply::<S>(&consumer, &recorder).await;
    for _ in 0..5 {
        clock.advance(Duration::from_secs(400));
        consumer.work_letters().await.unwrap();
    }
    let letters = consumer.dead_letters(LetterId::new(0), 10).await.unwrap();
    let letter = letters.first().unwrap();
    assert_eq!((letters.len(), letter.place, letter.attempts), (1, Place::DeadLetter, 5));
    let errors: Vec<_> = letter.errors.iter().map(|error| error.replace(&reference(&recorder), "KEY")).collect();
    let causes =
        ["the data is not where `dataref` says, `KEY`", "cannot reach the data of an event", "there is no such blob"];
    assert_eq!(errors, causes);
    let other = Recorder::default();
    let relay = Relay::new(setup.store(), other.clone()).sink(Sink::new("again"));
    relay.blobs(blobs, ABOVE).step().await.unwrap();
    assert_eq!(reference(&other), reference(&recorder), "the same for every sink");
    assert_eq!(consumer.replay(letter.id).await.unwrap(), Replayed::Applied);
}

fn reference(recorder: &Recorder) -> String {
    let sent = recorder.sent();
    serde_json::from_str(sent.first().unwrap().extensions.get("dataref").unwrap().get()).unwrap()
}

pub async fn what_is_no_json_where_data_should_be_is_a_dead_letter_at_once<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let blobs = MemoryBlobs::default();
    let recorder = sent(&setup, &blobs, &[large("o-1", 1)]).await;
    blobs.put(&reference(&recorder), b"{").await.unwrap();
    let consumer = Consumer::new(setup.store(), Script::default()).blobs(blobs);
    assert_eq!(apply::<S>(&consumer, &recorder).await.dead_letters, 1);
    let letters = consumer.dead_letters(LetterId::new(0), 10).await.unwrap();
    let errors: Vec<_> = letters.iter().flat_map(|letter| &letter.errors).collect();
    assert_eq!(errors, [&format!("what `dataref` names, `{}`, is not JSON", reference(&recorder))]);
}

pub async fn a_consumer_without_the_blob_store_says_what_to_write<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let blobs = MemoryBlobs::default();
    let recorder = sent(&setup, &blobs, &[large("o-1", 1)]).await;
    let consumer = Consumer::new(setup.store(), Script::default());
    assert_eq!(apply::<S>(&consumer, &recorder).await.dead_letters, 1);
    let letters = consumer.dead_letters(LetterId::new(0), 10).await.unwrap();
    assert_eq!(
        letters.first().unwrap().errors,
        ["the event has its data elsewhere, `dataref`; give this consumer the blob store: `Consumer::blobs`"]
    );
}
