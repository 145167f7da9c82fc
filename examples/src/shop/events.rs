//! The events of the shop. Their schemas are committed under `schemas/` and guarded by schema-check.

use std::fmt;

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The id of an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct OrderId(String);

impl From<&str> for OrderId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An amount of money.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    /// In hundredths of the currency.
    pub amount_cents: i64,
    /// The currency, as in ISO 4217.
    pub currency: String,
}

impl Money {
    /// An amount in euros: what every price was before there were other currencies.
    #[must_use]
    pub fn euros(amount_cents: i64) -> Self {
        Self { amount_cents, currency: "EUR".to_owned() }
    }
}

/// An order was placed, as it was told until there were other currencies.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id, superseded)]
pub struct OrderPlacedV1 {
    /// Which order.
    pub order_id: OrderId,
    /// The total, in euro cents.
    pub total_cents: i64,
}

/// An order was placed.
///
/// Make one with `..OrderPlaced::default()`: an additive field then breaks no code that makes events.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1)]
pub struct OrderPlaced {
    /// Which order.
    pub order_id: OrderId,
    /// The total.
    #[event(added = Money::euros(old.total_cents))]
    pub total: Money,
    /// The coupon that was used.
    #[serde(default)]
    #[event(added)]
    pub coupon: Option<String>,
}

/// An invoice was issued for an order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "invoice.issued", version = 1, key = order_id)]
pub struct InvoiceIssued {
    /// For which order.
    pub order_id: OrderId,
    /// What is to be paid.
    pub amount: Money,
}

impl InvoiceIssued {
    /// The invoice of an order.
    #[must_use]
    pub fn for_order(order: &OrderPlaced) -> Self {
        Self { order_id: order.order_id.clone(), amount: order.total.clone() }
    }
}
