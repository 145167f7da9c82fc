//! A handler is `async fn name(&self, event: Event, cx: &mut Context) -> HandlerResult`.

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

struct NotAsync;

#[event_handlers(consumer = "billing")]
impl NotAsync {
    #[on]
    fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct NoSelf;

#[event_handlers(consumer = "billing")]
impl NoSelf {
    #[on]
    async fn charge(event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct OwnedSelf;

#[event_handlers(consumer = "billing")]
impl OwnedSelf {
    #[on]
    async fn charge(self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct MutSelf;

#[event_handlers(consumer = "billing")]
impl MutSelf {
    #[on]
    async fn charge(&mut self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct NoEvent;

#[event_handlers(consumer = "billing")]
impl NoEvent {
    #[on]
    async fn charge(&self) -> HandlerResult {
        Ok(())
    }
}

struct BorrowedEvent;

#[event_handlers(consumer = "billing")]
impl BorrowedEvent {
    #[on]
    async fn charge(&self, event: &OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct SharedContext;

#[event_handlers(consumer = "billing")]
impl SharedContext {
    #[on]
    async fn charge(&self, event: OrderPlaced, cx: &Context<'_, Sqlite>) -> HandlerResult {
        Ok(())
    }
}

struct OwnedContext;

#[event_handlers(consumer = "billing")]
impl OwnedContext {
    #[on]
    async fn charge(&self, event: OrderPlaced, cx: Context<'_, Sqlite>) -> HandlerResult {
        Ok(())
    }
}

struct TooMany;

#[event_handlers(consumer = "billing")]
impl TooMany {
    #[on]
    async fn charge(&self, event: OrderPlaced, cx: &mut Context<'_, Sqlite>, again: bool) -> HandlerResult {
        Ok(())
    }
}

struct Generic;

#[event_handlers(consumer = "billing")]
impl Generic {
    #[on]
    async fn charge<E>(&self, event: E) -> HandlerResult {
        Ok(())
    }
}

struct GenericLifetime;

#[event_handlers(consumer = "billing")]
impl GenericLifetime {
    #[on]
    async fn charge<'a>(&'a self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct ImplTrait;

#[event_handlers(consumer = "billing")]
impl ImplTrait {
    #[on]
    async fn charge(&self, event: impl Into<OrderPlaced>) -> HandlerResult {
        Ok(())
    }
}

struct Cfg;

#[event_handlers(consumer = "billing")]
impl Cfg {
    #[on]
    #[cfg(test)]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct NoResult;

#[event_handlers(consumer = "billing")]
impl NoResult {
    #[on]
    async fn charge(&self, event: OrderPlaced) {}
}

struct NoMethod;

#[event_handlers(consumer = "billing")]
impl NoMethod {
    #[on]
    const LIMIT: u32 = 3;
}

fn main() {}
