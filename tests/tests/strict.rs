//! Under the strictest lints, events and handlers compile without a word: neither rustc nor clippy sees our output.
#![deny(missing_docs, unused, warnings, clippy::pedantic)]
#![forbid(unsafe_code)]

use event_core::{DomainEvent, HandlerResult, Handlers, TryUpcast, Upcast, event_handlers};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The first version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id, superseded)]
pub struct OrderPlacedV1 {
    /// The order.
    pub order_id: String,
    /// A raw identifier.
    pub r#type: String,
    /// The name of a local of the derive.
    pub old: u8,
    /// Another.
    pub result: u8,
}

/// A step field by field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = (order_id, type), from = OrderPlacedV1, superseded)]
pub struct OrderPlacedV2 {
    /// The order.
    pub order_id: String,
    /// A raw identifier.
    pub r#type: String,
    /// The name of a local of the derive.
    pub old: u8,
    /// Another.
    pub result: u8,
    /// Computed.
    #[event(added = u32::from(old.old) + u32::from(old.result))]
    pub sum: u32,
    /// An expression that doesn't look at the older version.
    #[event(added = 7)]
    pub seven: u32,
    /// By default.
    #[serde(default)]
    #[event(added)]
    pub coupon: Option<String>,
}

/// An enum, by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.changed", version = 3, key = order_id, from = OrderPlacedV2, was = "order.placed")]
pub enum OrderChange {
    /// Placed.
    Placed {
        /// The order.
        order_id: String,
    },
    /// Cancelled.
    Cancelled {
        /// The order.
        order_id: String,
        /// The reason.
        reason: u8,
    },
}

impl Upcast<OrderPlacedV2> for OrderChange {
    fn upcast(old: OrderPlacedV2) -> Self {
        Self::Placed { order_id: old.order_id }
    }
}

/// A unit.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "light.on", version = 1, keyless)]
pub struct LightOnV1;

/// A tuple, by hand.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "light.on", version = 2, key = Self::room, from = LightOnV1, with)]
pub struct LightOn(u8, u8);

impl LightOn {
    fn room(&self) -> impl std::fmt::Display {
        self.0
    }
}

impl TryUpcast<LightOnV1> for LightOn {
    type Error = std::fmt::Error;

    fn try_upcast(_: LightOnV1) -> Result<Self, Self::Error> {
        Err(std::fmt::Error)
    }
}

/// A context of a store.
pub struct Context<'a, Db> {
    /// What was seen.
    pub seen: &'a mut Vec<Db>,
}

/// A consumer.
pub struct Orders<S>(S);

#[event_handlers(consumer = "orders", unknown = "dead_letter")]
impl<S: AsRef<str> + Send + Sync> Orders<S> {
    /// Handles a change.
    #[on(attempts = 3, timeout = "250ms")]
    async fn change(&self, event: OrderChange, cx: &mut Context<'_, String>) -> HandlerResult {
        std::future::ready(()).await;
        cx.seen.push(format!("{}: {event:?}", self.0.as_ref()));
        Ok(())
    }

    /// Handles a light, and awaits nothing.
    #[on(unordered)]
    async fn light(&self, LightOn(room, _): LightOn) -> HandlerResult {
        drop(room.to_string());
        Ok(())
    }
}

#[test]
fn strict_users_have_events_and_handlers() {
    type Context = self::Context<'static, String>;
    let routes = <Orders<&str> as Handlers<Context>>::routes();
    assert_eq!(routes.iter().map(|route| route.handler).collect::<Vec<_>>(), ["change", "light"]);
    assert_eq!(<Orders<&str> as Handlers<Context>>::CONSUMER, "orders");
}
