//! What a consumer tells of itself: hooks, a census, and the trace that goes on.

use std::sync::{Arc, Mutex};

use event_core::runtime::{Gauges, Happening};
use event_core::{Class, Consumer, Level, Place};

use super::world::{NoJitter, World, wire};
use crate::events::Placed;
use crate::script::{Act, Script};
use crate::setup::{ContextOf, Effects, Setup};

/// What hooks were told, in a few words.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    /// Takes what was heard since the last time.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    pub fn hear(&self, happening: &Happening) {
        self.0.lock().unwrap().push(short(happening));
    }
}

fn short(happening: &Happening) -> String {
    match happening {
        Happening::Applied { event, handler, attempt, .. } => format!("applied {} {handler} {attempt}", event.key),
        Happening::Duplicate { event, .. } => format!("duplicate {}", event.key),
        Happening::Retried { event, attempts, errors, .. } => {
            format!("retried {} {attempts}: {}", event.key, errors.join(": "))
        }
        Happening::DeadLettered { event, class, .. } => {
            format!("dead {} {}", event.as_ref().map_or("?", |event| event.key.as_str()), class.as_str())
        }
        Happening::Held { event, .. } => format!("held {}", event.key),
        Happening::AwaitingDeploy { event, .. } => format!("awaiting {} v{}", event.event_type, event.event_version),
        Happening::Freed { event, .. } => format!("freed {}", event.key),
        Happening::GapOpened { gap, .. } => format!("gap up to {}", gap.previous),
        Happening::GapSkipped { gap, .. } => format!("skipped up to {}", gap.previous),
        Happening::GapClosed { events, .. } => format!("gap closed by {events}"),
        Happening::Replayed { letter, .. } => format!("replayed {letter}"),
        Happening::Discarded { letter, reason, .. } => format!("discarded {letter}: {reason}"),
        Happening::Health { before, report, .. } => format!("{before} -> {}", report.level),
        other => format!("{other:?}"),
    }
}

pub async fn hooks_hear_after_the_commit_what_became_of_each_event<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let script = Script::default().on("o-1", 1, [Act::FailForNow, Act::FailForGood]);
    let mut world = World::<S>::new(script).await;
    let heard = Heard::default();
    let ear = heard.clone();
    world.consumer = world.consumer.hooks(move |_: &str, happening: &Happening| ear.hear(happening));
    world.place(&[Placed::new("o-1", 1), Placed::new("o-1", 2), Placed::new("o-2", 1)]).await;
    let mut first = heard.take();
    first.sort();
    assert_eq!(
        first,
        [
            "applied trial/o-2 act 1",
            "held trial/o-1",
            "retried trial/o-1 1: cannot issue the invoice: the bank is closed"
        ]
    );
    world.apply_all().await;
    assert_eq!(heard.take().len(), 3, "each is a duplicate");
    world.after(1).await;
    assert_eq!(heard.take(), ["dead trial/o-1 permanent"]);
    let letter = world.the_dead_letter().await.id;
    world.consumer.discard(letter, "a test order").await.unwrap();
    world.after(0).await;
    let discarded = format!("discarded {letter}: a test order");
    assert_eq!(heard.take(), [discarded.as_str(), "freed trial/o-1", "applied trial/o-1 act 1"]);
    world.apply(b"no event").await;
    assert_eq!(heard.take(), ["dead ? malformed"]);
}

pub async fn a_census_counts_what_was_not_applied<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let script = Script::default().on("o-1", 1, [Act::FailForNow]).on("o-2", 1, [Act::FailForGood]);
    let world = World::<S>::new(script).await;
    let store = world.setup.store();
    assert_eq!(store.census("billing").await.unwrap(), event_core::Census::default());
    let events = [("o-1", 1), ("o-2", 1), ("o-2", 2), ("o-2", 3)].map(|(order, step)| Placed::new(order, step));
    world.place(&events).await;
    let newer = wire(r#""id":"9","eventversion":9"#, "{}");
    world.apply(&newer).await;
    world.apply(b"no event").await;
    let census = store.census("billing").await.unwrap();
    let places =
        [Place::Retry, Place::Held, Place::AwaitingDeploy, Place::DeadLetter].map(|place| census.letters(place));
    assert_eq!(places, [1, 2, 1, 2]);
    let classes = [Class::Permanent, Class::Malformed, Class::Schema].map(|class| census.dead_letters(Some(class)));
    assert_eq!(classes, [1, 1, 0]);
    let now = event_core::runtime::Inbox::now(&store);
    assert_eq!((census.held_keys, census.retries_due, census.gaps), (1, 0, 0));
    assert_eq!((census.oldest_dead_letter, census.oldest_awaiting_deploy), (Some(now), Some(now)));
    let due = census.first_retry_due.unwrap();
    world.clock.advance(std::time::Duration::from_secs(3600));
    let later = store.census("billing").await.unwrap();
    assert_eq!((later.retries_due, later.first_retry_due), (1, Some(due)));
    assert_eq!(store.census("shipping").await.unwrap(), event_core::Census::default(), "another consumer's");
    let report = world.consumer.health().await.unwrap();
    assert_eq!((report.level, report.reasons.len()), (Level::Critical, 3), "{report}");
}

pub async fn a_gap_is_in_the_census_until_it_is_passed<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let mut world = World::<S>::new(Script::default()).await;
    let heard = Heard::default();
    let ear = heard.clone();
    world.consumer = world.consumer.hooks(move |_: &str, happening: &Happening| ear.hear(happening));
    let event = |id: u32, sequence: u32, previous: u32| {
        let place = format!(r#""id":"{id}","subject":"o-1","sequence":"{sequence:020}","previous":"{previous:020}""#);
        wire(&place, &format!(r#"{{"order_id":"o-1","step":{id}}}"#))
    };
    world.apply(&event(1, 3, 0)).await;
    heard.take();
    let third = event(3, 9, 5);
    assert_eq!(world.consumer.apply(&[&third]).await.unwrap().0, 0);
    assert_eq!(heard.take().len(), 1);
    let census = world.setup.store().census("billing").await.unwrap();
    assert_eq!((census.gaps, census.oldest_gap), (1, Some(event_core::runtime::Inbox::now(&world.setup.store()))));
    world.apply(&event(2, 5, 3)).await;
    world.apply(&third).await;
    assert_eq!(world.setup.store().census("billing").await.unwrap().gaps, 0);
    assert_eq!(world.setup.written().await, ["o-1/1", "o-1/2", "o-1/3"]);
}

pub async fn what_a_handler_enqueues_carries_the_trace<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let trace = format!(r#""id":"1","traceparent":"{parent}","tracestate":"vendor=1""#);
    world.apply(&wire(&trace, r#"{"order_id":"o-1","step":1}"#)).await;
    world.relay().await;
    let sent = world.recorder.sent();
    let invoice = sent.iter().find(|event| event.event_type == "trial.invoiced").unwrap();
    assert_eq!((invoice.trace_parent.as_deref(), invoice.trace_state.as_deref()), (Some(parent), Some("vendor=1")));
}

pub async fn a_hook_that_panics_ends_nothing<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    let consumer = Consumer::new(world.setup.store(), Script::default()).jitter(NoJitter);
    let consumer = consumer.hooks(|_: &str, _: &Happening| panic!("the pager is broken"));
    let world = World { consumer, ..world };
    world.place(&[Placed::new("o-1", 1), Placed::new("o-1", 2)]).await;
    world.apply_all().await;
    assert_eq!(world.setup.written().await, ["o-1/1", "o-1/2"]);
}
