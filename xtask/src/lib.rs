//! `cargo xtask test` brings up the servers that the tests need, runs the tests, takes the servers down; `cargo xtask exam`
//! counts how schema-check answers the cases of `tests/exam`; `cargo xtask chaos` runs the crash harness of `tests`.
//!
//! A server is one file under `servers/`: a [`server::Server`], which is data and a few functions. Deciding is kept
//! apart from processes: what was found, what a line of `cargo test` means and what the verdict is are plain functions.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a developer's tool: it reads the environment, waits on real processes and prints"
)]

pub mod chaos;
pub mod cli;
pub mod exam;
pub mod interrupt;
pub mod machine;
pub mod process;
pub mod server;
pub mod servers;
pub mod table;
pub mod test;
