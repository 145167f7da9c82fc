//! The two contracts of an event: what serde writes, and what it reads. They differ: a field with a default is always
//! written and need not be there to be read.

use schemars::Schema;
use schemars::generate::SchemaSettings;

use crate::event::DomainEvent;

/// The JSON Schema (2020-12) of what serde writes for `E`: the published contract.
///
/// ```
/// # use event_core::DomainEvent;
/// # #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema, DomainEvent)]
/// # #[event(type = "order.placed", version = 1, key = order_id)]
/// # struct OrderPlaced { order_id: String, #[serde(default)] gift: bool }
/// let required = |schema: schemars::Schema| schema.get("required").cloned();
/// assert_eq!(required(event_core::writer_schema::<OrderPlaced>()), Some(serde_json::json!(["order_id", "gift"])));
/// assert_eq!(required(event_core::reader_schema::<OrderPlaced>()), Some(serde_json::json!(["order_id"])));
/// ```
#[must_use]
pub fn writer_schema<E: DomainEvent>() -> Schema {
    E::__schema(SchemaSettings::draft2020_12().for_serialize())
}

/// The JSON Schema (2020-12) of what serde reads as `E`.
#[must_use]
pub fn reader_schema<E: DomainEvent>() -> Schema {
    E::__schema(SchemaSettings::draft2020_12().for_deserialize())
}
