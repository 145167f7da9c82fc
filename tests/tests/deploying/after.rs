use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id, superseded)]
pub struct OrderPlacedV1 {
    pub order_id: String,
    pub total_cents: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1)]
pub struct OrderPlaced {
    pub order_id: String,
    #[event(added = Money { cents: old.total_cents, currency: "EUR".to_owned() })]
    pub total: Money,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    pub cents: i64,
    pub currency: String,
}
