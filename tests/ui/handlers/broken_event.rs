//! A mistake in an event is reported there alone.

#![allow(dead_code, unused_imports, unused_variables)]

use event_core::{DomainEvent, HandlerResult, event_handlers};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id)]
struct OrderPlaced {
    order_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.cancelled", version = 1, key = order_id)]
struct OrderCancelled {
    order_id: String,
}

struct Context<'a, Db>(&'a mut Db);

struct Sqlite;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.paid", version = 1)]
struct OrderPaid;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.sent", version = 1)]
struct OrderSent;

struct Billing;

#[event_handlers(consumer = "billing")]
impl Billing {
    #[on]
    async fn charge(&self, event: OrderPaid) -> HandlerResult {
        Ok(())
    }

    #[on]
    async fn send(&self, event: OrderSent) -> HandlerResult {
        Ok(())
    }
}

fn main() {}
