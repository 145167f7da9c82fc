//! A law of chains: reading an old version as the newest is the same as taking its steps one by one, whatever the steps
//! are and in whatever order they come.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[macro_use]
#[path = "chains/shapes.rs"]
mod shapes;

#[path = "chains/content.rs"]
mod content;
#[path = "chains/evolved.rs"]
mod evolved;
#[path = "chains/ladder.rs"]
mod ladder;
#[path = "chains/renamed.rs"]
mod renamed;
#[path = "chains/shuffled.rs"]
mod shuffled;
#[path = "chains/values.rs"]
mod values;
