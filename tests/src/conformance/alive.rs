//! Messages that are worked on: kept alive, worked on at once, and given up when they are another's.
#![allow(clippy::indexing_slicing, reason = "the test made what it looks at")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use event_core::__private::{HandlerOptions, Route};
use event_core::runtime::{Subscription, TransportError};
use event_core::{Consumer, HandlerResult, Handlers, Message, Unknown};
use tokio_util::sync::CancellationToken;

use super::world::{World, counts, wire};
use crate::conformance::together::written;
use crate::events::Placed;
use crate::feed::{Fed, Feed, until};
use crate::script::{Act, Script};
use crate::setup::{ContextOf, Effects, Setup, noon};

/// A feed that keeps no order.
struct Unordered(Feed);

impl Subscription for Unordered {
    type Delivery = Fed;

    async fn receive(&mut self, limit: usize) -> Result<Vec<Fed>, TransportError> {
        self.0.receive(limit).await
    }

    fn keeps_order(&self) -> bool {
        false
    }
}

/// How often the feeds want to hear of what is worked on.
const BEAT: Duration = Duration::from_millis(5);

/// A handler that waits until it is let go, once; then it writes.
#[derive(Clone)]
struct Patient {
    arrived: Arc<AtomicUsize>,
    go: Arc<tokio::sync::Semaphore>,
}

impl Patient {
    fn new() -> Self {
        Self { arrived: Arc::default(), go: tokio::sync::Semaphore::new(0).into() }
    }

    async fn until_arrived(&self, count: usize) {
        let there = async {
            while self.arrived.load(Ordering::SeqCst) < count {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), there).await.expect("the handlers are reached in time");
    }
}

impl<Cx: Effects> Handlers<Cx> for Patient {
    const CONSUMER: &'static str = "billing";
    const UNKNOWN: Unknown = Unknown::Ignore;

    fn routes() -> Vec<Route> {
        vec![Route::of::<Placed>("wait", HandlerOptions::default())]
    }

    async fn handle(&self, _: usize, message: &Message, cx: &mut Cx) -> HandlerResult {
        let event: Placed = message.read()?;
        self.arrived.fetch_add(1, Ordering::SeqCst);
        self.go.acquire().await.unwrap().forget();
        cx.write(format!("{}/{}", event.order_id, event.step)).await;
        Ok(())
    }
}

/// A handler that fails at the second step of an order, once, as late as it is told to.
#[derive(Clone)]
struct Late(Patient, Arc<AtomicBool>);

impl<Cx: Effects> Handlers<Cx> for Late {
    const CONSUMER: &'static str = "billing";
    const UNKNOWN: Unknown = Unknown::Ignore;

    fn routes() -> Vec<Route> {
        vec![Route::of::<Placed>("fail", HandlerOptions::default())]
    }

    async fn handle(&self, _: usize, message: &Message, cx: &mut Cx) -> HandlerResult {
        let event: Placed = message.read()?;
        if event.step == 2 && !self.1.swap(true, Ordering::SeqCst) {
            self.0.arrived.fetch_add(1, Ordering::SeqCst);
            self.0.go.acquire().await.unwrap().forget();
            return Err(event_core::HandlerError::transient("not now"));
        }
        cx.write(format!("{}/{}", event.order_id, event.step)).await;
        Ok(())
    }
}

fn in_place(order: &str, step: u32) -> Vec<u8> {
    let attributes = format!(
        r#""id":"{order}-{step}","eventversion":2,"partitionkey":"trial/{order}","sequence":"{step:020}","previous":"{:020}""#,
        step - 1
    );
    wire(&attributes, &format!(r#"{{"order_id":"{order}","step":{step},"note":null}}"#))
}

/// Another process has lost its claim on a stream, and sets an event of it aside just now: what comes behind it waits.
pub async fn what_another_process_sets_aside_meanwhile_holds_what_is_behind_it<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let late = Late(Patient::new(), Arc::default());
    let bodies = [in_place("o-1", 1), in_place("o-1", 2), in_place("o-1", 3)];
    let one = Consumer::new(setup.store(), late.clone());
    one.apply(&[&bodies[0]]).await.unwrap();
    let second = bodies[1].clone();
    let first = tokio::spawn(async move { one.apply(&[&second]).await.unwrap() });
    late.0.until_arrived(1).await;
    let other = Consumer::new(setup.other_process(), late.clone());
    let all = bodies.clone();
    let meanwhile = tokio::spawn(async move { other.apply(&[&all[0], &all[1], &all[2]]).await.unwrap() });
    // As far as it comes: it waits for the mark then.
    tokio::time::sleep(Duration::from_millis(200)).await;
    late.0.go.add_permits(1);
    assert_eq!(first.await.unwrap().1, counts(|c| c.retries = 1));
    assert_eq!(meanwhile.await.unwrap().1, counts(|c| (c.duplicates, c.held) = (2, 1)));
    assert_eq!(setup.written().await, ["o-1/1"]);
}

fn placed(order: &str, step: u32) -> Vec<u8> {
    let attributes = format!(r#""id":"{order}-{step}","eventversion":2,"partitionkey":"trial/{order}""#);
    wire(&attributes, &format!(r#"{{"order_id":"{order}","step":{step},"note":null}}"#))
}

pub async fn a_slow_handler_keeps_its_messages<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let (feed, patient, shutdown) = (Feed::with_heartbeat(BEAT), Patient::new(), CancellationToken::new());
    let body = placed("o-1", 1);
    feed.push([body.clone()]);
    let consumer = Consumer::new(setup.store(), patient.clone());
    let running = tokio::spawn(consumer.run(feed.clone(), shutdown.clone()));
    patient.until_arrived(1).await;
    until(|| feed.extended(&body) >= 3).await;
    patient.go.add_permits(1);
    assert_eq!(written(&setup, 1).await, ["o-1/1"]);
    feed.until_acknowledged(1).await;
    shutdown.cancel();
    running.await.unwrap().unwrap();
}

pub async fn what_was_given_to_another_is_not_committed<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let (feed, patient, shutdown) = (Feed::with_heartbeat(BEAT), Patient::new(), CancellationToken::new());
    let (first, second) = (placed("o-1", 1), placed("o-2", 1));
    feed.give_away(&first);
    feed.push([first.clone()]);
    let consumer = Consumer::new(setup.store(), patient.clone());
    let running = tokio::spawn(consumer.run(feed.clone(), shutdown.clone()));
    patient.until_arrived(1).await;
    // Twice: the answer to the first has been heard by then.
    until(|| feed.extended(&first) >= 2).await;
    patient.go.add_permits(1);
    until(|| feed.returned() == [first.clone()]).await;
    assert!(feed.acknowledged().is_empty() && setup.written().await.is_empty());
    feed.push([second]);
    patient.go.add_permits(1);
    assert_eq!(written(&setup, 1).await, ["o-2/1"], "what was another's is not committed");
    shutdown.cancel();
    running.await.unwrap().unwrap();
}

/// Events have places, and the transport doesn't keep to them: each is known by its id, and none is missing.
pub async fn over_a_transport_without_order_events_go_by_their_ids<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let (feed, shutdown) = (Feed::default(), CancellationToken::new());
    let bodies: Vec<_> = [3, 1, 3, 2, 1].map(|step| in_place("o-1", step)).into();
    feed.push(bodies);
    let consumer = Consumer::new(setup.store(), Script::default());
    let running = tokio::spawn(consumer.run(Unordered(feed.clone()), shutdown.clone()));
    feed.until_acknowledged(5).await;
    shutdown.cancel();
    running.await.unwrap().unwrap();
    assert_eq!(setup.written().await, ["o-1/3", "o-1/1", "o-1/2"]);
}

pub async fn batches_of_different_slots_are_worked_on_at_once<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let (feed, patient, shutdown) = (Feed::default(), Patient::new(), CancellationToken::new());
    for order in ["o-1", "o-2", "o-3", "o-4", "o-5", "o-6", "o-7", "o-8"] {
        feed.push([placed(order, 1), placed(order, 2)]);
    }
    let consumer = Consumer::new(setup.store(), patient.clone()).concurrency(2);
    let running = tokio::spawn(consumer.run(feed.clone(), shutdown.clone()));
    // A store with one writer at a time lets one of them wait.
    patient.until_arrived(if S::ONE_WRITER { 1 } else { 2 }).await;
    patient.go.add_permits(16);
    let mut lines = written(&setup, 16).await;
    shutdown.cancel();
    running.await.unwrap().unwrap();
    for (first, second) in [("o-1/1", "o-1/2"), ("o-8/1", "o-8/2")] {
        let place = |line: &str| lines.iter().position(|known| known == line);
        assert!(place(first) < place(second), "{lines:?}");
    }
    lines.sort();
    lines.dedup();
    assert_eq!(lines.len(), 16);
}

pub async fn one_message_that_breaks_its_transaction_costs_few_transactions<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    // It breaks the first transaction, and each half that it is in, and more; where it can't it fails.
    let times = if S::CAN_BREAK { 9 } else { 1 };
    let script = Script::default().on("o-1", 37, vec![Act::Sabotage; times]);
    let world = World::<S>::new(script).await;
    let events: Vec<_> = (1..=64).map(|step| Placed::new("o-1", step)).collect();
    let counted = world.place(&events).await;
    assert_eq!(counted, counts(|c| (c.applied, c.retries, c.held) = (36, 1, 27)), "{counted:?}");
    for seconds in [1, 5, 30, 300] {
        world.after(seconds).await;
    }
    let lines: Vec<_> = (1..=64).map(|step| format!("o-1/{step}")).collect();
    assert_eq!(world.setup.written().await, lines);
}
