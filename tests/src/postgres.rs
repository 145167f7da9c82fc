//! PostgreSQL in tests: the servers which `cargo xtask test` brings up, and servers of a test's own.
//!
//! A test that needs a server is in a module of its name, `postgres_13`, `postgres_15`, `postgres_17`, `postgres_18` or
//! `pgbouncer`: where there is no such server, the tests of that module are left out.
#![allow(clippy::disallowed_methods, reason = "the addresses of the servers come from the environment")]

pub mod proxy;
pub mod server;

use std::env;
use std::path::PathBuf;

pub use server::{Server, Shutdown};

/// The address of a server, `postgres_15`: a superuser of its database `postgres`.
///
/// # Panics
/// When there is none; the message says what to type.
pub fn url(server: &str) -> String {
    required(&format!("EVENT_TEST_{}_URL", server.to_uppercase()), |variable| env::var(variable).ok())
}

/// The folder with `initdb` and `postgres` of a major, where Debian has them or where the environment says.
///
/// # Panics
/// When there is none; the message says what to type.
pub fn programs(major: u32) -> PathBuf {
    let usual = PathBuf::from(format!("/usr/lib/postgresql/{major}/bin"));
    let variable = format!("EVENT_TEST_POSTGRES_{major}_BIN");
    if env::var_os(&variable).is_none() && usual.exists() {
        return usual;
    }
    required(&variable, |variable| env::var(variable).ok()).into()
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

fn required(variable: &str, read: impl Fn(&str) -> Option<String>) -> String {
    let text = read(variable).filter(|text| !text.is_empty());
    text.unwrap_or_else(|| panic!("set {variable}, or run cargo xtask test"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "set EVENT_TEST_POSTGRES_15_URL, or run cargo xtask test")]
    fn a_missing_server_says_what_to_type() {
        required("EVENT_TEST_POSTGRES_15_URL", |_| None);
    }

    #[test]
    #[should_panic(expected = "set EVENT_TEST_PGBOUNCER_URL, or run cargo xtask test")]
    fn an_empty_address_counts_as_none() {
        required("EVENT_TEST_PGBOUNCER_URL", |_| Some(String::new()));
    }
}
