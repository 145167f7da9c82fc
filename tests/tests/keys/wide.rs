use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "basket.filled", version = 1, key = customer_id)]
pub struct BasketFilled {
    pub order_id: String,
    pub customer_id: String,
}
