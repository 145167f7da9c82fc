//! `cargo xtask chaos`: the crash harness of `tests`, on a server that is found as that of the tests is.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::ValueEnum;

use crate::cli::{ChaosOptions, Database};
use crate::interrupt::Interrupt;
use crate::machine::Machine;
use crate::process::stream;
use crate::server::{Server, programs};
use crate::servers::mysql::MARIADB_10_11;
use crate::servers::postgres::POSTGRES_15;

/// Runs the harness, and ends as it does.
#[must_use]
pub fn run(options: &ChaosOptions) -> ExitCode {
    match conduct(options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reason) => {
            println!("the crash harness could not run: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn conduct(options: &ChaosOptions) -> Result<bool, String> {
    let interrupt = Interrupt::listen().map_err(|error| format!("cannot listen to signals: {error}"))?;
    let server = server(options.database);
    let folder = server.map(|server| programs(server, &Machine::this(), &interrupt)).transpose()?;
    let mut command = command(options, server.zip(folder));
    let ended = stream(&mut command, &interrupt, |line| println!("{line}"));
    match ended.map_err(|error| format!("cannot start cargo: {error}"))? {
        Some(status) => Ok(status.success()),
        None => Err("it was interrupted".to_owned()),
    }
}

/// The server whose programs the harness starts; SQLite is part of the harness itself.
fn server(database: Database) -> Option<&'static Server> {
    match database {
        Database::Postgres => Some(&POSTGRES_15),
        Database::Mariadb => Some(&MARIADB_10_11),
        Database::Sqlite => None,
    }
}

fn command(options: &ChaosOptions, programs: Option<(&'static Server, PathBuf)>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).envs(programs.and_then(folder_variable));
    command.args(["run", "--quiet", "--package", "event-tests", "--bin", "chaos", "--", "conduct"]);
    command.args(arguments(options));
    command
}

fn folder_variable((server, programs): (&'static Server, PathBuf)) -> Option<(&'static str, PathBuf)> {
    server.folder_variable.map(|variable| (variable, programs))
}

fn arguments(options: &ChaosOptions) -> Vec<String> {
    let mut arguments = vec!["--seconds".to_owned(), (options.minutes * 60).to_string()];
    let database = options.database.to_possible_value().expect("every database can be typed");
    arguments.extend(["--database".to_owned(), database.get_name().to_owned()]);
    let numbers = [("--seed", options.seed), ("--relays", options.relays.map(u64::from))];
    for (name, number) in numbers {
        arguments.extend(number.into_iter().flat_map(|number| [name.to_owned(), number.to_string()]));
    }
    arguments.extend(options.naive.then(|| "--naive".to_owned()));
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE_MINUTE: ChaosOptions =
        ChaosOptions { minutes: 1, seed: None, database: Database::Postgres, relays: None, naive: false };

    #[test]
    fn what_was_typed_goes_to_the_harness() {
        let options = ChaosOptions { minutes: 10, seed: Some(1), ..ONE_MINUTE };
        assert_eq!(arguments(&options), ["--seconds", "600", "--database", "postgres", "--seed", "1"]);
        let options = ChaosOptions { database: Database::Sqlite, relays: Some(5), naive: true, ..ONE_MINUTE };
        assert_eq!(arguments(&options), ["--seconds", "60", "--database", "sqlite", "--relays", "5", "--naive"]);
    }

    #[test]
    fn the_harness_learns_where_the_programs_are() {
        let command = command(&ONE_MINUTE, Some((&POSTGRES_15, "/usr/lib/postgresql/15/bin".into())));
        let told: Vec<_> = command.get_envs().collect();
        let (name, value) = ("EVENT_TEST_POSTGRES_15_BIN", "/usr/lib/postgresql/15/bin");
        assert_eq!(told, [(name.as_ref(), Some(value.as_ref()))]);
    }

    #[test]
    fn sqlite_needs_no_programs() {
        assert!(server(Database::Sqlite).is_none());
        assert_eq!(command(&ONE_MINUTE, None).get_envs().count(), 0);
    }
}
