//! A key is written by `Display`.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema)]
struct OrderId(u64);

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id)]
struct Field {
    order_id: OrderId,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = (tenant, order_id))]
struct Joined {
    tenant: String,
    order_id: OrderId,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = Self::key)]
struct Function {
    order_id: Option<String>,
}

impl Function {
    fn key(&self) -> Option<&str> {
        self.order_id.as_deref()
    }
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id)]
enum Variants {
    Placed { order_id: OrderId },
}

fn main() {}
