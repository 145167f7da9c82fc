//! The events of the suite.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "trial.placed", version = 1, key = order_id, superseded)]
pub struct PlacedV1 {
    pub order_id: String,
    pub step: u32,
}

/// The event of most tests: `step` counts within an order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "trial.placed", version = 2, key = order_id, from = PlacedV1)]
pub struct Placed {
    pub order_id: String,
    pub step: u32,
    #[serde(default)]
    #[event(added)]
    pub note: Option<String>,
}

impl Placed {
    pub fn new(order_id: &str, step: u32) -> Self {
        Self { order_id: order_id.to_owned(), step, note: None }
    }
}

/// What the handler of [`Placed`] enqueues.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "trial.invoiced", version = 1, key = order_id)]
pub struct Invoiced {
    pub order_id: String,
    pub step: u32,
}

/// An event that no handler takes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "trial.viewed", version = 1, keyless)]
pub struct Viewed {
    pub page: String,
}
