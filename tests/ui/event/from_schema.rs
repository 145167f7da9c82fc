//! A version whose struct is gone is read by a function of what its schema describes.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, keyless, from_schema = 1)]
struct NoUpcaster {
    order_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, keyless, from_schema = 1, with = Self::from_text)]
struct WrongArgument {
    order_id: String,
}

impl WrongArgument {
    fn from_text(order_id: String) -> Self {
        Self { order_id }
    }
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, keyless, from_schema = 1, with = Self::from_v1)]
struct WrongResult {
    order_id: String,
}

impl WrongResult {
    fn from_v1(old: Value) -> Option<Self> {
        Some(Self { order_id: old.get("order_id")?.to_string() })
    }
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, keyless, from_schema = 2)]
struct OwnVersion;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 3, keyless, from_schema = 1, since = 2)]
struct BelowSince;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, keyless, from_schema = 1, since = 2)]
struct SinceItself;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 3, keyless, from = OwnVersion, from_schema = 1)]
struct BesideFrom;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 3, keyless, from_schema(1 = Self::a, 2 = Self::b), with = Self::c)]
struct ListAndWith;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 3, keyless, from_schema(1 = Self::a, 1 = Self::b))]
struct Twice;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 3, keyless, from_schema(1, 2 = Self::b))]
struct NoFunction;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 3, keyless, from_schema())]
struct Empty;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 3, keyless, from_schema = "1")]
struct Quoted;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, keyless, from_schema = 1)]
struct Added {
    order_id: String,
    #[event(added)]
    coupon: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 3, keyless, from_schema = 1)]
struct Gap;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 4, keyless, from_schema(1 = Self::a, 3 = Self::b))]
struct Hole;

fn main() {}
