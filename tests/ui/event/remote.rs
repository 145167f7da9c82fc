//! serde implements nothing for the definition of a remote type.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

struct Elsewhere {
    order_id: u8,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[serde(remote = "Elsewhere")]
#[event(type = "order.placed", version = 1, keyless)]
struct Placed {
    order_id: u8,
}

fn main() {}
