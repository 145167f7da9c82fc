//! What the derive warns of at serde's attributes; denied here, so that the words and their places are pinned.
#![deny(deprecated)]

use std::collections::BTreeMap;

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless)]
#[serde(deny_unknown_fields)]
struct Placed {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<u8>,
    #[serde(skip_serializing)]
    secret: u8,
    #[serde(skip_deserializing)]
    derived: u8,
    #[serde(flatten)]
    extra: BTreeMap<String, u8>,
    #[serde(rename(serialize = "total", deserialize = "sum"))]
    r#total: u8,
    #[serde(serialize_with = "text")]
    count: u8,
    #[serde(deserialize_with = "number")]
    price: u8,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.paid", version = 1, keyless)]
#[serde(tag = "kind", rename_all(serialize = "camelCase"))]
struct Paid {
    order_id: u8,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.moved", version = 1, keyless)]
struct Moved(u8, #[serde(default, skip_serializing_if = "is_zero")] u8);

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.changed", version = 1, keyless)]
enum Changed {
    #[serde(skip_deserializing)]
    Lost { order_id: u8 },
    #[serde(untagged)]
    Any(String),
}

#[derive(Deserialize, JsonSchema, DomainEvent)]
#[event(type = "field.named", version = 1, foreign)]
#[serde(field_identifier)]
enum Named {
    Id,
    Other(String),
}

fn is_zero(number: &u8) -> bool {
    *number == 0
}

fn text<S: Serializer>(number: &u8, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    u8::deserialize(deserializer)
}

fn main() {}
