//! What a relay does about a destination that fails or hangs.

use std::time::Duration;

use event_core::{Breaker, Relay, Sink};

use super::relaying::steps;
use super::sharing::Running;
use crate::events::Placed;
use crate::recorder::{Answer, Recorder};
use crate::setup::{Setup, noon};

/// Orders whose keys fall into slots of their own.
fn apart<const COUNT: usize>() -> [String; COUNT] {
    let mut slots = std::collections::BTreeSet::new();
    let mut names = (0..1000).map(|number| format!("o-{number}"));
    let mut next = || names.find(|name| slots.insert(event_core::Slot::of(&format!("trial/{name}")))).unwrap();
    std::array::from_fn(|_| next())
}

pub async fn a_destination_that_fails_is_left_alone_and_probed_with_single_events<S: Setup>() {
    let setup = S::fresh(noon()).await;
    for step in 1..=2 {
        let events: Vec<_> = apart::<10>().iter().map(|order| Placed::new(order, step)).collect();
        setup.commit(&events).await;
    }
    let recorder = Recorder::default();
    recorder.set_down(true);
    let quick = Breaker::default().failures(3).pause(Duration::from_millis(1), Duration::from_millis(5));
    let running = Running::start(Relay::new(setup.store(), recorder.clone()).breaker(quick));
    recorder.until(|recorder| recorder.offers().len() >= 40).await;
    let offers = recorder.offers();
    assert_eq!(offers.iter().filter(|events| **events > 1).count(), 10, "the first round: every slot with all it has");
    assert!(offers.iter().skip(10).all(|events| *events == 1), "then single events: {offers:?}");
    recorder.set_down(false);
    recorder.until(|recorder| recorder.sent().len() == 20).await;
    running.stop().await.unwrap();
    assert_eq!(steps(&recorder).len(), 20, "what was only probed is not sent twice");
}

pub async fn a_slot_that_fails_holds_up_no_other<S: Setup>() {
    let setup = S::fresh(noon()).await;
    let [failing, second, third] = apart();
    let recorder = Recorder::default();
    recorder.answer([Answer::Fail]);
    setup.commit(&[Placed::new(&failing, 1)]).await;
    let running = Running::start(Relay::new(setup.store(), recorder.clone()));
    recorder.until(|recorder| !recorder.offers().is_empty()).await;
    setup.commit(&[Placed::new(&second, 1), Placed::new(&third, 1)]).await;
    recorder.until(|recorder| recorder.sent().len() == 3).await;
    running.stop().await.unwrap();
}

pub async fn a_publish_that_hangs_holds_up_no_other_slot<S: Setup>() {
    let setup = S::fresh(noon()).await;
    let [hanging, other] = apart();
    let recorder = Recorder::default();
    recorder.hang(&hanging);
    let running = Running::start(Relay::new(setup.store(), recorder.clone()).drain(Duration::ZERO));
    for step in 1..=4 {
        setup.commit(&[Placed::new(&hanging, step), Placed::new(&other, step)]).await;
        let flows = usize::try_from(step).unwrap();
        recorder.until(|recorder| recorder.sent().len() == flows).await;
    }
    running.stop().await.unwrap();
    assert_eq!(steps(&recorder), (1..=4).map(|step| format!("{other}/{step}")).collect::<Vec<_>>());
}

pub async fn a_publish_that_takes_too_long_is_made_again<S: Setup>() {
    let setup = S::fresh(noon()).await;
    let recorder = Recorder::default();
    recorder.hang("o-1");
    setup.commit(&[Placed::new("o-1", 1), Placed::new("o-1", 2)]).await;
    let relay = Relay::new(setup.store(), recorder.clone()).timeout(Duration::from_millis(5));
    assert_eq!(relay.step().await.unwrap().stopped, 1);
    recorder.let_go();
    assert_eq!(relay.step().await.unwrap().sent, 2);
    assert_eq!(steps(&recorder), ["o-1/1", "o-1/2"]);
}

pub async fn what_hangs_at_the_end_is_given_up_and_what_was_sent_is_kept<S: Setup>() {
    let setup = S::fresh(noon()).await;
    let [hanging, other] = apart();
    let recorder = Recorder::default();
    recorder.hang(&hanging);
    let relay = Relay::new(setup.store(), recorder.clone()).drain(Duration::from_millis(20));
    let running = Running::start(relay);
    setup.commit(&[Placed::new(&hanging, 1), Placed::new(&other, 1)]).await;
    recorder.until(|recorder| recorder.sent().len() == 1).await;
    running.stop().await.unwrap();
    recorder.let_go();
    let next = Relay::new(setup.other_process(), recorder.clone());
    assert_eq!(
        next.step().await.unwrap().sent,
        1,
        "the slots were given back, and the cursor of what was sent has moved"
    );
    assert_eq!(steps(&recorder), [format!("{other}/1"), format!("{hanging}/1")]);
}

pub async fn few_slots_at_once_still_send_everything<S: Setup>() {
    let setup = S::fresh(noon()).await;
    for step in 1..=3 {
        let events: Vec<_> = apart::<20>().iter().map(|order| Placed::new(order, step)).collect();
        setup.commit(&events).await;
    }
    let (stepping, running) = (Recorder::default(), Recorder::default());
    let relay = |recorder: &Recorder| Relay::new(setup.store(), recorder.clone()).concurrency(3).batch(2);
    let by_steps = relay(&stepping);
    assert_eq!(by_steps.step().await.unwrap().sent, 40);
    assert_eq!(by_steps.step().await.unwrap().sent, 20);
    let run = Running::start(relay(&running).sink(Sink::new("other")));
    running.until(|recorder| recorder.sent().len() == 60).await;
    run.stop().await.unwrap();
    assert_eq!(steps(&running).len(), 60);
}

pub async fn a_refusal_whose_text_has_a_nul_parks_the_event<S: Setup>() {
    let setup = S::fresh(noon()).await;
    let recorder = Recorder::default();
    recorder.answer([Answer::RefuseWithNul]);
    setup.commit(&[Placed::new("o-1", 1)]).await;
    let relay = Relay::new(setup.store(), recorder.clone());
    assert_eq!(relay.step().await.unwrap().parked, 1);
    assert_eq!((relay.step().await.unwrap().sent, setup.parked().await), (0, 1));
}
