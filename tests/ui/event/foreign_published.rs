//! A foreign event is read, never published.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, foreign)]
pub struct OnlyRead {
    order_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.paid", version = 1, key = order_id, foreign)]
pub struct Serialised {
    order_id: String,
}

fn publish<E: event_core::Publish>(_: &E) {}

fn main() {
    publish(&OnlyRead { order_id: "o-1".to_owned() });
    publish(&Serialised { order_id: "o-1".to_owned() });
}
