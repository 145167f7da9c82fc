//! An event without `JsonSchema`.

use event_core::DomainEvent;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id)]
struct OrderPlaced {
    order_id: String,
}

fn main() {}
