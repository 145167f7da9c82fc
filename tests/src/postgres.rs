//! PostgreSQL in tests: the servers which `cargo xtask test` brings up, and servers of a test's own.
//!
//! A test that needs a server is in a module of its name, `postgres_13`, `postgres_15`, `postgres_17`, `postgres_18` or
//! `pgbouncer`: where there is no such server, the tests of that module are left out.

pub mod proxy;
pub mod server;

use std::path::PathBuf;

pub use server::{Backup, Server, Shutdown};

use crate::environment;

/// The address of a server, `postgres_15`: a superuser of its database `postgres`.
///
/// # Panics
/// When there is none; the message says what to type.
pub fn url(server: &str) -> String {
    environment::url(server)
}

/// The folder with `initdb` and `postgres` of a major, where Debian has them or where the environment says.
///
/// # Panics
/// When there is none; the message says what to type.
pub fn programs(major: u32) -> PathBuf {
    let usual = PathBuf::from(format!("/usr/lib/postgresql/{major}/bin"));
    environment::programs(&format!("postgres_{major}"), usual)
}

/// Runs each function on every major: each is `async fn(server: &str)`, and its test is in a module of the server's name.
#[macro_export]
macro_rules! on_every_postgres {
    ($($test:ident),* $(,)?) => {
        $crate::on_every_postgres!(@server postgres_13: $($test),*);
        $crate::on_every_postgres!(@server postgres_15: $($test),*);
        $crate::on_every_postgres!(@server postgres_17: $($test),*);
        $crate::on_every_postgres!(@server postgres_18: $($test),*);
    };
    (@server $server:ident: $($test:ident),*) => {
        mod $server {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(stringify!($server)).await;
            })*
        }
    };
}
