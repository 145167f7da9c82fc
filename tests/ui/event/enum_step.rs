//! An enum is upcast by hand.

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
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1, with)]
enum Bare {
    Placed { order_id: String },
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1, with = Self::step)]
enum Function {
    Placed { order_id: String },
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1)]
enum Added {
    Placed {
        order_id: String,
        #[event(added)]
        coupon: Option<String>,
    },
}

fn main() {}
