//! What `#[event_handlers]` makes of an impl: its routes, their options, and the call of a handler.
#![allow(clippy::expect_used, reason = "a test says what it expected")]

use std::time::Duration;

use event_core::{DomainEvent, Envelope, HandlerError, HandlerResult, Handlers, Message, Unknown, event_handlers};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id, superseded)]
struct OrderPlacedV1 {
    order_id: u8,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1)]
struct OrderPlaced {
    order_id: u8,
    #[event(added = old.order_id * 2)]
    total: u8,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.cancelled", version = 1, key = 0)]
struct OrderCancelled(u8);

/// What a store would give: it borrows twice.
struct Context<'a, 'b, Db> {
    log: &'a mut Vec<String>,
    name: &'b Db,
}

struct Billing<'p> {
    prefix: &'p str,
}

#[event_handlers(consumer = "billing", unknown = "dead_letter")]
impl Billing<'_> {
    #[on]
    async fn charge(&self, event: OrderPlaced, cx: &mut Context<'_, '_, &'static str>) -> HandlerResult {
        std::future::ready(()).await;
        self.write(cx, format!("{event:?}"));
        Ok(())
    }

    #[on(unordered, attempts = 3, timeout = "1m")]
    async fn refund(
        &self,
        OrderCancelled(order_id): OrderCancelled,
        Context { log, .. }: &mut Context<'_, '_, &'static str>,
    ) -> HandlerResult {
        log.push(format!("refund {order_id}"));
        Err(HandlerError::permanent("too late"))
    }

    fn write(&self, cx: &mut Context<'_, '_, &'static str>, text: String) {
        cx.log.push(format!("{} {}: {text}", self.prefix, cx.name));
    }
}

type BillingContext = Context<'static, 'static, &'static str>;

/// One handler takes the context, the other doesn't.
struct Mixed;

#[event_handlers(consumer = "mixed")]
impl Mixed {
    #[on]
    async fn without(&self, _: OrderPlaced) -> HandlerResult {
        Ok(())
    }

    #[on(retry = "1s, 5m", timeout = "250ms")]
    async fn with(&self, _: OrderCancelled, cx: &mut Vec<u8>) -> HandlerResult {
        cx.push(1);
        Ok(())
    }
}

fn message(event_type: &str, version: u32, data: &str) -> Message {
    let wire = format!(
        r#"{{"specversion":"1.0","id":"a-1","source":"/shop","type":"{event_type}","eventversion":{version},"data":{data}}}"#
    );
    Message::new(Envelope::from_json(wire.as_bytes()).expect("the envelope is one"))
}

async fn handled(route: usize, message: &Message) -> (HandlerResult, Vec<String>) {
    let mut log = Vec::new();
    let result = {
        let mut cx = Context { log: &mut log, name: &"db" };
        Billing { prefix: "billing" }.handle(route, message, &mut cx).await
    };
    (result, log)
}

#[test]
fn the_arguments_are_the_constants() {
    assert_eq!(<Billing<'_> as Handlers<BillingContext>>::CONSUMER, "billing");
    assert_eq!(<Billing<'_> as Handlers<BillingContext>>::UNKNOWN, Unknown::DeadLetter);
    assert_eq!(<Mixed as Handlers<Vec<u8>>>::UNKNOWN, Unknown::Ignore);
}

#[test]
fn a_route_takes_every_version_of_its_event() {
    let routes = <Billing<'_> as Handlers<BillingContext>>::routes();
    let shapes = |route: usize| -> Vec<_> {
        let route = routes.get(route).expect("there are two routes");
        route.shapes.iter().map(|shape| (shape.event_type, shape.event_version)).collect()
    };
    assert_eq!(routes.iter().map(|route| route.handler).collect::<Vec<_>>(), ["charge", "refund"]);
    assert_eq!(shapes(0), [("order.placed", 2), ("order.placed", 1)]);
    assert_eq!(shapes(1), [("order.cancelled", 1)]);
}

#[test]
fn options_stay_with_their_handler() {
    let routes = <Billing<'_> as Handlers<BillingContext>>::routes();
    let options: Vec<_> = routes.iter().map(|r| (r.options.unordered, r.options.attempts, r.options.timeout)).collect();
    assert_eq!(options, [(false, None, None), (true, Some(3), Some(Duration::from_secs(60)))]);
    let routes = <Mixed as Handlers<Vec<u8>>>::routes();
    assert_eq!(routes.last().and_then(|route| route.options.timeout), Some(Duration::from_millis(250)));
    let delays = [1, 300].map(Duration::from_secs);
    assert_eq!(routes.last().and_then(|route| route.options.retry), Some(delays.as_slice()));
}

#[tokio::test]
async fn a_handler_gets_the_newest_version() {
    let (result, log) = handled(0, &message("order.placed", 1, r#"{"order_id":4}"#)).await;
    assert!(result.is_ok(), "{result:?}");
    assert_eq!(log, ["billing db: OrderPlaced { order_id: 4, total: 8 }"]);
}

#[tokio::test]
async fn what_a_handler_returns_is_the_answer() {
    let (result, log) = handled(1, &message("order.cancelled", 1, "7")).await;
    assert!(!result.expect_err("it is too late").is_transient());
    assert_eq!(log, ["refund 7"]);
}

#[tokio::test]
async fn data_that_does_not_fit_never_reaches_the_handler() {
    let (result, log) = handled(0, &message("order.placed", 2, r#"{"order_id":4}"#)).await;
    assert!(!result.expect_err("`total` is missing").is_transient());
    assert!(log.is_empty());
}

#[tokio::test]
async fn a_route_that_is_none_is_an_error() {
    let (result, log) = handled(2, &message("order.placed", 1, r#"{"order_id":4}"#)).await;
    let error = result.expect_err("there are two routes");
    assert!(!error.is_transient());
    assert_eq!(error.to_string(), "the consumer has no handler with the number 2");
    assert!(log.is_empty());
}

#[tokio::test]
async fn a_handling_moves_between_threads() {
    let task = tokio::spawn(async {
        let mut cx = vec![];
        let result = Mixed.handle(1, &message("order.cancelled", 1, "7"), &mut cx).await;
        (result.is_ok(), cx)
    });
    assert_eq!(task.await.expect("the task ends"), (true, vec![1]));
}
