//! The servers that the tests need. SQLite runs inside of the tests; every other server is one file here.

pub mod sqlite;

use crate::server::Server;

/// Every server that `cargo xtask test` brings up, in the order in which they are started.
pub static ALL: &[&Server] = &[];
