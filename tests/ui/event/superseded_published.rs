//! A superseded version is read, never published.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id, superseded)]
pub struct OrderPlacedV1 {
    order_id: String,
    total_cents: i64,
}

fn publish<E: event_core::Publish>(_: &E) {}

fn main() {
    publish(&OrderPlacedV1 { order_id: "o-1".to_owned(), total_cents: 5 });
}
