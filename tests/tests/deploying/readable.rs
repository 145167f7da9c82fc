use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::after::OrderPlacedV1;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1, readable_since = 1)]
pub struct OrderPlaced {
    pub order_id: String,
    pub total_cents: i64,
    #[event(added = vec!["unsorted".to_owned()])]
    pub tags: Vec<String>,
}
