//! The ways to read an order that are measured beside each other.

use event_core::ReadError;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value, json};

use crate::order::{OrderPlaced, OrderPlacedV1};

/// What can go wrong in any of them.
pub type Reading = Result<OrderPlaced, Box<dyn std::error::Error>>;

/// A way to read an order.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// How it is called where it is run.
    pub name: &'static str,
    /// How it is called in a table.
    pub told: &'static str,
    /// Whether it reads what version 1 wrote, not what version 5 wrote.
    pub old: bool,
    /// Reads it.
    pub read: fn(&RawValue) -> Reading,
}

/// All of them; the first is what the others are compared with.
pub const WAYS: [Way; 5] = [
    Way { name: "serde", told: "version 5, `serde_json::from_str`", old: false, read: newest },
    Way { name: "direct", told: "version 5, `event_core::read`", old: false, read: direct },
    Way { name: "chain", told: "version 1 to 5, `event_core::read`", old: true, read: chain },
    Way { name: "by_hand", told: "version 1, `serde_json::from_str`, one step by hand", old: true, read: by_hand },
    Way { name: "value", told: "version 1 to 5 through `serde_json::Value`", old: true, read: by_value },
];

/// The data of the same order, as version 1 wrote it or as version 5 does.
///
/// # Errors
/// When serde refuses it.
pub fn data(lines: u16, old: bool) -> serde_json::Result<Box<RawValue>> {
    let order = OrderPlacedV1::of_lines(lines);
    if old { to_raw_value(&order) } else { to_raw_value(&OrderPlaced::from(order)) }
}

fn newest(data: &RawValue) -> Reading {
    Ok(serde_json::from_str(data.get())?)
}

fn direct(data: &RawValue) -> Reading {
    Ok(read(5, data)?)
}

fn chain(data: &RawValue) -> Reading {
    Ok(read(1, data)?)
}

fn read(event_version: u32, data: &RawValue) -> Result<OrderPlaced, ReadError> {
    event_core::read("order.placed", event_version, data)
}

fn by_hand(data: &RawValue) -> Reading {
    Ok(serde_json::from_str::<OrderPlacedV1>(data.get())?.into())
}

/// What event stores do whose upcasters are functions on JSON.
fn by_value(data: &RawValue) -> Reading {
    let mut order: Map<String, Value> = serde_json::from_str(data.get())?;
    for step in [with_wrapping, with_coupon, with_total, with_customer] {
        step(&mut order);
    }
    Ok(serde_json::from_value(Value::Object(order))?)
}

fn with_wrapping(order: &mut Map<String, Value>) {
    let gift = order.remove("gift").is_some_and(|gift| gift == true);
    order.insert("wrapping".to_owned(), Value::from(if gift { "paper" } else { "none" }));
    order.remove("session");
}

fn with_coupon(order: &mut Map<String, Value>) {
    order.insert("coupon".to_owned(), Value::Null);
}

fn with_total(order: &mut Map<String, Value>) {
    let [cents, currency] = ["total_cents", "currency"].map(|name| order.remove(name).unwrap_or_default());
    order.insert("total".to_owned(), json!({ "cents": cents, "currency": currency }));
}

fn with_customer(order: &mut Map<String, Value>) {
    if let Some(Value::Object(mut customer)) = order.remove("customer") {
        for (from, to) in [("name", "customer_name"), ("email", "email")] {
            order.insert(to.to_owned(), customer.remove(from).unwrap_or_default());
        }
    }
}
