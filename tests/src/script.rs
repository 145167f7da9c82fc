//! Handlers that do what the test has written down.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex};

use event_core::__private::{HandlerOptions, Route};
use event_core::{HandlerError, HandlerResult, Handlers, Message, Unknown};

use crate::events::{Invoiced, Placed};
use crate::setup::Effects;

/// What the handler does with an event, after it has written its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Succeed,
    FailForNow,
    FailForGood,
    FailWithNul,
    Panic,
    Hang,
    Sabotage,
}

/// A handler of `Placed` that writes `<order>/<step>` and then acts as told; where nothing is told it succeeds.
#[derive(Clone, Default)]
pub struct Script {
    acts: Arc<Mutex<HashMap<String, VecDeque<Act>>>>,
}

impl Script {
    /// What to do with an event, attempt by attempt.
    pub fn on(self, order: &str, step: u32, acts: impl IntoIterator<Item = Act>) -> Self {
        self.acts.lock().unwrap().entry(format!("{order}/{step}")).or_default().extend(acts);
        self
    }

    fn next(&self, name: &str) -> Act {
        self.acts.lock().unwrap().get_mut(name).and_then(VecDeque::pop_front).unwrap_or(Act::Succeed)
    }

    async fn act<Cx: Effects>(&self, event: Placed, cx: &mut Cx) -> HandlerResult {
        let name = format!("{}/{}", event.order_id, event.step);
        cx.write(name.clone()).await;
        match self.next(&name) {
            Act::Succeed => {
                cx.invoice(Invoiced { order_id: event.order_id, step: event.step }).await;
                Ok(())
            }
            Act::FailForNow => Err(HandlerError::transient(Failed("the bank is closed"))),
            Act::FailForGood => Err(HandlerError::permanent(Failed("the order has no lines"))),
            Act::FailWithNul => Err(HandlerError::permanent(Failed("the name is `a\0b`"))),
            Act::Panic => panic!("the handler is broken"),
            Act::Hang => std::future::pending().await,
            Act::Sabotage => {
                cx.sabotage().await;
                Ok(())
            }
        }
    }
}

#[derive(Debug)]
struct Failed(&'static str);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot issue the invoice")
    }
}

impl std::error::Error for Failed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(Box::leak(Box::new(std::io::Error::other(self.0))))
    }
}

impl<Cx: Effects> Handlers<Cx> for Script {
    const CONSUMER: &'static str = "billing";
    const UNKNOWN: Unknown = Unknown::Ignore;

    fn routes() -> Vec<Route> {
        vec![Route::of::<Placed>("act", HandlerOptions::default())]
    }

    async fn handle(&self, _: usize, message: &Message, cx: &mut Cx) -> HandlerResult {
        self.act(message.read::<Placed>()?, cx).await
    }
}

/// The same handlers, declared to handle all, without an order within a key, with two attempts.
#[derive(Clone, Default)]
pub struct Strict(pub Script);

impl<Cx: Effects> Handlers<Cx> for Strict {
    const CONSUMER: &'static str = "strict";
    const UNKNOWN: Unknown = Unknown::DeadLetter;

    fn routes() -> Vec<Route> {
        let options = HandlerOptions { unordered: true, attempts: Some(2), ..HandlerOptions::default() };
        vec![Route::of::<Placed>("act", options)]
    }

    async fn handle(&self, _: usize, message: &Message, cx: &mut Cx) -> HandlerResult {
        self.0.act(message.read::<Placed>()?, cx).await
    }
}
