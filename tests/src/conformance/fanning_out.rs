//! Several consumers over one subscription.

use std::time::Duration;

use event_core::__private::{HandlerOptions, Route};
use event_core::{Consumer, Consumers, FanOutError, HandlerResult, Handlers, Message, Relay, Unknown, in_process};
use tokio_util::sync::CancellationToken;

use super::together::written;
use crate::events::Placed;
use crate::feed::{Feed, until};
use crate::recorder::Recorder;
use crate::script::Script;
use crate::setup::{ContextOf, Effects, Setup, noon};

/// The second consumer: it writes `shipping <order>/<step>`.
#[derive(Clone, Default)]
pub struct Shipping;

impl<Cx: Effects> Handlers<Cx> for Shipping {
    const CONSUMER: &'static str = "shipping";
    const UNKNOWN: Unknown = Unknown::Ignore;

    fn routes() -> Vec<Route> {
        vec![Route::of::<Placed>("ship", HandlerOptions::default())]
    }

    async fn handle(&self, _: usize, message: &Message, cx: &mut Cx) -> HandlerResult {
        let event: Placed = message.read()?;
        cx.write(format!("shipping {}/{}", event.order_id, event.step)).await;
        Ok(())
    }
}

fn of_shipping(written: &[String], own: bool) -> Vec<&str> {
    written.iter().filter(|line| line.starts_with("shipping ") == own).map(String::as_str).collect()
}

pub async fn each_of_several_consumers_applies_every_event_once_and_in_order<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let (shutdown, (transport, subscription)) = (CancellationToken::new(), in_process());
    let consumers = Consumers::over(subscription)
        .add(Consumer::new(setup.store(), Script::default()).batch(5))
        .add(Consumer::new(setup.store(), Shipping).batch(3));
    let relay = tokio::spawn(Relay::new(setup.store(), transport).batch(7).run(shutdown.clone()));
    let running = tokio::spawn(consumers.run(shutdown.clone()));
    for step in 1..=10 {
        setup.commit(&[Placed::new("o-1", step), Placed::new("o-2", step)]).await;
    }
    let written = written(&setup, 40).await;
    shutdown.cancel();
    running.await.unwrap().unwrap();
    relay.await.unwrap().unwrap();
    for order in ["o-1", "o-2"] {
        let expected: Vec<String> = (1..=10).map(|step| format!("{order}/{step}")).collect();
        let own = |shipping| of_shipping(&written, shipping).into_iter().filter(|line| line.contains(order));
        assert!(own(false).eq(expected.iter()), "{written:?}");
        assert!(own(true).eq(expected.iter().map(|line| format!("shipping {line}"))), "{written:?}");
    }
    assert_eq!(setup.written().await.len(), 40);
}

pub async fn what_one_of_several_consumers_has_not_taken_comes_again_to_all<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    setup.commit(&[Placed::new("o-1", 1), Placed::new("o-1", 2)]).await;
    let recorder = Recorder::default();
    Relay::new(setup.store(), recorder.clone()).step().await.unwrap();
    let [first, second] = recorder.bodies().try_into().unwrap();
    Consumer::new(setup.store(), Script::default()).apply(&[&first]).await.unwrap();
    let (shutdown, feed) = (CancellationToken::new(), Feed::default());
    let consumers = Consumers::over(feed.clone())
        .add(Consumer::new(setup.store(), Script::default()))
        .add(Consumer::new(setup.store(), Shipping));
    let running = tokio::spawn(consumers.run(shutdown.clone()));
    // To shipping the first one is missing, so the second one comes back.
    feed.push([second.clone()]);
    until(|| feed.returned() == [second.clone()]).await;
    assert_eq!(written(&setup, 2).await, ["o-1/1", "o-1/2"]);
    assert!(feed.acknowledged().is_empty());
    feed.push([first.clone(), second.clone()]);
    feed.until_acknowledged(2).await;
    shutdown.cancel();
    running.await.unwrap().unwrap();
    assert_eq!(feed.acknowledged(), [first, second]);
    assert_eq!(setup.written().await, ["o-1/1", "o-1/2", "shipping o-1/1", "shipping o-1/2"]);
}

pub async fn two_consumers_of_one_name_are_refused<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let consumer = || Consumer::new(setup.store(), Script::default());
    let consumers = Consumers::over(Feed::default()).add(consumer()).add(consumer());
    let ended = tokio::time::timeout(Duration::from_secs(20), consumers.run(CancellationToken::new())).await;
    let error = ended.expect("it ends at once").unwrap_err();
    assert!(matches!(error, FanOutError::SameName { consumer: "billing" }), "{error}");
}
