//! A consumer has a name.

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

struct NoArguments;

#[event_handlers]
impl NoArguments {
    #[on]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct Missing;

#[event_handlers()]
impl Missing {
    #[on]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct Empty;

#[event_handlers(consumer = "")]
impl Empty {
    #[on]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct Malformed;

#[event_handlers(consumer = "order billing")]
impl Malformed {
    #[on]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct TooLong;

#[event_handlers(consumer = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")]
impl TooLong {
    #[on]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct NoString;

#[event_handlers(consumer = billing)]
impl NoString {
    #[on]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct NoValue;

#[event_handlers(consumer)]
impl NoValue {
    #[on]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct Twice;

#[event_handlers(consumer = "a", consumer = "b")]
impl Twice {
    #[on]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

fn main() {}
