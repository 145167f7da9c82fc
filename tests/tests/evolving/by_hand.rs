use std::error::Error;
use std::fmt;

use event_core::{DomainEvent, TryUpcast};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fields::Money;
use super::function::OrderPlaced as OrderPlacedV3;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.submitted", version = 4, since = 2, key = order_id, from = OrderPlacedV3, was = "order.placed")]
#[serde(tag = "kind")]
pub enum OrderSubmitted {
    Free { order_id: String },
    Paid { order_id: String, total: Money },
}

impl TryUpcast<OrderPlacedV3> for OrderSubmitted {
    type Error = NegativeTotal;

    fn try_upcast(old: OrderPlacedV3) -> Result<Self, NegativeTotal> {
        match old.total.cents {
            0 => Ok(Self::Free { order_id: old.order_id }),
            1.. => Ok(Self::Paid { order_id: old.order_id, total: old.total }),
            cents => Err(NegativeTotal { cents }),
        }
    }
}

#[derive(Debug)]
pub struct NegativeTotal {
    cents: i64,
}

impl fmt::Display for NegativeTotal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an order of {} cents was never placed", self.cents)
    }
}

impl Error for NegativeTotal {}
