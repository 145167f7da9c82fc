//! What events cost beside plain serde.

#![allow(clippy::disallowed_methods, reason = "a program: it reads its environment")]

pub mod callgrind;
pub mod cost;
pub mod crates;
pub mod generate;
pub mod order;
pub mod reading;
pub mod receiving;
