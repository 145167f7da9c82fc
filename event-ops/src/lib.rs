//! The operator's tool: what an outbox is, how far its sinks lag, what is wrong with it and how to mend it.
//!
//! The binary `event-ops` is all of it; the library is there for its tests.

mod cli;
mod confirm;
mod connection;
mod consumer;
mod doctor;
mod error;
mod lag;
mod letters;
mod migrate;
mod sink;
mod status;
mod words;

pub use cli::run;
