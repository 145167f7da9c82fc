//! Unknown options and values are mistakes.

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

struct Misspelt;

#[event_handlers(consumer = "billing", unkown = "ignore")]
impl Misspelt {
    #[on]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct Unknown;

#[event_handlers(consumer = "billing", unknown = "drop")]
impl Unknown {
    #[on]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct Other;

#[event_handlers(consumer = "billing", group = "a")]
impl Other {
    #[on]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct OnMisspelt;

#[event_handlers(consumer = "billing")]
impl OnMisspelt {
    #[on(unorderd)]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct OnUnknown;

#[event_handlers(consumer = "billing")]
impl OnUnknown {
    #[on(priority = 3)]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct OnValue;

#[event_handlers(consumer = "billing")]
impl OnValue {
    #[on(unordered = true)]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct Attempts;

#[event_handlers(consumer = "billing")]
impl Attempts {
    #[on(attempts = 0)]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct AttemptsText;

#[event_handlers(consumer = "billing")]
impl AttemptsText {
    #[on(attempts = "3")]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct AttemptsMany;

#[event_handlers(consumer = "billing")]
impl AttemptsMany {
    #[on(attempts = 3000000000)]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct Timeout;

#[event_handlers(consumer = "billing")]
impl Timeout {
    #[on(timeout = "30")]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct TimeoutNumber;

#[event_handlers(consumer = "billing")]
impl TimeoutNumber {
    #[on(timeout = 30)]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct TimeoutZero;

#[event_handlers(consumer = "billing")]
impl TimeoutZero {
    #[on(timeout = "0s")]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct Retry;

#[event_handlers(consumer = "billing")]
impl Retry {
    #[on(retry = "1s, soon, 5s")]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct RetryEmpty;

#[event_handlers(consumer = "billing")]
impl RetryEmpty {
    #[on(retry = "1s,")]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct RetryNumber;

#[event_handlers(consumer = "billing")]
impl RetryNumber {
    #[on(retry = 5)]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct RetryBare;

#[event_handlers(consumer = "billing")]
impl RetryBare {
    #[on(retry)]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct OnNameValue;

#[event_handlers(consumer = "billing")]
impl OnNameValue {
    #[on = "order.placed"]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct OnTwice;

#[event_handlers(consumer = "billing")]
impl OnTwice {
    #[on]
    #[on(unordered)]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

struct OptionTwice;

#[event_handlers(consumer = "billing")]
impl OptionTwice {
    #[on(attempts = 3, attempts = 4)]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

fn main() {}
