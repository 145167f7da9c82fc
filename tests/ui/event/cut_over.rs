//! What consumers of other versions are told: `readable_since` and `also`.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id, superseded)]
struct OrderPlacedV1 {
    order_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1, also = OrderPlacedV1)]
struct NoConversion {
    order_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.paid", version = 2, since = 2, key = order_id, also = OrderPlacedV1)]
struct OtherType {
    order_id: String,
}

impl From<&OtherType> for OrderPlacedV1 {
    fn from(event: &OtherType) -> Self {
        Self { order_id: event.order_id.clone() }
    }
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, since = 2, key = order_id, also = Itself)]
struct Itself {
    order_id: String,
}

impl From<&Itself> for Itself {
    fn from(event: &Itself) -> Self {
        Self { order_id: event.order_id.clone() }
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct NoEvent {
    order_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, since = 2, key = order_id, also = NoEvent)]
struct AlsoNoEvent {
    order_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, from = OrderPlacedV1, key = order_id, also = OrderPlacedV1, superseded)]
struct Superseded {
    order_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, since = 2, key = order_id, also = "OrderPlacedV1")]
struct Quoted {
    order_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1, readable_since = 3)]
struct ReadableAbove {
    order_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 3, key = order_id, since = 3, readable_since = 2)]
struct ReadableBelow {
    order_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1, readable_since)]
struct NoValue {
    order_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1, readable_sinse = 1, als = OrderPlacedV1)]
struct Misspelt {
    order_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id, foreign)]
struct Foreign {
    order_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, since = 2, key = order_id, also = Foreign)]
struct AlsoForeign {
    order_id: String,
}

impl From<&AlsoForeign> for Foreign {
    fn from(event: &AlsoForeign) -> Self {
        Self { order_id: event.order_id.clone() }
    }
}

impl From<&AlsoNoEvent> for NoEvent {
    fn from(event: &AlsoNoEvent) -> Self {
        Self { order_id: event.order_id.clone() }
    }
}

fn main() {}
