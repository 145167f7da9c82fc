//! Messages that are worked on: kept alive, worked on at once, and given up when they are another's.
#![allow(clippy::indexing_slicing, reason = "the test made what it looks at")]

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_core::__private::{HandlerOptions, Route};
use event_core::runtime::{Delivery, Subscription, TransportError};
use event_core::{Consumer, HandlerResult, Handlers, Message, Unknown};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::world::{World, counts, wire};
use crate::conformance::together::written;
use crate::events::Placed;
use crate::script::{Act, Script};
use crate::setup::{ContextOf, Effects, Setup, noon};

/// A broker that gives a message again where it was not acknowledged, and wants to hear of those that take long.
#[derive(Clone, Default)]
struct Broker {
    queue: Arc<Mutex<VecDeque<Vec<u8>>>>,
    extended: Arc<AtomicUsize>,
    extension: Arc<Notify>,
    acknowledged: Arc<AtomicUsize>,
    is_anothers: Arc<AtomicBool>,
}

struct Handed {
    body: Vec<u8>,
    broker: Broker,
    is_taken: bool,
}

impl Drop for Handed {
    fn drop(&mut self) {
        if !self.is_taken {
            self.broker.queue.lock().unwrap().push_front(std::mem::take(&mut self.body));
        }
    }
}

impl Subscription for Broker {
    type Delivery = Handed;

    async fn receive(&mut self, limit: usize) -> Result<Vec<Handed>, TransportError> {
        loop {
            let bodies: Vec<_> = {
                let mut queue = self.queue.lock().unwrap();
                let count = limit.min(queue.len());
                queue.drain(..count).collect()
            };
            if !bodies.is_empty() {
                let hand = |body| Handed { body, broker: self.clone(), is_taken: false };
                return Ok(bodies.into_iter().map(hand).collect());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    fn heartbeat(&self) -> Option<Duration> {
        Some(Duration::from_millis(5))
    }
}

impl Delivery for Handed {
    fn body(&self) -> &[u8] {
        &self.body
    }

    async fn acknowledge(mut self) {
        self.is_taken = true;
        self.broker.acknowledged.fetch_add(1, Ordering::SeqCst);
    }

    async fn extend(&self) -> bool {
        self.broker.extended.fetch_add(1, Ordering::SeqCst);
        self.broker.extension.notify_one();
        !self.broker.is_anothers.load(Ordering::SeqCst)
    }
}

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
    let (broker, patient, shutdown) = (Broker::default(), Patient::new(), CancellationToken::new());
    broker.queue.lock().unwrap().push_back(placed("o-1", 1));
    let consumer = Consumer::new(setup.store(), patient.clone());
    let running = tokio::spawn(consumer.run(broker.clone(), shutdown.clone()));
    patient.until_arrived(1).await;
    for _ in 0..3 {
        broker.extension.notified().await;
    }
    patient.go.add_permits(1);
    assert_eq!(written(&setup, 1).await, ["o-1/1"]);
    shutdown.cancel();
    running.await.unwrap().unwrap();
    assert!(broker.extended.load(Ordering::SeqCst) >= 3);
    assert_eq!(broker.acknowledged.load(Ordering::SeqCst), 1);
}

pub async fn what_was_given_to_another_is_not_committed<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let (broker, patient, shutdown) = (Broker::default(), Patient::new(), CancellationToken::new());
    broker.queue.lock().unwrap().push_back(placed("o-1", 1));
    broker.is_anothers.store(true, Ordering::SeqCst);
    let consumer = Consumer::new(setup.store(), patient.clone());
    let running = tokio::spawn(consumer.run(broker.clone(), shutdown.clone()));
    patient.until_arrived(1).await;
    broker.extension.notified().await;
    // One more: the answer to the first has been heard by then.
    broker.extension.notified().await;
    patient.go.add_permits(1);
    patient.until_arrived(2).await;
    assert_eq!(broker.acknowledged.load(Ordering::SeqCst), 0, "what was another's is not committed");
    broker.is_anothers.store(false, Ordering::SeqCst);
    // The claim that was lost meanwhile stays lost; the one after it is ours.
    patient.go.add_permits(100);
    assert_eq!(written(&setup, 1).await, ["o-1/1"]);
    shutdown.cancel();
    running.await.unwrap().unwrap();
    assert_eq!(setup.written().await, ["o-1/1"]);
}

pub async fn batches_of_different_slots_are_worked_on_at_once<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let (broker, patient, shutdown) = (Broker::default(), Patient::new(), CancellationToken::new());
    for order in ["o-1", "o-2", "o-3", "o-4", "o-5", "o-6", "o-7", "o-8"] {
        broker.queue.lock().unwrap().extend([placed(order, 1), placed(order, 2)]);
    }
    let consumer = Consumer::new(setup.store(), patient.clone()).concurrency(2);
    let running = tokio::spawn(consumer.run(broker.clone(), shutdown.clone()));
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
