//! An event has one handler, also under another name.

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

type Placed = OrderPlaced;

struct Billing;

#[event_handlers(consumer = "billing")]
impl Billing {
    #[on]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }

    #[on]
    async fn refund(&self, event: OrderCancelled) -> HandlerResult {
        Ok(())
    }

    #[on]
    async fn note(&self, event: Placed) -> HandlerResult {
        Ok(())
    }
}

fn main() {}
