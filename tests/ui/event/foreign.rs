//! A foreign event: what only its owner says about it.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, foreign, superseded)]
struct Superseded {
    order_id: String,
}

#[derive(Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, foreign, was = "order.created")]
struct Renamed {
    order_id: String,
}

#[derive(Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 3, foreign, since = 3)]
struct Since {
    order_id: String,
}

#[derive(Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, foreign, readable_since = 1, also = Placed, deprecated)]
struct CutOver {
    order_id: String,
}

#[derive(Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, foreign, key = order_id, keyless)]
struct BothKeys {
    order_id: String,
}

#[derive(Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, foreign = true)]
struct Value {
    order_id: String,
}

#[derive(Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, foreing)]
struct Misspelt {
    order_id: String,
}

#[derive(Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 3, foreign, from = Older)]
struct Gap {
    order_id: String,
}

#[derive(Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, foreign)]
struct Older {
    order_id: String,
}

fn main() {}
