//! A consumer has handlers, and a set has events.

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

event_set!(pub(crate) ORDER_EVENTS: OrderPlaced);

struct Billing;

handles_each!(ORDER_EVENTS; by Billing);

struct NoEvent;

event_set!(pub(crate) OTHER_EVENTS: NoEvent);

fn main() {}
