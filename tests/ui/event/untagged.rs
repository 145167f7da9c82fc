//! Data without a tag can't be guarded.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[serde(untagged)]
#[event(type = "order.changed", version = 1, keyless)]
enum Change {
    Placed { order_id: String },
    Cancelled { reason: String },
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[serde(rename_all = "camelCase", untagged)]
#[event(type = "order.changed", version = 1, keyless)]
enum Second {
    Placed { order_id: String },
}

fn main() {}
