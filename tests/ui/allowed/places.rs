//! Where `allow(deprecated)` silences the derive: on the field, the variant, the item, and around it.
#![deny(warnings)]

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless)]
pub struct OnField {
    #[allow(deprecated)]
    pub coupon: Option<Option<String>>,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.changed", version = 1, keyless)]
pub enum OnVariant {
    #[allow(deprecated)]
    #[serde(untagged)]
    Any(Option<Option<u8>>),
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.paid", version = 1, keyless)]
#[allow(deprecated)]
#[serde(tag = "kind")]
pub struct OnItem {
    pub coupon: Option<Option<String>>,
}

#[allow(deprecated)]
pub mod around {
    use super::*;

    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "order.moved", version = 1, keyless)]
    pub struct InModule {
        pub coupon: Option<Option<String>>,
    }
}

fn main() {}
