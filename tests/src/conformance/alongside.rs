//! What a consumer promises while other processes are about, builds change, or the store fails.

use std::time::Duration;

use event_core::__private::{HandlerOptions, Route};
use event_core::runtime::{Counts, Inbox, Relay};
use event_core::{Consumer, Envelope, HandlerResult, Handlers, Jitter, LetterId, Message, Place, Unknown, in_process};
use tokio_util::sync::CancellationToken;

use crate::conformance::together::written;
use crate::events::{Placed, Viewed};
use crate::recorder::Recorder;
use crate::script::{Act, Script};
use crate::setup::{ContextOf, Effects, Setup, noon};

/// Retries come at their latest time.
#[derive(Debug)]
struct NoJitter;

impl Jitter for NoJitter {
    fn factor(&self) -> f64 {
        1.0
    }
}

/// The next build of the consumer `billing`: it also knows version 3, which looks like version 2.
struct NextBuild;

impl<Cx: Effects> Handlers<Cx> for NextBuild {
    const CONSUMER: &'static str = "billing";
    const UNKNOWN: Unknown = Unknown::Ignore;

    fn routes() -> Vec<Route> {
        let mut route = Route::of::<Placed>("place", HandlerOptions::default());
        let mut next = *route.shapes.first().unwrap();
        next.event_version = 3;
        route.shapes.insert(0, next);
        vec![route]
    }

    async fn handle(&self, _: usize, message: &Message, cx: &mut Cx) -> HandlerResult {
        let event: Placed = serde_json::from_str(message.envelope().data.as_ref().unwrap().get())?;
        cx.write(format!("{}/{}", event.order_id, event.step)).await;
        Ok(())
    }
}

/// A build of the consumer `billing` that takes no orders any more.
struct WithoutOrders;

impl<Cx: Effects> Handlers<Cx> for WithoutOrders {
    const CONSUMER: &'static str = "billing";
    const UNKNOWN: Unknown = Unknown::Ignore;

    fn routes() -> Vec<Route> {
        vec![Route::of::<Viewed>("view", HandlerOptions::default())]
    }

    async fn handle(&self, _: usize, message: &Message, cx: &mut Cx) -> HandlerResult {
        cx.write(message.read::<Viewed>()?.page).await;
        Ok(())
    }
}

fn placed(order: &str, step: u32, version: u32) -> Vec<u8> {
    format!(
        r#"{{"specversion":"1.0","source":"/shop","type":"trial.placed","id":"{order}/{step}","subject":"{order}",
            "eventversion":{version},"data":{{"order_id":"{order}","step":{step}}}}}"#
    )
    .into_bytes()
}

async fn letters<S: Setup>(setup: &S, place: Place) -> Vec<event_core::Letter> {
    setup.store().letters("billing", place, LetterId::new(0), 100).await.unwrap()
}

/// Waits for a dead letter, with a limit.
async fn dead_letter<S: Setup>(setup: &S) -> event_core::Letter {
    let found = async {
        loop {
            if let Some(letter) = letters(setup, Place::DeadLetter).await.pop() {
                return letter;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), found).await.expect("there is a dead letter in time")
}

pub async fn what_awaits_a_deploy_flows_in_order_also_when_an_older_build_still_runs<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let clock = noon();
    let setup = S::fresh(clock.clone()).await;
    let older = Consumer::new(setup.store(), Script::default());
    let (_, outcome) = older.apply(&[&placed("o-1", 1, 3), &placed("o-1", 2, 2)]).await.unwrap();
    assert_eq!((outcome.awaiting_deploy, outcome.held), (1, 1));
    let (shutdown, (_transport, subscription)) = (CancellationToken::new(), in_process());
    let newer = Consumer::new(setup.store(), NextBuild).poll(Duration::from_millis(5));
    let running = tokio::spawn(newer.run(subscription, shutdown.clone()));
    assert_eq!(written(&setup, 2).await, ["o-1/1", "o-1/2"]);
    older.apply(&[&placed("o-2", 1, 3)]).await.unwrap();
    clock.advance(Duration::from_secs(61));
    assert_eq!(written(&setup, 3).await, ["o-1/1", "o-1/2", "o-2/1"]);
    shutdown.cancel();
    running.await.unwrap().unwrap();
}

pub async fn what_awaits_a_deploy_that_takes_it_no_more_is_a_dead_letter<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    Consumer::new(setup.store(), Script::default()).apply(&[&placed("o-1", 1, 3)]).await.unwrap();
    let (shutdown, (_transport, subscription)) = (CancellationToken::new(), in_process());
    let running = tokio::spawn(Consumer::new(setup.store(), WithoutOrders).run(subscription, shutdown.clone()));
    assert_eq!(dead_letter(&setup).await.errors, ["no handler takes `trial.placed` version 3"]);
    shutdown.cancel();
    running.await.unwrap().unwrap();
}

pub async fn two_processes_that_see_one_due_retry_try_it_once<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let clock = noon();
    let setup = S::fresh(clock.clone()).await;
    let script = Script::default().on("o-1", 1, [Act::FailForNow; 5]);
    let consumer = Consumer::new(setup.store(), script).jitter(NoJitter);
    consumer.apply(&[&placed("o-1", 1, 2)]).await.unwrap();
    clock.advance(Duration::from_secs(1));
    let work = || consumer.work_letters();
    let tried = tokio::join!(work(), work(), work(), work());
    let counts: [Counts; 4] = [tried.0, tried.1, tried.2, tried.3].map(Result::unwrap);
    assert_eq!(counts.iter().map(|counts| counts.retries).sum::<usize>(), 1);
    assert_eq!(letters(&setup, Place::Retry).await.first().unwrap().attempts, 2);
}

pub async fn a_gap_holds_up_no_other_stream<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let events: Vec<_> = [("o-1", 1), ("o-1", 2), ("o-2", 1)].map(|(order, step)| Placed::new(order, step)).into();
    setup.commit(&events).await;
    let recorder = Recorder::default();
    Relay::new(setup.store(), recorder.clone()).step().await.unwrap();
    let sent = |order: &str, step: u32| {
        let event = recorder.sent().into_iter().find(|event| {
            let data: Placed = serde_json::from_str(event.data.as_ref().unwrap().get()).unwrap();
            (data.order_id.as_str(), data.step) == (order, step)
        });
        event.as_ref().map(Envelope::to_json).unwrap()
    };
    let consumer = Consumer::new(setup.store(), Script::default());
    let (taken, outcome) = consumer.apply(&[&sent("o-1", 2), &sent("o-2", 1)]).await.unwrap();
    assert_eq!((taken, outcome.gaps, outcome.applied), (0, 1, 1));
    assert_eq!(setup.written().await, ["o-2/1"]);
    consumer.apply(&[&sent("o-1", 1), &sent("o-1", 2), &sent("o-2", 1)]).await.unwrap();
    assert_eq!(setup.written().await, ["o-2/1", "o-1/1", "o-1/2"]);
}
