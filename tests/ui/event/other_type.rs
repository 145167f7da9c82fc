//! `from` of another wire type is a mistake, or a renaming.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id, superseded)]
struct OrderPlacedV1 {
    order_id: String,
    total_cents: i64,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.submitted", version = 2, key = order_id, from = OrderPlacedV1)]
struct OrderSubmitted {
    order_id: String,
    total_cents: i64,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.submitted", version = 2, key = order_id, from = self::OrderPlacedV1, was = "order.created")]
struct WrongWas {
    order_id: String,
    total_cents: i64,
}

fn main() {}
