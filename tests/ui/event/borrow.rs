//! An event outlives the message that it was read from.

use std::borrow::Cow;

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless)]
struct Placed {
    #[serde(borrow)]
    note: Cow<'static, str>,
}

fn main() {}
