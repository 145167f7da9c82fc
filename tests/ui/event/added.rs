//! `added` belongs to a step that is mapped field by field.

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
#[event(type = "order.placed", version = 1, key = order_id)]
struct WithoutFrom {
    order_id: String,
    #[event(added)]
    coupon: Option<String>,
    #[event(added = 5)]
    total: i64,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1, with = Self::step)]
struct BesideWith {
    order_id: String,
    #[event(added)]
    coupon: Option<String>,
}

impl BesideWith {
    fn step(old: OrderPlacedV1) -> Self {
        Self { order_id: old.order_id, coupon: None }
    }
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1)]
struct NoExpression {
    order_id: String,
    #[event(added =)]
    coupon: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1, with = 5)]
struct NoFunction {
    order_id: String,
}

fn main() {}
