//! What the derive makes of an event: its key, its chain of versions, and the shapes that it reads.
#![allow(clippy::expect_used, dead_code, reason = "a test says what it expected")]

#[path = "derive/chain.rs"]
mod chain;
#[path = "derive/foreign.rs"]
mod foreign;
#[path = "derive/hygiene.rs"]
mod hygiene;
#[path = "derive/key.rs"]
mod key;
