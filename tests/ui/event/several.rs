//! All mistakes of an item are reported at once.

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
#[event(type = "order", version = 0, key = oder_id, superceded)]
struct Four {
    order_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, keyless, key = order_id)]
struct AlsoFour<T> {
    order_id: Option<T>,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[serde(untagged)]
#[event(verion = 1)]
enum Five {
    #[event(added)]
    Placed { order_id: String },
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = (order_id, paid), from = OrderPlacedV1, since = 4, with = Self::step)]
struct Three {
    order_id: String,
    #[event(added)]
    paid: bool,
}

fn main() {}
