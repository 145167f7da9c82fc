//! One event in five versions, each step of another kind. Versions 1 and 5 hold as many fields, objects and texts, so
//! that what they differ in is the steps.

use event_core::{DomainEvent, Upcast};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Version 1.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id, superseded)]
pub struct OrderPlacedV1 {
    pub order_id: String,
    pub customer: Customer,
    pub total_cents: i64,
    pub currency: String,
    pub gift: bool,
    pub express: bool,
    pub placed_at: String,
    pub note: Option<String>,
    pub lines: Vec<Line>,
    pub address: Address,
    pub channel: String,
    pub session: Option<String>,
}

/// Version 2: an expression replaces `gift`.
#[derive(Debug, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1, superseded)]
pub struct OrderPlacedV2 {
    pub order_id: String,
    pub customer: Customer,
    pub total_cents: i64,
    pub currency: String,
    #[event(added = if old.gift { Wrapping::Paper } else { Wrapping::None })]
    pub wrapping: Wrapping,
    pub express: bool,
    pub placed_at: String,
    pub note: Option<String>,
    pub lines: Vec<Line>,
    pub address: Address,
    pub channel: String,
}

/// Version 3: a field with a default.
#[derive(Debug, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 3, key = order_id, from = OrderPlacedV2, superseded)]
pub struct OrderPlacedV3 {
    pub order_id: String,
    pub customer: Customer,
    pub total_cents: i64,
    pub currency: String,
    pub wrapping: Wrapping,
    pub express: bool,
    pub placed_at: String,
    pub note: Option<String>,
    pub lines: Vec<Line>,
    pub address: Address,
    pub channel: String,
    #[serde(default)]
    #[event(added)]
    pub coupon: Option<String>,
}

/// Version 4: a function makes one field of two.
#[derive(Debug, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 4, key = order_id, from = OrderPlacedV3, with = Self::with_money, superseded)]
pub struct OrderPlacedV4 {
    pub order_id: String,
    pub customer: Customer,
    pub total: Money,
    pub wrapping: Wrapping,
    pub express: bool,
    pub placed_at: String,
    pub note: Option<String>,
    pub lines: Vec<Line>,
    pub address: Address,
    pub channel: String,
    pub coupon: Option<String>,
}

impl OrderPlacedV4 {
    fn with_money(old: OrderPlacedV3) -> Self {
        Self {
            order_id: old.order_id,
            customer: old.customer,
            total: Money { cents: old.total_cents, currency: old.currency },
            wrapping: old.wrapping,
            express: old.express,
            placed_at: old.placed_at,
            note: old.note,
            lines: old.lines,
            address: old.address,
            channel: old.channel,
            coupon: old.coupon,
        }
    }
}

/// Version 5: an upcaster takes an object apart.
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 5, key = order_id, from = OrderPlacedV4, with)]
pub struct OrderPlaced {
    pub order_id: String,
    pub customer_name: String,
    pub email: String,
    pub total: Money,
    pub wrapping: Wrapping,
    pub express: bool,
    pub placed_at: String,
    pub note: Option<String>,
    pub lines: Vec<Line>,
    pub address: Address,
    pub channel: String,
    pub coupon: Option<String>,
}

impl Upcast<OrderPlacedV4> for OrderPlaced {
    fn upcast(old: OrderPlacedV4) -> Self {
        Self {
            order_id: old.order_id,
            customer_name: old.customer.name,
            email: old.customer.email,
            total: old.total,
            wrapping: old.wrapping,
            express: old.express,
            placed_at: old.placed_at,
            note: old.note,
            lines: old.lines,
            address: old.address,
            channel: old.channel,
            coupon: old.coupon,
        }
    }
}

/// All steps at once, as one would write them without versions between.
impl From<OrderPlacedV1> for OrderPlaced {
    fn from(old: OrderPlacedV1) -> Self {
        Self {
            order_id: old.order_id,
            customer_name: old.customer.name,
            email: old.customer.email,
            total: Money { cents: old.total_cents, currency: old.currency },
            wrapping: if old.gift { Wrapping::Paper } else { Wrapping::None },
            express: old.express,
            placed_at: old.placed_at,
            note: old.note,
            lines: old.lines,
            address: old.address,
            channel: old.channel,
            coupon: None,
        }
    }
}

/// Who ordered.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Customer {
    pub name: String,
    pub email: String,
}

/// An amount.
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    pub cents: i64,
    pub currency: String,
}

/// What is around the parcel.
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Wrapping {
    None,
    Paper,
}

/// What was ordered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    pub sku: String,
    pub count: u16,
    pub price_cents: i64,
}

/// Where to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Address {
    pub street: String,
    pub city: String,
    pub zip: String,
}

impl OrderPlacedV1 {
    /// An order of so many lines.
    #[must_use]
    pub fn of_lines(lines: u16) -> Self {
        let line = |at: u16| Line { sku: format!("sku-{at:04}"), count: at % 7 + 1, price_cents: i64::from(at) * 95 };
        Self {
            order_id: "01940000-0000-7000-8000-000000000000".to_owned(),
            customer: Customer { name: "Gertrud Müller".to_owned(), email: "gertrud@example.com".to_owned() },
            total_cents: 123_456,
            currency: "EUR".to_owned(),
            gift: true,
            express: false,
            placed_at: "2025-01-01T08:30:00.125Z".to_owned(),
            note: Some("ring twice, please".to_owned()),
            lines: (0..lines).map(line).collect(),
            address: Address {
                street: "Lange Straße 7".to_owned(),
                city: "Leipzig".to_owned(),
                zip: "04109".to_owned(),
            },
            channel: "shop".to_owned(),
            session: None,
        }
    }
}
