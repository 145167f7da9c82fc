//! What is ignored is in the set.

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

event_set!(pub(crate) ORDER_EVENTS: OrderPlaced, OrderPaid);

struct Billing;

#[event_handlers(consumer = "billing")]
impl Billing {
    #[on]
    async fn charge(&self, event: OrderPlaced) -> HandlerResult {
        Ok(())
    }
}

handles_each!(ORDER_EVENTS; by Billing; ignores OrderPaid, OrderShipped);

handles_each!(ORDER_EVENTS; by Billing; ignores OrderPaid, OrderShipped, OrderArchived);

handles_each!(ORDER_EVENTS; by Billing; ignores OrderShipped);

fn main() {}
