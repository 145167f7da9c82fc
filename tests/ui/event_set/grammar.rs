//! What the macros are to be given.

#![allow(dead_code, unused_imports, unused_variables)]

use event_core::{DomainEvent, HandlerResult, event_handlers, event_set, handles_each};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = 0)]
struct OrderPlaced(u8);

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.paid", version = 1, key = 0)]
struct OrderPaid(u8);

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.shipped", version = 1, key = 0)]
struct OrderShipped(u8);

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.archived", version = 1, key = 0)]
struct OrderArchived(u8);

event_set!(ORDER_EVENTS);

event_set!(pub(crate) SOME_EVENTS: OrderPlaced);

struct Billing;

#[event_handlers(consumer = "billing")]
impl Billing {
    #[on]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

handles_each!(SOME_EVENTS);

handles_each!(SOME_EVENTS; by Billing, ignores OrderPaid);

fn main() {}
