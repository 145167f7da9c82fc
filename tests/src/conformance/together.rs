//! Relay, in-process transport and consumer as they run in a service.

use std::time::Duration;

use event_core::runtime::StoreError;
use event_core::{Consumer, Relay, in_process};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::events::Placed;
use crate::script::Script;
use crate::setup::{ContextOf, Effects, Setup, noon};

/// A running service; stop it with the token.
struct Service {
    shutdown: CancellationToken,
    relay: JoinHandle<Result<(), StoreError>>,
    consumer: JoinHandle<Result<(), StoreError>>,
}

impl Service {
    fn start<S: Setup>(setup: &S) -> Self
    where
        for<'c> ContextOf<'c, S::Store>: Effects,
    {
        let shutdown = CancellationToken::new();
        let (transport, subscription) = in_process();
        let relay = Relay::new(setup.store(), transport).batch(7);
        let consumer = Consumer::new(setup.store(), Script::default()).batch(5);
        Self {
            relay: tokio::spawn(relay.run(shutdown.clone())),
            consumer: tokio::spawn(consumer.run(subscription, shutdown.clone())),
            shutdown,
        }
    }

    async fn stop(self) {
        self.shutdown.cancel();
        let ended = async { (self.relay.await, self.consumer.await) };
        let (relay, consumer) = tokio::time::timeout(Duration::from_secs(30), ended).await.expect("the loops end");
        relay.unwrap().unwrap();
        consumer.unwrap().unwrap();
    }
}

/// Waits for a fact, with a limit.
pub(super) async fn written<S: Setup>(setup: &S, count: usize) -> Vec<String> {
    let enough = async {
        loop {
            let written = setup.written().await;
            if written.len() >= count {
                return written;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), enough).await.expect("everything is applied in time")
}

pub(super) fn assert_in_order(written: &[String], keys: u32, steps: u32) {
    assert_eq!(written.len(), usize::try_from(keys * steps).unwrap());
    for key in 0..keys {
        let own: Vec<_> = written.iter().filter(|line| line.starts_with(&format!("o-{key}/"))).cloned().collect();
        assert_eq!(own, (1..=steps).map(|step| format!("o-{key}/{step}")).collect::<Vec<_>>());
    }
}

pub async fn the_loops_apply_everything_once_and_in_order<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let service = Service::start(&setup);
    for step in 1..=10 {
        for key in 0..10 {
            setup.commit(&[Placed::new(&format!("o-{key}"), step)]).await;
        }
    }
    written(&setup, 100).await;
    service.stop().await;
    assert_in_order(&setup.written().await, 10, 10);
}

pub async fn a_restart_in_the_middle_loses_and_repeats_nothing<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    for step in 1..=10 {
        let events: Vec<_> = (0..10).map(|key| Placed::new(&format!("o-{key}"), step)).collect();
        setup.commit(&events).await;
    }
    let mut applied = 0;
    while applied < 100 {
        let service = Service::start(&setup);
        applied = written(&setup, (applied + 1).min(100)).await.len();
        service.stop().await;
    }
    assert_in_order(&setup.written().await, 10, 10);
}
