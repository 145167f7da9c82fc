use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from_schema = 1, with = Self::from_v1)]
pub struct OrderPlaced {
    pub order_id: String,
    pub cents: i64,
}

impl OrderPlaced {
    fn from_v1(old: Value) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct V1 {
            order_id: String,
            total_cents: i64,
        }
        let V1 { order_id, total_cents } = serde_json::from_value(old)?;
        Ok(Self { order_id, cents: total_cents })
    }
}
