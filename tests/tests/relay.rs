//! What a relay makes of a store that fails, and of time, which these tests move by hand.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use event_core::runtime::StoreError;
use event_core::testing::{Fault, MemoryStore};
use event_core::{Breaker, Relay};
use event_tests::events::Placed;
use event_tests::recorder::{Answer, Recorder};
use event_tests::setup::noon;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const HOUR: Duration = Duration::from_secs(60 * 60);

async fn commit(store: &MemoryStore, order: &str, step: u32) {
    let mut transaction = store.transaction().await.unwrap();
    transaction.enqueue(&Placed::new(order, step)).unwrap();
    transaction.commit().await.unwrap();
}

fn start(relay: Relay<MemoryStore, Recorder>) -> (CancellationToken, JoinHandle<Result<(), StoreError>>) {
    let shutdown = CancellationToken::new();
    (shutdown.clone(), tokio::spawn(relay.run(shutdown)))
}

async fn sent(recorder: &Recorder, count: usize) {
    recorder.until(|recorder| recorder.sent().len() >= count).await;
}

#[tokio::test(start_paused = true)]
async fn a_cursor_whose_move_fails_is_moved_again_and_nothing_is_sent_twice() {
    for fault in [Fault::BeforeCommit, Fault::AfterCommit] {
        let (store, recorder) = (MemoryStore::new(noon()), Recorder::default());
        commit(&store, "o-1", 1).await;
        store.fail(fault, 3);
        let (shutdown, relay) = start(Relay::new(store.clone(), recorder.clone()));
        sent(&recorder, 1).await;
        tokio::time::sleep(Duration::from_secs(5)).await;
        commit(&store, "o-1", 2).await;
        sent(&recorder, 2).await;
        shutdown.cancel();
        relay.await.unwrap().unwrap();
        assert_eq!(recorder.sent().len(), 2, "{fault:?}");
        assert_eq!(Relay::new(store, recorder).step().await.unwrap().sent, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_that_is_parked_while_the_answer_is_lost_is_parked_once() {
    let (store, recorder) = (MemoryStore::new(noon()), Recorder::default());
    recorder.answer([Answer::Refuse]);
    commit(&store, "o-1", 1).await;
    store.fail(Fault::AfterCommit, 1);
    let (shutdown, relay) = start(Relay::new(store.clone(), recorder.clone()));
    tokio::time::sleep(Duration::from_secs(5)).await;
    shutdown.cancel();
    relay.await.unwrap().unwrap();
    assert_eq!((store.parked().await, recorder.offers()), (1, vec![1]));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_can_not_be_reached_is_tried_again_ever_more_rarely() {
    let (store, recorder) = (MemoryStore::new(noon()), Recorder::default());
    commit(&store, "o-1", 1).await;
    store.fail(Fault::Begin, 20);
    let begun = tokio::time::Instant::now();
    let (shutdown, relay) = start(Relay::new(store, recorder.clone()));
    sent(&recorder, 1).await;
    let waited = begun.elapsed();
    assert!(waited >= Duration::from_millis(5 + 10 + 20 + 40 + 80 + 160 + 320 + 640 + 12 * 1000), "{waited:?}");
    shutdown.cancel();
    relay.await.unwrap().unwrap();
}

/// What was sent, as the order, the epoch and whether it named an event before it.
fn places(recorder: &Recorder) -> Vec<(String, String, bool)> {
    let place = |event: &event_core::Envelope| {
        let order = event.subject.as_ref().unwrap().to_string();
        let epoch = event.source.as_str().rsplit('=').next().unwrap().to_owned();
        (order, epoch, event.previous.unwrap() != event_core::Sequence::START)
    };
    recorder.sent().iter().map(place).collect()
}

fn place(order: &str, epoch: u32, follows: bool) -> (String, String, bool) {
    (order.to_owned(), epoch.to_string(), follows)
}

#[tokio::test(start_paused = true)]
async fn what_was_read_before_a_new_epoch_is_not_sent_under_its_source() {
    let (store, recorder) = (MemoryStore::new(noon()), Recorder::default());
    let orders = ["o-1", "o-2", "o-3", "o-4"];
    for order in orders {
        commit(&store, order, 1).await;
    }
    let (shutdown, relay) = start(Relay::new(store.clone(), recorder.clone()).concurrency(1));
    sent(&recorder, 4).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    orders.iter().for_each(|order| recorder.hang(order));
    for order in orders {
        commit(&store, order, 2).await;
    }
    // One is on its way, the others wait behind it.
    recorder.until(|recorder| recorder.offers().len() == 5).await;
    recorder.let_go();
    store.fail_over().await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    shutdown.cancel();
    relay.await.unwrap().unwrap();
    let mut places = places(&recorder);
    places.sort();
    let twice = orders.into_iter().flat_map(|order| [place(order, 1, false), place(order, 2, false)]);
    assert_eq!(places, twice.collect::<Vec<_>>(), "every stream begins anew");
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_was_to_move_in_the_old_epoch_does_not_move_in_the_new_one() {
    let (store, recorder) = (MemoryStore::new(noon()), Recorder::default());
    commit(&store, "o-1", 1).await;
    store.fail(Fault::BeforeCommit, 1);
    let (shutdown, relay) = start(Relay::new(store.clone(), recorder.clone()));
    sent(&recorder, 1).await;
    store.fail_over().await;
    commit(&store, "o-1", 2).await;
    sent(&recorder, 3).await;
    shutdown.cancel();
    relay.await.unwrap().unwrap();
    assert_eq!(places(&recorder), [place("o-1", 1, false), place("o-1", 2, false), place("o-1", 2, true)]);
}

#[tokio::test(start_paused = true)]
async fn the_store_is_asked_to_care_at_the_start_and_every_five_minutes() {
    let (store, recorder) = (MemoryStore::new(noon()), Recorder::default());
    let (shutdown, relay) = start(Relay::new(store.clone(), recorder.clone()));
    commit(&store, "o-1", 1).await;
    sent(&recorder, 1).await;
    assert_eq!(store.tended(), 1);
    tokio::time::sleep(HOUR + Duration::from_secs(1)).await;
    assert_eq!(store.tended(), 13);
    shutdown.cancel();
    relay.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn care_that_fails_is_tried_again_within_a_minute_and_ever_more_rarely() {
    let (store, recorder) = (MemoryStore::new(noon()), Recorder::default());
    store.fail(Fault::Tend, 7);
    commit(&store, "o-1", 1).await;
    let (shutdown, relay) = start(Relay::new(store.clone(), recorder.clone()));
    sent(&recorder, 1).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut waited = Duration::ZERO;
    for (tended, pause) in (1..).zip([15, 30, 60, 120, 240, 300, 300, 300]) {
        assert_eq!(store.tended(), tended, "after {waited:?}");
        waited += Duration::from_secs(pause);
        tokio::time::sleep(Duration::from_secs(pause)).await;
    }
    shutdown.cancel();
    relay.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn care_that_hangs_holds_up_no_shutdown_beyond_the_drain() {
    let (store, recorder) = (MemoryStore::new(noon()), Recorder::default());
    store.fail(Fault::TendHangs, 1);
    commit(&store, "o-1", 1).await;
    let (shutdown, relay) = start(Relay::new(store.clone(), recorder.clone()).drain(Duration::from_secs(2)));
    sent(&recorder, 1).await;
    shutdown.cancel();
    let begun = tokio::time::Instant::now();
    relay.await.unwrap().unwrap();
    assert_eq!((begun.elapsed().as_secs(), store.tended()), (2, 1));
    assert_eq!(Relay::new(store, recorder).step().await.unwrap().sent, 0, "the cursor has moved, the slots are free");
}

#[tokio::test(start_paused = true)]
async fn a_destination_that_is_away_for_an_hour_is_asked_now_and_then_and_nothing_is_read_in_between() {
    let (store, recorder) = (MemoryStore::new(noon()), Recorder::default());
    recorder.set_down(true);
    let breaker = Breaker::default().failures(2).pause(Duration::from_secs(1), Duration::from_secs(60));
    let (shutdown, relay) = start(Relay::new(store.clone(), recorder.clone()).breaker(breaker));
    commit(&store, "o-1", 1).await;
    tokio::time::sleep(HOUR).await;
    // Two failures, then pauses of 1, 2, 4 … 32 seconds, and one of a minute after another.
    let offers = recorder.offers().len();
    assert!((60..=68).contains(&offers), "{offers}");
    for step in 2..=9 {
        commit(&store, "o-1", step).await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(recorder.offers().len() <= offers + 1, "commits don't wake it");
    recorder.set_down(false);
    sent(&recorder, 9).await;
    shutdown.cancel();
    relay.await.unwrap().unwrap();
    assert_eq!(recorder.sent().len(), 9);
}

#[tokio::test(start_paused = true)]
async fn a_slot_that_hangs_for_good_is_offered_once_per_timeout() {
    let (store, recorder) = (MemoryStore::new(noon()), Recorder::default());
    recorder.hang("o-1");
    commit(&store, "o-1", 1).await;
    let relay = Relay::new(store.clone(), recorder.clone()).timeout(Duration::from_secs(30)).breaker(Breaker::never());
    let (shutdown, relay) = start(relay);
    tokio::time::sleep(Duration::from_secs(29)).await;
    assert_eq!(recorder.offers().len(), 1);
    tokio::time::sleep(Duration::from_secs(70)).await;
    assert_eq!(recorder.offers().len(), 4);
    shutdown.cancel();
    let begun = tokio::time::Instant::now();
    relay.await.unwrap().unwrap();
    assert_eq!(begun.elapsed().as_secs(), 3, "the deadline of the drain, not the transport's");
}
