use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id, superseded)]
#[event(deprecated(sunset = "2027-06-30T00:00:00Z", migration = "https://example.com/events/order-placed-2"))]
pub struct OrderPlacedV1 {
    pub order_id: String,
    pub total_cents: i64,
}
