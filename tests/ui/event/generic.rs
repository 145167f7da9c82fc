//! An event has one schema and owns its data.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless)]
struct Type<T> {
    value: T,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless)]
struct Lifetime<'a> {
    value: &'a str,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless)]
struct Const<const N: usize> {
    value: u8,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = id)]
enum Several<T, U> {
    Left { id: u8, value: T },
    Right { id: u8, value: U },
}

fn main() {}
