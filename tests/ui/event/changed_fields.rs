//! A field that the older version lacks, or has with another type, says how it came.

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
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1)]
struct OrderPlaced {
    order_id: String,
    coupon: Option<String>,
    total_cents: u64,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1)]
struct NoDefault {
    order_id: String,
    #[event(added)]
    total: Total,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Total(i64);

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1)]
struct WrongExpression {
    order_id: String,
    #[event(added = old.total)]
    total: i64,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1, with = Self::step)]
struct WrongFunction {
    order_id: String,
}

impl WrongFunction {
    fn step(order_id: String) -> Self {
        Self { order_id }
    }
}

fn main() {}
