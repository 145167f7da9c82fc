//! `cargo xtask test`: servers up, tests, servers down, one closing line.

pub mod plan;
pub mod tally;
pub mod verdict;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use crate::cli::TestOptions;
use crate::interrupt::Interrupt;
use crate::machine::Machine;
use crate::process::{capture, stream};
use crate::server::{Outcome, Row, State, bring_up};
use crate::servers::{self, sqlite};
use crate::table;
use plan::Invocation;
use tally::Tally;
use verdict::Verdict;

const VERSION_LIMIT: Duration = Duration::from_secs(60);

/// Runs the task. The last line that it prints is `N passed, N failed, N skipped`.
#[must_use]
pub fn run(options: &TestOptions) -> ExitCode {
    let machine = Machine::this();
    let (rows, tally) = match Interrupt::listen() {
        Ok(interrupt) => run_all(options, &machine, &interrupt),
        Err(error) => (Vec::new(), Tally::of_failure(format!("cannot listen to signals: {error}"))),
    };
    let verdict = Verdict::of(&rows, tally, machine.is_ci());
    print!("\n{}\n{verdict}", table::render(&rows));
    if verdict.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run_all(options: &TestOptions, machine: &Machine, interrupt: &Interrupt) -> (Vec<Row>, Tally) {
    let cargo = PathBuf::from(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let mut rows = vec![tool("cargo", &cargo, interrupt), tool("rustc", Path::new("rustc"), interrupt)];
    rows.push(sqlite::row(&cargo, interrupt));
    let outcomes = bring_all_up(machine, interrupt);
    rows.extend(outcomes.iter().map(|outcome| outcome.row.clone()));
    let variables: Vec<_> = outcomes.iter().flat_map(|outcome| outcome.variables.clone()).collect();
    let mut tally = Tally::default();
    for invocation in plan::invocations(options, &absent(&outcomes)).iter().take_while(|_| !interrupt.is_raised()) {
        println!("\n$ {invocation}");
        let mut command = Command::new(&cargo);
        command.args(invocation.arguments()).envs(variables.iter().cloned());
        tally.add(run_one(invocation, &mut command, interrupt));
    }
    tally.end(!interrupt.is_raised(), "the run was interrupted");
    // The servers, if any are ours, go down here, before anything is said about the run.
    drop(outcomes);
    (rows, tally)
}

fn bring_all_up(machine: &Machine, interrupt: &Interrupt) -> Vec<Outcome> {
    let (mut outcomes, mut variables) = (Vec::new(), Vec::new());
    for server in servers::ALL.iter().take_while(|_| !interrupt.is_raised()) {
        let outcome = bring_up(server, machine, &variables, interrupt);
        variables.extend(outcome.variables.iter().cloned());
        outcomes.push(outcome);
    }
    outcomes
}

/// The servers which no test can have.
fn absent(outcomes: &[Outcome]) -> Vec<&'static str> {
    outcomes.iter().filter(|outcome| outcome.variables.is_empty()).map(|outcome| outcome.row.name).collect()
}

fn run_one(invocation: &Invocation, command: &mut Command, interrupt: &Interrupt) -> Tally {
    let mut tally = Tally::default();
    let ended = stream(command, interrupt, |line| {
        println!("{line}");
        tally.line(line);
    });
    match ended {
        Ok(Some(status)) => tally.end(status.success(), &format!("`{invocation}` ended with {status}")),
        Ok(None) => tally.end(false, &format!("`{invocation}` was interrupted")),
        Err(error) => tally.end(false, &format!("`{invocation}` could not run: {error}")),
    }
    tally
}

fn tool(name: &'static str, program: &Path, interrupt: &Interrupt) -> Row {
    let state = match capture(Command::new(program).arg("--version"), VERSION_LIMIT, interrupt) {
        Ok(said) => {
            State::Ran { version: said.split_whitespace().nth(1).map(str::to_owned), how: said.trim().to_owned() }
        }
        Err(reason) => State::Skipped { reason },
    };
    Row { name, state }
}
