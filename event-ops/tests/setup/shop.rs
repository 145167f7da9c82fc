//! A consumer of a test's own: what it can't apply, until its bug is mended.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_core::__private::{HandlerOptions, Route};
use event_core::runtime::Inbox;
use event_core::testing::ManualClock;
use event_core::{
    Clock, Consumer, DomainEvent, HandlerError, HandlerResult, Handlers, InProcessSubscription, Message, SystemClock,
    Unknown, in_process,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id)]
pub(crate) struct OrderPlaced {
    pub(crate) order_id: String,
    pub(crate) cents: i64,
}

/// Charges orders, unless their cents are negative: that is a bug, which can be mended. It can never charge nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Billing {
    pub(crate) is_mended: Arc<AtomicBool>,
    pub(crate) charged: Arc<Mutex<BTreeMap<String, u32>>>,
}

impl<Cx: Send> Handlers<Cx> for Billing {
    const CONSUMER: &'static str = "billing";
    const UNKNOWN: Unknown = Unknown::Ignore;

    fn routes() -> Vec<Route> {
        vec![Route::of::<OrderPlaced>("charge", HandlerOptions::default())]
    }

    async fn handle(&self, _: usize, message: &Message, _: &mut Cx) -> HandlerResult {
        let order = message.read::<OrderPlaced>()?;
        if order.cents == 0 {
            return Err(HandlerError::permanent("there is nothing to charge"));
        }
        if order.cents < 0 && !self.is_mended.load(Ordering::Relaxed) {
            let cause = std::io::Error::other(format!("{} cents are no price", order.cents));
            return Err(HandlerError::permanent(Charging(cause)));
        }
        *self.charged.lock().unwrap().entry(message.envelope().id.as_str().to_owned()).or_default() += 1;
        Ok(())
    }
}

#[derive(Debug)]
struct Charging(std::io::Error);

impl std::fmt::Display for Charging {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cannot charge the order")
    }
}

impl std::error::Error for Charging {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

impl Billing {
    /// How often each event was charged: the ids of events are their orders and a number.
    pub(crate) fn charged(&self) -> Vec<(String, u32)> {
        self.charged.lock().unwrap().clone().into_iter().collect()
    }
}

/// Two hours ago: ages are told by the clock of the operator.
pub(crate) fn earlier() -> ManualClock {
    ManualClock::new(SystemClock.now() - Duration::from_secs(7_200))
}

/// An event as it comes from elsewhere: without a place on a stream, so that it is known by its id.
pub(crate) fn message(order: &str, number: u32, cents: i64) -> Vec<u8> {
    format!(
        r#"{{"specversion":"1.0","id":"{order}.{number}","source":"/shop","type":"order.placed","eventversion":1,"subject":"{order}","data":{{"order_id":"{order}","cents":{cents}}}}}"#
    )
    .into_bytes()
}

/// Lets a consumer take messages.
pub(crate) async fn take<S: Inbox>(store: S, billing: &Billing, messages: &[Vec<u8>]) {
    let consumer = Consumer::new(store, billing.clone());
    let bodies: Vec<_> = messages.iter().map(Vec::as_slice).collect();
    let (taken, _) = consumer.apply(&bodies).await.unwrap();
    assert_eq!(taken, messages.len());
}

/// A consumer that runs until it is dropped.
pub(crate) struct Running {
    shutdown: CancellationToken,
    run: JoinHandle<Result<(), event_core::runtime::StoreError>>,
}

pub(crate) fn run<S: Inbox>(store: S, billing: &Billing) -> Running {
    let (transport, subscription): (_, InProcessSubscription) = in_process();
    let shutdown = CancellationToken::new();
    let consumer = Consumer::new(store, billing.clone()).poll(Duration::from_millis(20));
    let stop = shutdown.clone();
    let run = tokio::spawn(async move {
        let _open = transport;
        consumer.run(subscription, stop).await
    });
    Running { shutdown, run }
}

impl Running {
    pub(crate) async fn end(self) {
        self.shutdown.cancel();
        self.run.await.unwrap().unwrap();
    }
}

/// An event with a place on a stream of `source`.
pub(crate) fn placed(source: &str, order: &str, sequence: u64, previous: u64) -> Vec<u8> {
    format!(
        r#"{{"specversion":"1.0","id":"{order}.{sequence}","source":"{source}","type":"order.placed","eventversion":1,"subject":"{order}","sequence":"{sequence:020}","previous":"{previous:020}","data":{{"order_id":"{order}","cents":5}}}}"#
    )
    .into_bytes()
}
