//! What can be typed after `cargo xtask`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Chores of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub struct Cli {
    /// The chore to do.
    #[command(subcommand)]
    pub task: Task,
}

/// The chores.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Brings up the servers, runs every test, takes the servers down; ends with `N passed, N failed, N skipped`.
    Test(TestOptions),
    /// Asks schema-check for a verdict on every case of `tests/exam`; fails on an unsound answer, and under the aims.
    Exam(ExamOptions),
    /// Kills, stops and crashes relays, consumers, writers and the database; fails if an event was lost, applied twice or inverted.
    Chaos(ChaosOptions),
}

/// How long things go wrong, and which.
#[derive(Debug, Args)]
pub struct ChaosOptions {
    /// How long.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub minutes: u64,

    /// What the faults follow from; a new one, which is printed, unless given.
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,

    /// The database that it goes over.
    #[arg(long, value_enum, default_value = "postgres")]
    pub database: Database,

    /// How many relays; three unless given.
    #[arg(long, value_name = "N")]
    pub relays: Option<u16>,

    /// Run a relay that claims rows in place of ours: the inversions that the harness finds.
    #[arg(long)]
    pub naive: bool,
}

/// The databases of the crash harness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Database {
    /// PostgreSQL 15.
    Postgres,
    /// MariaDB 10.11.
    Mariadb,
    /// SQLite, which needs no server.
    Sqlite,
}

/// Which part of the exam, and who sits it.
#[derive(Debug, Default, Args)]
pub struct ExamOptions {
    /// A small, fixed part of the cases.
    #[arg(long)]
    pub sample: bool,

    /// Build schema-check with optimisations first.
    #[arg(long)]
    pub release: bool,

    /// Ask the other judges of `benches/rivals` as well.
    #[arg(long)]
    pub rivals: bool,

    /// Print each case without an answer.
    #[arg(long)]
    pub unknown: bool,

    /// Put the tables into this file, between its marks.
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
}

/// What to test.
#[derive(Debug, Default, Args)]
pub struct TestOptions {
    /// Test this package alone; can be given more than once.
    #[arg(long, value_name = "PACKAGE")]
    pub only: Vec<String>,

    /// Handed to the test programs as they are: names to filter by, or options such as `--nocapture`.
    #[arg(last = true, value_name = "FILTER")]
    pub filter: Vec<String>,
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::{Cli, Task};

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn packages_and_filters_are_told_apart() {
        let cli = Cli::parse_from(["xtask", "test", "--only", "event-core", "--", "relay", "--nocapture"]);
        let Task::Test(options) = cli.task else { unreachable!("`test` was typed") };
        assert_eq!(options.only, ["event-core"]);
        assert_eq!(options.filter, ["relay", "--nocapture"]);
    }
}
