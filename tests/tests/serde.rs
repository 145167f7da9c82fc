//! What serde can do, decided: docs/serde.md has the table, and each row has its test here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what it expected")]
#![allow(dead_code, reason = "some events are there to be described")]

#[path = "serde/attributes.rs"]
mod attributes;
#[path = "serde/floats.rs"]
mod floats;
#[path = "serde/proven.rs"]
mod proven;
#[path = "serde/table.rs"]
mod table;
#[path = "serde/values.rs"]
mod values;
#[path = "serde/warnings.rs"]
mod warnings;
