//! PostgreSQL's own clients, as a writer in any language would come, and as an operator does.

use std::path::PathBuf;
use std::process::{Command, Output};

use event_tests::postgres;
use sqlx::postgres::PgConnectOptions;

/// A client of PostgreSQL, `psql`, beside the programs of 15 or on PATH.
fn client(name: &str) -> Command {
    let beside = postgres::programs(15).join(name);
    Command::new(if beside.exists() { beside } else { PathBuf::from(name) })
}

/// Runs a client on the server of `options`, as `role`.
pub(crate) fn run(name: &str, options: &PgConnectOptions, role: &str, arguments: &[&str]) -> Output {
    let mut command = client(name);
    command.args(["--host", options.get_host(), "--port", &options.get_port().to_string()]);
    command.args(["--username", role, "--no-password"]).args(arguments);
    command.output().unwrap_or_else(|error| panic!("cannot run {name}: {error}; install PostgreSQL's clients"))
}
