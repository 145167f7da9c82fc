//! `cargo xtask chaos`: the crash harness of `tests`, on a PostgreSQL 15 that is found as that of the tests is.

use std::env;
use std::path::Path;
use std::process::{Command, ExitCode};

use crate::cli::ChaosOptions;
use crate::interrupt::Interrupt;
use crate::machine::Machine;
use crate::process::stream;
use crate::server::programs;
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
    let folder = programs(&POSTGRES_15, &Machine::this(), &interrupt)?;
    let mut command = command(options, &folder);
    let ended = stream(&mut command, &interrupt, |line| println!("{line}"));
    match ended.map_err(|error| format!("cannot start cargo: {error}"))? {
        Some(status) => Ok(status.success()),
        None => Err("it was interrupted".to_owned()),
    }
}

fn command(options: &ChaosOptions, programs: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).envs(folder_variable(programs));
    command.args(["run", "--quiet", "--package", "event-tests", "--bin", "chaos", "--", "conduct"]);
    command.args(arguments(options));
    command
}

fn folder_variable(programs: &Path) -> Option<(&'static str, &Path)> {
    POSTGRES_15.folder_variable.map(|variable| (variable, programs))
}

fn arguments(options: &ChaosOptions) -> Vec<String> {
    let mut arguments = vec!["--seconds".to_owned(), (options.minutes * 60).to_string()];
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

    #[test]
    fn what_was_typed_goes_to_the_harness() {
        let options = ChaosOptions { minutes: 10, seed: Some(1), relays: None, naive: false };
        assert_eq!(arguments(&options), ["--seconds", "600", "--seed", "1"]);
        let options = ChaosOptions { minutes: 1, seed: None, relays: Some(5), naive: true };
        assert_eq!(arguments(&options), ["--seconds", "60", "--relays", "5", "--naive"]);
    }

    #[test]
    fn the_harness_learns_where_the_programs_are() {
        let options = ChaosOptions { minutes: 1, seed: None, relays: None, naive: false };
        let command = command(&options, Path::new("/usr/lib/postgresql/15/bin"));
        let told: Vec<_> = command.get_envs().collect();
        let (name, value) = ("EVENT_TEST_POSTGRES_15_BIN", "/usr/lib/postgresql/15/bin");
        assert_eq!(told, [(name.as_ref(), Some(value.as_ref()))]);
    }
}
