//! An event without `JsonSchema`.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id)]
struct OrderPlaced {
    order_id: String,
}

/// Who builds on it hears nothing more.
#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlaced)]
struct OrderPlacedV2 {
    order_id: String,
}

struct Billing;

#[event_core::event_handlers(consumer = "billing")]
impl Billing {
    #[on]
    async fn charge(&self, _: OrderPlaced) -> event_core::HandlerResult {
        Ok(())
    }
}

fn publish<E: event_core::Publish>(_: &E) {}

fn main() {
    publish(&OrderPlaced { order_id: "o-1".to_owned() });
}
