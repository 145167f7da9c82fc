//! What a cut-over promises: an event that is written in two versions is applied once, whichever build reads it.

use std::marker::PhantomData;
use std::time::Duration;

use event_core::__private::{HandlerOptions, Route};
use event_core::runtime::{Counts, Inbox, Relay};
use event_core::{
    Consumer, Current, DomainEvent, Envelope, FirstContact, HandlerResult, Handlers, LetterId, Message, Place, Unknown,
    in_process,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::conformance::together::written;
use crate::recorder::Recorder;
use crate::setup::{ContextOf, Effects, Setup, noon};

/// The event as the build knows it that was there before.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "trial.moved", version = 1, key = order_id, superseded)]
pub struct MovedV1 {
    pub order_id: String,
    pub place: String,
}

mod before {
    use super::{Deserialize, DomainEvent, JsonSchema, Serialize};

    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "trial.moved", version = 1, key = order_id)]
    pub(super) struct Moved {
        pub order_id: String,
        pub place: String,
    }
}

/// The event in the version that comes, written in both.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "trial.moved", version = 2, key = order_id, from = MovedV1, also = MovedV1)]
#[event(deprecated(sunset = "2027-01-01T00:00:00Z"))]
pub struct Moved {
    pub order_id: String,
    #[event(added = (old.place.clone(), String::new()))]
    pub place: (String, String),
}

impl From<&Moved> for MovedV1 {
    fn from(event: &Moved) -> Self {
        Self { order_id: event.order_id.clone(), place: event.place.0.clone() }
    }
}

/// The version after it, which readers of version 1 can read and those of version 2 can't, beside version 2.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "trial.moved", version = 3, from = LateMovedV2, key = order_id, also = LateMovedV2)]
pub struct LateMoved {
    pub order_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "trial.moved", version = 2, from = MovedV1, key = order_id, superseded, readable_since = 1)]
pub struct LateMovedV2 {
    pub order_id: String,
    pub place: String,
}

impl From<&LateMoved> for LateMovedV2 {
    fn from(event: &LateMoved) -> Self {
        Self { order_id: event.order_id.clone(), place: "here".to_owned() }
    }
}

/// A build of the consumer `billing` whose newest version is that of `E`.
struct Build<E>(PhantomData<fn() -> E>);

impl<E> Build<E> {
    const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<E: Current, Cx: Effects> Handlers<Cx> for Build<E> {
    const CONSUMER: &'static str = "billing";
    const UNKNOWN: Unknown = Unknown::Ignore;

    fn routes() -> Vec<Route> {
        vec![Route::of::<E>("moved", HandlerOptions::default())]
    }

    async fn handle(&self, _: usize, message: &Message, cx: &mut Cx) -> HandlerResult {
        let event: E = message.read()?;
        let key = event.event_key().map(|key| key.to_string()).unwrap_or_default();
        cx.write(format!("{key} by {} from {}", E::EVENT_VERSION, message.envelope().event_version)).await;
        Ok(())
    }
}

/// Which build is running when a twin comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Running {
    Before,
    After,
}

use Running::{After, Before};

async fn sent<S: Setup>(setup: &S, event: &impl event_core::Publish) -> Vec<Envelope> {
    setup.commit(std::slice::from_ref(event)).await;
    let recorder = Recorder::default();
    let relay = Relay::new(setup.store(), recorder.clone());
    while relay.step().await.unwrap().sent > 0 {}
    recorder.sent()
}

async fn apply<S: Setup>(setup: &S, running: Running, body: &[u8]) -> Counts
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let (taken, counts) = match running {
        Before => Consumer::new(setup.store(), Build::<before::Moved>::new()).apply(&[body]).await,
        After => Consumer::new(setup.store(), Build::<Moved>::new()).apply(&[body]).await,
    }
    .unwrap();
    assert_eq!(taken, 1);
    counts
}

fn moved() -> Moved {
    Moved { order_id: "o-1".to_owned(), place: ("here".to_owned(), "there".to_owned()) }
}

pub async fn a_cut_over_writes_both_versions_as_twins<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let sent = sent(&setup, &moved()).await;
    let [newer, older] = sent.as_slice() else { panic!("two events are sent: {sent:?}") };
    assert_eq!((newer.event_version, older.event_version), (2, 1));
    assert_eq!(older.data.as_ref().unwrap().get(), r#"{"order_id":"o-1","place":"here"}"#);
    assert_ne!(newer.id, older.id);
    assert_eq!(newer.partition_key, older.partition_key);
    let wire: serde_json::Value = serde_json::from_slice(&newer.to_json()).unwrap();
    assert_eq!(wire.get("twin").unwrap(), newer.id.as_str());
    assert_eq!(wire.get("twinversions").unwrap(), &serde_json::json!("1,2"));
    assert_eq!(wire.get("readablesince").unwrap(), &serde_json::json!(2));
    assert_eq!(wire.get("deprecated").unwrap(), &serde_json::json!(true));
    assert_eq!(wire.get("deprecationsunset").unwrap(), &serde_json::json!("2027-01-01T00:00:00.000000Z"));
    assert_eq!(older.twin, newer.twin);
    assert_eq!((older.deprecation(), older.readable_since), (None, Some(1)));
}

pub async fn each_build_applies_the_highest_version_that_it_reads<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    for (running, line) in [(Before, "o-1 by 1 from 1"), (After, "o-1 by 2 from 2")] {
        let setup = S::fresh(noon()).await;
        let bodies: Vec<_> = sent(&setup, &moved()).await.iter().map(Envelope::to_json).collect();
        let mut counts = Counts::default();
        for body in &bodies {
            counts += apply(&setup, running, body).await;
        }
        assert_eq!((counts.applied, counts.duplicates, counts.awaiting_deploy), (1, 1, 0), "{running:?}");
        for body in bodies.iter().rev() {
            assert_eq!(apply(&setup, running, body).await.duplicates, 1, "{running:?}");
        }
        assert_eq!(setup.written().await, [line]);
    }
}

/// Both orders, with and without places on a stream, and every build at each of them.
pub async fn a_deploy_between_twins_neither_loses_nor_repeats<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    for case in 0..16 {
        let (reversed, by_id) = (case & 1 > 0, case & 2 > 0);
        let builds = [case & 4, case & 8].map(|bit| if bit > 0 { After } else { Before });
        // On a stream the twins come in their order.
        if reversed && !by_id {
            continue;
        }
        let setup = S::fresh(noon()).await;
        let mut twins = sent(&setup, &moved()).await;
        if by_id {
            twins.iter_mut().for_each(|twin| twin.previous = None);
        }
        if reversed {
            twins.reverse();
        }
        for (build, twin) in builds.iter().zip(&twins) {
            apply(&setup, *build, &twin.to_json()).await;
        }
        let case = format!("{builds:?}, reversed: {reversed}, by id: {by_id}");
        deploy(&setup).await;
        let lines = setup.written().await;
        assert_eq!(lines.len(), 1, "{case}: {lines:?}");
        for twin in &twins {
            assert_eq!(apply(&setup, After, &twin.to_json()).await.duplicates, 1, "{case}");
        }
        assert_eq!(setup.written().await.len(), 1, "{case}");
    }
}

/// Runs the newer build until what awaited it is applied.
async fn deploy<S: Setup>(setup: &S)
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let (shutdown, (_transport, subscription)) = (CancellationToken::new(), in_process());
    let newer = Consumer::new(setup.store(), Build::<Moved>::new()).poll(Duration::from_millis(5));
    let running = tokio::spawn(newer.run(subscription, shutdown.clone()));
    written(setup, 1).await;
    shutdown.cancel();
    running.await.unwrap().unwrap();
    let waiting = setup.store().letters("billing", Place::AwaitingDeploy, LetterId::new(0), 10).await.unwrap();
    assert!(waiting.is_empty(), "{waiting:?}");
}

/// The twin says of both versions who reads them, so a reader of version 1 finds the one that it can read.
pub async fn a_twin_that_an_older_reader_understands_is_applied_by_it<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let event = LateMoved { order_id: "o-1".to_owned() };
    let twins = sent(&setup, &event).await;
    let wire: serde_json::Value = serde_json::from_slice(&twins.first().unwrap().to_json()).unwrap();
    assert_eq!(wire.get("twinversions").unwrap(), "2,3");
    assert_eq!(wire.get("twinreadablesince").unwrap(), "1,3");
    let mut counts = Counts::default();
    for twin in &twins {
        counts += apply(&setup, Before, &twin.to_json()).await;
    }
    assert_eq!((counts.applied, counts.duplicates, counts.awaiting_deploy), (1, 1, 0));
    assert_eq!(setup.written().await, ["o-1 by 1 from 2"]);
}

/// A stream on which the first event that comes is the second twin: the first one went before.
pub async fn a_stream_that_begins_with_the_second_twin_loses_nothing<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let twins = sent(&setup, &moved()).await;
    let newer = Consumer::new(setup.store(), Build::<Moved>::new()).first_contact(FirstContact::Latest);
    let (_, counts) = newer.apply(&[&twins.last().unwrap().to_json()]).await.unwrap();
    assert_eq!((counts.applied, counts.duplicates), (1, 0));
    assert_eq!(setup.written().await, ["o-1 by 2 from 1"]);
}

/// A producer of another make may write three; they come in any order, by their ids.
pub async fn of_three_twins_the_one_that_can_be_read_is_applied<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    for order in [[3, 2, 1], [1, 2, 3], [2, 3, 1], [3, 1, 2]] {
        let setup = S::fresh(noon()).await;
        for version in order {
            let epoch = if version == 1 { 2 } else { 1 };
            let body = format!(
                r#"{{"specversion":"1.0","source":"/shop?epoch={epoch}","type":"trial.moved","id":"{version}","subject":"o-1",
                    "eventversion":{version},"twin":"a","twinversions":"1,2,3","data":{{"order_id":"o-1","place":"here"}}}}"#
            );
            apply(&setup, Before, body.as_bytes()).await;
        }
        assert_eq!(setup.written().await, ["o-1 by 1 from 1"], "{order:?}");
        let waiting = setup.store().letters("billing", Place::AwaitingDeploy, LetterId::new(0), 10).await.unwrap();
        assert!(waiting.is_empty(), "{order:?}: {waiting:?}");
    }
}

/// A failover between the twins begins a new epoch.
pub async fn twins_of_two_epochs_are_twins<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    for builds in [[Before, After], [After, Before]] {
        let setup = S::fresh(noon()).await;
        let mut twins = sent(&setup, &moved()).await;
        for (epoch, twin) in twins.iter_mut().enumerate() {
            twin.previous = None;
            twin.source = format!("/shop?epoch={epoch}").into();
        }
        for (build, twin) in builds.iter().zip(&twins) {
            apply(&setup, *build, &twin.to_json()).await;
        }
        deploy(&setup).await;
        assert_eq!(setup.written().await.len(), 1, "{builds:?}");
    }
}
