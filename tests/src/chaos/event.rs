//! The one event of the harness.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The counter of a key went up to `n`: the events of a key are committed in the order of their numbers.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "chaos.counted", version = 1, key = key)]
pub struct Counted {
    pub key: String,
    pub n: i64,
}
