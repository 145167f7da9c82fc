//! An event is handled on any thread.

use std::rc::Rc;

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless)]
struct Placed {
    note: Rc<str>,
}

fn main() {}
