//! What a consumer does when events are missing.
#![allow(clippy::indexing_slicing, reason = "the test made what it looks at")]

use std::time::Duration;

use event_core::runtime::Counts;
use event_core::{Action, Consumer, Envelope, Filter, FirstContact, FromOutbox, GapPolicy, Relay, Sequence, Sink};

use super::world::{NoJitter, counts};
use crate::events::{Placed, Viewed};
use crate::recorder::{Answer, Recorder};
use crate::script::Script;
use crate::setup::{ContextOf, Effects, Setup, noon};

/// What a relay sends to the sink `test` of a setup.
async fn sent<S: Setup>(setup: &S, filter: Filter) -> Vec<Vec<u8>> {
    let recorder = Recorder::default();
    let relay = Relay::new(setup.store(), recorder.clone()).sink(Sink::new("test")).filter(filter);
    while relay.step().await.unwrap().sent > 0 {}
    recorder.bodies()
}

async fn apply<S: Setup>(consumer: &Consumer<S::Store, Script>, bodies: &[&Vec<u8>]) -> (usize, Counts)
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let bodies: Vec<&[u8]> = bodies.iter().map(|body| body.as_slice()).collect();
    consumer.apply(&bodies).await.unwrap()
}

fn steps(count: u32) -> Vec<Placed> {
    (1..=count).map(|step| Placed::new("o-1", step)).collect()
}

pub async fn what_is_missing_is_fetched_from_the_outbox_and_applied_in_order<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    setup.commit(&steps(300)).await;
    let bodies = sent(&setup, Filter::all()).await;
    let place = FromOutbox::new(setup.store(), Sink::new("test"));
    let consumer = Consumer::new(setup.store(), Script::default()).refetch(place);
    assert_eq!(apply::<S>(&consumer, &[&bodies[0]]).await, (1, counts(|c| c.applied = 1)));
    assert_eq!(apply::<S>(&consumer, &[&bodies[299]]).await, (1, counts(|c| c.applied = 299)));
    assert_eq!(setup.written().await, (1..=300).map(|step| format!("o-1/{step}")).collect::<Vec<_>>());
    assert_eq!(apply::<S>(&consumer, &[&bodies[150]]).await, (1, counts(|c| c.duplicates = 1)));
}

/// What was sent before its key was parked is sent, and what is parked isn't.
pub async fn what_is_parked_is_not_fetched_and_what_was_sent_before_it_is<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    setup.commit(&steps(4)).await;
    let recorder = Recorder::default();
    recorder.answer([Answer::Take, Answer::Take, Answer::Refuse]);
    let relay = Relay::new(setup.store(), recorder.clone()).sink(Sink::new("test"));
    while relay.step().await.unwrap().sent > 0 {}
    assert_eq!((setup.parked().await, recorder.bodies().len()), (2, 2));
    let place = FromOutbox::new(setup.store(), Sink::new("test"));
    let consumer = Consumer::new(setup.store(), Script::default()).refetch(place);
    assert_eq!(apply::<S>(&consumer, &[&recorder.bodies()[1]]).await, (1, counts(|c| c.applied = 2)));
    assert_eq!(setup.written().await, ["o-1/1", "o-1/2"]);
}

pub async fn what_retention_or_another_epoch_has_taken_is_waited_for<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    setup.commit(&steps(3)).await;
    let bodies = sent(&setup, Filter::all()).await;
    let place = FromOutbox::new(setup.store(), Sink::new("test"));
    let consumer = Consumer::new(setup.store(), Script::default()).refetch(place);
    let mut other = Envelope::from_json(&bodies[2]).unwrap();
    other.source = "/another".into();
    let other = other.to_json();
    assert_eq!(apply::<S>(&consumer, &[&other]).await, (0, counts(|c| c.gaps = 1)));
    assert!(setup.written().await.is_empty());
    assert_eq!(apply::<S>(&consumer, &[&bodies[2]]).await, (1, counts(|c| c.applied = 3)));
}

pub async fn what_never_comes_is_skipped_after_its_time_and_audited<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let clock = noon();
    let setup = S::fresh(clock.clone()).await;
    setup.commit(&steps(4)).await;
    let bodies = sent(&setup, Filter::all()).await;
    let policy = GapPolicy::skip_after(Duration::from_secs(60));
    let consumer = Consumer::new(setup.store(), Script::default()).gaps(policy).jitter(NoJitter);
    apply::<S>(&consumer, &[&bodies[0]]).await;
    assert_eq!(apply::<S>(&consumer, &[&bodies[2], &bodies[3]]).await, (0, counts(|c| c.gaps = 2)));
    clock.advance(Duration::from_secs(59));
    assert_eq!(apply::<S>(&consumer, &[&bodies[3]]).await, (0, counts(|c| c.gaps = 1)));
    assert!(setup.audited(Action::Skipped).await.is_empty());
    clock.advance(Duration::from_secs(1));
    assert_eq!(apply::<S>(&consumer, &[&bodies[2], &bodies[3]]).await, (2, counts(|c| c.applied = 2)));
    assert_eq!(setup.written().await, ["o-1/1", "o-1/3", "o-1/4"]);
    let audited = setup.audited(Action::Skipped).await;
    assert_eq!(audited.len(), 1);
    assert!(audited[0].starts_with("nothing came for 60s: skipped what is behind sequence "), "{audited:?}");
    assert_eq!(apply::<S>(&consumer, &[&bodies[1]]).await, (1, counts(|c| c.duplicates = 1)), "it was given up");
}

pub async fn a_consumer_of_half_of_the_types_sees_no_gap<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    for step in 1..=10 {
        setup.commit(&[Placed::new("o-1", step)]).await;
        setup.commit(&[Viewed { page: "o-1".to_owned() }]).await;
    }
    let all = sent(&setup, Filter::all()).await;
    let consumer = Consumer::new(setup.store(), Script::default());
    let all: Vec<_> = all.iter().collect();
    assert_eq!(apply::<S>(&consumer, &all).await, (20, counts(|c| (c.applied, c.ignored) = (10, 10))));
    // A broker's filter is a sink of its own, whose events follow each other again.
    let recorder = Recorder::default();
    let relay = Relay::new(setup.store(), recorder.clone()).sink(Sink::new("half"));
    let relay = relay.filter("trial.placed".parse().unwrap());
    while relay.step().await.unwrap().sent > 0 {}
    let half = recorder.bodies();
    assert_eq!(half.len(), 10);
    let half: Vec<_> = half.iter().collect();
    let other = S::fresh(noon()).await;
    let consumer = Consumer::new(other.store(), Script::default());
    assert_eq!(apply::<S>(&consumer, &half).await, (10, counts(|c| c.applied = 10)));
}

pub async fn a_first_contact_at_a_position_takes_what_is_behind_it<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    setup.commit(&steps(4)).await;
    let bodies = sent(&setup, Filter::all()).await;
    let second = Envelope::from_json(&bodies[1]).unwrap().sequence.unwrap();
    let after = |position: Sequence| FirstContact::After(position);
    let consumer = Consumer::new(setup.store(), Script::default()).first_contact(after(second));
    let all: Vec<_> = bodies.iter().collect();
    assert_eq!(apply::<S>(&consumer, &all).await, (4, counts(|c| (c.applied, c.duplicates) = (2, 2))));
    assert_eq!(setup.written().await, ["o-1/3", "o-1/4"]);
}
