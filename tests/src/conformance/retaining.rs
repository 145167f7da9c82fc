//! What retention promises: an event goes once it is old, every sink has passed it, and it is parked for none.

use std::future::Future;
use std::time::Duration;

use event_core::runtime::{Origin, Sinks};
use event_core::testing::ManualClock;
use event_core::{Clock, Consumer, Registration, Relay, Sequence, Sink, Start, SystemClock};

use super::relaying::steps;
use super::world::counts;
use crate::events::Placed;
use crate::recorder::{Answer, Recorder};
use crate::script::Script;
use crate::setup::{ContextOf, Effects, Setup};

/// How long the store of [`Retaining::keeping`] keeps events.
pub const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A store that keeps events for some time. The setup's clock must show the database's time.
pub trait Retaining: Setup {
    /// Keeps events for a [`MONTH`].
    fn keeping(&self) -> Self::Store;

    /// Writes an event as it would have been written four months ago.
    fn write_old(&self, order: &str) -> impl Future<Output = ()> + Send;

    /// Enqueues an event that happened long ago, and commits it.
    fn commit_late(&self, order: &str) -> impl Future<Output = ()> + Send;

    /// The keys of the outbox, sorted.
    fn kept(&self) -> impl Future<Output = Vec<String>> + Send;

    /// Forgets what is parked, as an operator does.
    fn unpark(&self) -> impl Future<Output = ()> + Send;
}

pub fn today() -> ManualClock {
    ManualClock::new(SystemClock.now())
}

/// A setup with events of long ago for two keys, and one of today.
pub(super) async fn old<S: Retaining>() -> (S, ManualClock) {
    let clock = today();
    let setup = S::fresh(clock.clone()).await;
    setup.write_old("a").await;
    setup.write_old("b").await;
    setup.commit(&[Placed::new("new", 1)]).await;
    (setup, clock)
}

/// Sends all that a sink has not passed.
pub(super) async fn send_all<S: Setup>(setup: &S, clock: &ManualClock, sink: &str) -> Recorder {
    let recorder = Recorder::default();
    send(setup, clock, sink, &recorder).await;
    recorder
}

async fn send<S: Setup>(setup: &S, clock: &ManualClock, sink: &str, recorder: &Recorder) {
    // The leases of the relay before are over.
    clock.advance(Duration::from_secs(60));
    let relay = Relay::new(setup.store(), recorder.clone()).sink(Sink::new(sink)).start(Start::Earliest);
    while relay.step().await.unwrap().sent > 0 {}
}

const ALL: [&str; 3] = ["a", "b", "new"];

pub async fn nothing_goes_unless_an_age_is_given<S: Retaining>() {
    let (setup, clock) = old::<S>().await;
    send_all(&setup, &clock, "default").await;
    setup.store().tend().await.unwrap();
    assert_eq!(setup.kept().await, ALL);
    setup.keeping().tend().await.unwrap();
    assert_eq!(setup.kept().await, ["new"]);
    setup.keeping().tend().await.unwrap();
    assert_eq!(setup.kept().await, ["new"]);
}

pub async fn nothing_goes_without_a_sink<S: Retaining>() {
    let (setup, _) = old::<S>().await;
    setup.keeping().tend().await.unwrap();
    assert_eq!(setup.kept().await, ALL);
}

pub async fn every_sink_holds_what_it_has_not_passed_until_it_is_removed<S: Retaining>() {
    let (setup, clock) = old::<S>().await;
    let slow = Sink::new("slow");
    setup.store().register(&slow, &Registration::default()).await.unwrap();
    send_all(&setup, &clock, "quick").await;
    setup.keeping().tend().await.unwrap();
    assert_eq!(setup.kept().await, ALL);
    assert!(setup.store().remove(&slow).await.unwrap());
    setup.keeping().tend().await.unwrap();
    assert_eq!(setup.kept().await, ["new"]);
}

pub async fn what_is_parked_is_kept_until_somebody_decides<S: Retaining>() {
    let (setup, clock) = old::<S>().await;
    let recorder = Recorder::default();
    recorder.answer([Answer::Refuse, Answer::Refuse, Answer::Refuse]);
    send(&setup, &clock, "default", &recorder).await;
    assert_eq!(setup.parked().await, 3);
    setup.keeping().tend().await.unwrap();
    assert_eq!(setup.kept().await, ALL);
    setup.unpark().await;
    setup.keeping().tend().await.unwrap();
    assert_eq!(setup.kept().await, ["new"]);
}

/// The age counts from when an event was written, whatever its producer says about when it happened.
pub async fn an_event_that_happened_long_ago_is_kept_as_long_as_others<S: Retaining>() {
    let (setup, clock) = old::<S>().await;
    send_all(&setup, &clock, "default").await;
    setup.commit_late("late").await;
    assert_eq!(steps(&send_all(&setup, &clock, "default").await), ["late/1"]);
    setup.keeping().tend().await.unwrap();
    assert_eq!(setup.kept().await, ["late", "new"]);
}

/// An event that is old when it comes, by a writer that says so, is sent before it goes.
pub async fn an_event_that_comes_late_is_sent_all_the_same<S: Retaining>() {
    let (setup, clock) = old::<S>().await;
    send_all(&setup, &clock, "default").await;
    setup.keeping().tend().await.unwrap();
    setup.write_old("late").await;
    setup.keeping().tend().await.unwrap();
    assert_eq!(setup.kept().await, ["late", "new"]);
    assert_eq!(steps(&send_all(&setup, &clock, "default").await), ["late/1"]);
    assert_eq!(send_all(&setup, &clock, "another").await.sent().len(), 2, "the late one and that of today");
    setup.keeping().tend().await.unwrap();
    assert_eq!(setup.kept().await, ["new"]);
}

pub async fn a_new_sink_begins_with_what_is_kept_and_its_consumer_sees_no_gap<S: Retaining>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let (setup, clock) = old::<S>().await;
    send_all(&setup, &clock, "default").await;
    setup.keeping().tend().await.unwrap();
    setup.commit(&[Placed::new("a", 2), Placed::new("a", 3)]).await;
    let recorder = send_all(&setup, &clock, "late").await;
    let mut sent = steps(&recorder);
    sent.sort();
    assert_eq!(sent, ["a/2", "a/3", "new/1"]);
    let first = recorder.sent().into_iter().find(|event| event.subject.as_ref().is_some_and(|key| key.as_str() == "a"));
    assert_eq!(first.unwrap().previous, Some(Sequence::START));
    let consumer = Consumer::new(setup.store(), Script::default());
    let bodies = recorder.bodies();
    let (taken, seen) = consumer.apply(&bodies.iter().map(Vec::as_slice).collect::<Vec<_>>()).await.unwrap();
    assert_eq!((taken, seen), (3, counts(|counts| counts.applied = 3)));
}

/// A sink that begins at the end of an outbox from which everything is gone gets what comes then.
pub async fn a_sink_that_begins_at_the_end_of_an_emptied_outbox_gets_what_comes<S: Retaining>() {
    let clock = today();
    let setup = S::fresh(clock.clone()).await;
    setup.write_old("a").await;
    send_all(&setup, &clock, "default").await;
    setup.keeping().tend().await.unwrap();
    assert_eq!(setup.kept().await, [""; 0]);
    let late = Relay::new(setup.store(), Recorder::default()).sink(Sink::new("late")).start(Start::Latest);
    assert_eq!(late.step().await.unwrap().sent, 0);
    setup.commit(&[Placed::new("a", 2)]).await;
    assert_eq!(steps(&send_all(&setup, &clock, "late").await), ["a/2"]);
    assert_eq!(steps(&send_all(&setup, &clock, "default").await), ["a/2"], "and the others no less");
}
