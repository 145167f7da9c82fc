//! What the derive warns of at types; denied here, so that the words and their places are pinned.
#![deny(deprecated)]

use std::collections::{BTreeMap, HashMap};

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless)]
struct Placed {
    coupon: Option<Option<String>>,
    prices: Vec<HashMap<(u8, u8), u8>>,
    #[serde(flatten)]
    extra: BTreeMap<String, i128>,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.changed", version = 1, keyless)]
#[serde(tag = "kind")]
enum Changed {
    Counted { by_year: BTreeMap<u16, u8> },
    Noted { #[schemars(with = "serde_json::Value")] note: Box<RawValue> },
    Weighed(u64),
}

fn main() {}
