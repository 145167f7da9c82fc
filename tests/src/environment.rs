//! What `cargo xtask test` tells the tests by their environment: where the servers are.
#![allow(clippy::disallowed_methods, reason = "the addresses of the servers come from the environment")]

use std::env;
use std::path::PathBuf;

/// The address of a server.
pub(crate) fn url(server: &str) -> String {
    required(&format!("EVENT_TEST_{}_URL", server.to_uppercase()), |variable| env::var(variable).ok())
}

/// The folder with the programs of a server: where the environment says, else the usual one.
pub(crate) fn programs(server: &str, usual: PathBuf) -> PathBuf {
    let variable = format!("EVENT_TEST_{}_BIN", server.to_uppercase());
    if env::var_os(&variable).is_none() && usual.exists() {
        return usual;
    }
    required(&variable, |variable| env::var(variable).ok()).into()
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
