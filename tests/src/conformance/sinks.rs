//! What a sink promises: a filter, a start, an end, and its own cursors.

use event_core::runtime::{Outbox, Sinks};
use event_core::{Filter, Registration, Relay, Sequence, Sink, Start, error_chain};

use super::relaying::steps;
use super::sharing::Running;
use crate::events::{Invoiced, Placed};
use crate::recorder::{Answer, Recorder};
use crate::setup::{Setup, noon};

fn invoiced(step: u32) -> Invoiced {
    Invoiced { order_id: "o-1".to_owned(), step }
}

fn filter(text: &str) -> Filter {
    text.parse().unwrap()
}

pub async fn a_filter_leaves_events_out_and_no_gap<S: Setup>() {
    let setup = S::fresh(noon()).await;
    for step in 1..=3 {
        setup.commit(&[invoiced(step)]).await;
        setup.commit(&[Placed::new("o-1", step)]).await;
    }
    setup.commit(&[invoiced(4)]).await;
    let (all, placed) = (Recorder::default(), Recorder::default());
    Relay::new(setup.store(), all.clone()).step().await.unwrap();
    let sink = Sink::new("placed");
    let relay = || Relay::new(setup.store(), placed.clone()).sink(sink.clone()).filter(filter("trial.placed,other.*"));
    assert_eq!(relay().batch(2).step().await.unwrap().sent, 1, "what is left out counts for the batch");
    setup.store().release(&sink, &owner_of(&setup, &sink).await).await.unwrap();
    relay().step().await.unwrap();
    assert_eq!((all.sent().len(), steps(&placed)), (7, ["o-1/1", "o-1/2", "o-1/3"].map(str::to_owned).into()));
    let sequences: Vec<_> = placed.sent().iter().map(|event| event.sequence.unwrap()).collect();
    let previous: Vec<_> = placed.sent().iter().map(|event| event.previous.unwrap()).collect();
    assert_eq!(previous.first(), Some(&Sequence::START));
    assert_eq!(previous.get(1..), sequences.get(..2));
    let survey = setup.store().survey(&sink).await.unwrap();
    let cursor = survey.slots.iter().map(|slot| slot.lease.cursor).max_by_key(|cursor| cursor.position).unwrap();
    assert!(cursor.position > cursor.sent, "it has passed the last one, which it didn't send");
    assert_eq!(Some(&cursor.sent), sequences.last());
}

async fn owner_of<S: Setup>(setup: &S, sink: &Sink) -> event_core::Owner {
    let survey = setup.store().survey(sink).await.unwrap();
    survey.slots.iter().find_map(|slot| slot.owner.clone()).unwrap()
}

pub async fn a_filter_is_written_again_with_each_registration<S: Setup>() {
    let setup = S::fresh(noon()).await;
    let (store, sink) = (setup.store(), Sink::new("audit"));
    store.register(&sink, &Registration::default()).await.unwrap();
    store.register(&Sink::new("archive"), &Registration::default()).await.unwrap();
    store.register(&sink, &Registration::new(filter("trial.*"), Start::Latest)).await.unwrap();
    let sinks = store.sinks().await.unwrap();
    let told: Vec<_> = sinks.iter().map(|state| (state.sink.as_str(), state.filter.to_string())).collect();
    assert_eq!(told, [("archive", "*".to_owned()), ("audit", "trial.*".to_owned())]);
    assert!(sinks.iter().all(|state| state.registered_at.unix_micros() > 0));
    assert_eq!(store.survey(&sink).await.unwrap().slots.len(), 64);
}

pub async fn a_sink_that_was_removed_ends_its_relay<S: Setup>() {
    let setup = S::fresh(noon()).await;
    let (store, sink, recorder) = (setup.store(), Sink::default(), Recorder::default());
    recorder.answer([Answer::Refuse]);
    setup.commit(&[Placed::new("o-1", 1)]).await;
    let running = Running::start(Relay::new(setup.store(), recorder.clone()));
    recorder.until(|recorder| recorder.offers().len() == 1).await;
    setup.commit(&[Placed::new("o-2", 1)]).await;
    recorder.until(|recorder| recorder.sent().len() == 1).await;
    assert!(store.remove(&sink).await.unwrap());
    assert!(!store.remove(&sink).await.unwrap());
    setup.commit(&[Placed::new("o-2", 2)]).await;
    let error = running.ended().await.unwrap_err();
    assert!(!error.is_transient());
    assert_eq!(
        error_chain(&error).join(": "),
        "cannot send any more: the sink `default` was removed; start the relay anew if it should be registered again"
    );
    assert!(store.sinks().await.unwrap().is_empty() && setup.parked().await == 0);
    let again = Relay::new(setup.store(), recorder.clone());
    assert_eq!(again.step().await.unwrap().sent, 3, "registered anew, it begins anew");
}

pub async fn a_new_sink_begins_where_it_says<S: Setup>() {
    let setup = S::fresh(noon()).await;
    setup.commit(&[Placed::new("o-1", 1), Placed::new("o-2", 1)]).await;
    let (early, late) = (Recorder::default(), Recorder::default());
    let relay = |name: &str, recorder: &Recorder| Relay::new(setup.store(), recorder.clone()).sink(Sink::new(name));
    let latest = relay("late", &late).start(Start::Latest);
    assert_eq!(latest.step().await.unwrap().sent, 0);
    setup.commit(&[Placed::new("o-1", 2)]).await;
    assert_eq!(latest.step().await.unwrap().sent, 1);
    assert_eq!(relay("early", &early).step().await.unwrap().sent, 3);
    assert_eq!(steps(&late), ["o-1/2"]);
    assert_eq!(late.sent().first().unwrap().previous, Some(Sequence::START), "it is the first of its stream");
}

pub async fn a_sink_that_fails_holds_up_no_other<S: Setup>() {
    let setup = S::fresh(noon()).await;
    let (broken, sound) = (Recorder::default(), Recorder::default());
    broken.set_down(true);
    let start = |name: &str, to: &Recorder| Running::start(Relay::new(setup.store(), to.clone()).sink(Sink::new(name)));
    let running = [start("broken", &broken), start("sound", &sound)];
    for step in 1..=5 {
        setup.commit(&[Placed::new("o-1", step)]).await;
    }
    sound.until(|recorder| recorder.sent().len() == 5).await;
    assert!(broken.sent().is_empty());
    broken.set_down(false);
    broken.until(|recorder| recorder.sent().len() == 5).await;
    for relay in running {
        relay.stop().await.unwrap();
    }
    assert_eq!(steps(&broken), steps(&sound));
}

pub async fn what_is_parked_for_a_sink_is_parked_for_no_other<S: Setup>() {
    let setup = S::fresh(noon()).await;
    let (picky, easy) = (Recorder::default(), Recorder::default());
    picky.answer([Answer::Refuse]);
    let picky_relay = Relay::new(setup.store(), picky.clone()).sink(Sink::new("picky"));
    let easy_relay = Relay::new(setup.store(), easy.clone()).sink(Sink::new("easy"));
    for step in 1..=2 {
        setup.commit(&[Placed::new("o-1", step)]).await;
        picky_relay.step().await.unwrap();
        easy_relay.step().await.unwrap();
    }
    assert_eq!((steps(&picky).len(), steps(&easy)), (0, ["o-1/1", "o-1/2"].map(str::to_owned).into()));
    assert_eq!(setup.parked().await, 2);
}
