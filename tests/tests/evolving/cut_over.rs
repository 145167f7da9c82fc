use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fields::{Money, OrderPlacedV1};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1, also = OrderPlacedV1)]
pub struct OrderPlaced {
    pub order_id: String,
    #[event(added = Money { cents: old.total_cents, currency: "EUR".to_owned() })]
    pub total: Money,
}

impl From<&OrderPlaced> for OrderPlacedV1 {
    fn from(event: &OrderPlaced) -> Self {
        Self { order_id: event.order_id.clone(), total_cents: event.total.cents, coupon: None }
    }
}
