use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fields::Money;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, since = 2, key = order_id, superseded)]
pub struct OrderPlacedV2 {
    pub order_id: String,
    pub total: Money,
    pub coupon: Option<String>,
    pub tags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 3, since = 2, key = order_id, from = OrderPlacedV2, with = Self::with_discounts)]
pub struct OrderPlaced {
    pub order_id: String,
    pub total: Money,
    pub discounts: Vec<Discount>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Discount {
    pub code: String,
}

impl OrderPlaced {
    fn with_discounts(old: OrderPlacedV2) -> Self {
        let discounts = old.coupon.into_iter().map(|code| Discount { code }).collect();
        Self { order_id: old.order_id, total: old.total, discounts }
    }
}
