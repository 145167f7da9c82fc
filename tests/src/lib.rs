//! One suite for every store: a new store adds a [`setup::Setup`], not tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test suite fails by panicking")]
#![allow(missing_docs, reason = "a test suite for this workspace alone")]

pub mod chaos;
pub mod events;
pub mod feed;
pub mod mysql;
pub mod postgres;
pub mod recorder;
pub mod script;
pub mod setup;

mod conformance;
mod daemon;
mod environment;

pub use conformance::{
    alive, alongside, batching, benching, claim_check, consuming, cut_over, failing, fanning_out, following, gaps,
    letters, malformed, rebuilding, relaying, restoring, retaining, sharing, sinks, together, watching,
};
