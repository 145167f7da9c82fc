//! The event that is measured: an order whose JSON has about 900 bytes.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The length of `note` that makes 900 bytes of JSON.
const NOTE: usize = 829;

/// An order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id)]
pub struct OrderPlaced {
    pub order_id: String,
    pub number: u32,
    pub total_cents: i64,
    pub note: String,
}

impl OrderPlaced {
    /// The order of `number`, whose key is one of ten thousand.
    pub fn new(number: u32) -> Self {
        Self::of(format!("order-{:04}", number % 10_000), number)
    }

    /// A hundred orders.
    pub fn hundred(number: u32) -> Vec<Self> {
        (0..100).map(|place| Self::new(number * 100 + place)).collect()
    }

    /// An order with a key.
    pub fn of(order_id: String, number: u32) -> Self {
        Self { order_id, number, total_cents: 123_456, note: "n".repeat(NOTE) }
    }
}
