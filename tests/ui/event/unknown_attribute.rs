//! An unknown attribute is a mistake.

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
#[event(type = "order.placed", verison = 1, keyless)]
struct Misspelt;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, topic = topic::<u8, String>(), keyless)]
struct Unknown;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless, deprecated)]
struct Later;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless, added)]
struct OfField;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless, "orders")]
struct NoName;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed" version = 1, keyless)]
struct NoComma;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed".into(), version = 1, keyless)]
struct NoLiteral;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1)]
struct OnFields {
    #[event(key)]
    order_id: String,
    #[event(add = 0)]
    total_cents: i64,
    #[event]
    total: i64,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.changed", version = 1, keyless)]
enum OnVariant {
    #[event(type = "order.placed")]
    Placed,
}

fn main() {}
