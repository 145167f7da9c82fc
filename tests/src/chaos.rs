//! The crash harness: real processes, a durable database, and an oracle that knows what was committed, what was sent and
//! what was applied. `docs/chaos.md` says what it does to them and how to read what it prints.
//!
//! One program, `chaos`, is the conductor and, started by it, each of the workers: writers, relays, consumers,
//! operators. The broker
//! between relays and consumers is part of the conductor, which nobody kills: what it has taken outlives its clients.
#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a harness of real processes: it waits for real time, it prints, and it fails by panicking"
)]

pub mod aim;
pub mod broker;
pub mod client;
pub mod clock;
pub mod conductor;
pub mod consumer;
pub mod crew;
pub mod event;
pub mod ground;
pub mod hog;
pub mod logs;
pub mod naive;
pub mod operator;
pub mod options;
pub mod oracle;
pub mod places;
pub mod random;
pub mod relay;
pub mod schedule;
pub mod site;
pub mod verdict;
pub mod wire;
pub mod writer;
pub mod writing;

/// Whatever went wrong.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
