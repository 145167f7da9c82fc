//! Every variant has the key.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.changed", version = 1, key = order_id)]
enum SomeLack {
    Placed { order_id: String },
    Cancelled { oder_id: String },
    Archived,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.changed", version = 1, key = oder_id)]
enum AllLack {
    Placed { order_id: String },
    Cancelled { order_id: String, reason: String },
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.changed", version = 1, key = order_id)]
enum NoFields {
    Placed,
    Cancelled,
}

fn main() {}
