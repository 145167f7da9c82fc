//! The command line: reads arguments, runs a command, prints its answer, returns the exit code.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::error::CannotRun;
use crate::{consumer, doctor, lag, letters, migrate, sink, status};

/// What an outbox is, how far its sinks lag, what is wrong with it, and how to mend it.
///
/// Exit code 0: fine. 1: findings. 2: could not run.
#[derive(Debug, Parser)]
#[command(name = "event-ops", version, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    place: Place,

    /// For people, or for programs
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    format: Format,

    #[command(subcommand)]
    command: Command,
}

/// Where the outbox is.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The database, `postgres://user@host/database`, `mysql://user@host/database` (MariaDB as well) or `sqlite:file.db`
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,

    /// The schema of the outbox on PostgreSQL; unless given, the first on the search_path that has one
    #[arg(long, global = true, value_name = "SCHEMA")]
    pub(crate) schema: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Json,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one of it")]
enum Command {
    /// The outbox, its sinks and relays, its partitions, and what consumers have not applied
    Status,
    /// How far each sink is behind, in events and in age
    Lag(lag::Options),
    /// What is wrong, each with its mend
    Doctor(doctor::Options),
    /// Creates or updates the tables, or prints the SQL that does
    Migrate(migrate::Options),
    /// The registered sinks
    #[command(subcommand)]
    Sink(sink::Command),
    /// What consumers wait for, skipped by hand; and a consumer that begins again
    #[command(subcommand)]
    Consumer(consumer::Command),
    /// What consumers could not apply: listed, shown, replayed, discarded
    #[command(subcommand)]
    Letters(letters::Command),
}

/// What a command prints, and its exit code.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) exit: u8,
}

impl Answer {
    pub(crate) fn fine(text: impl Into<String>) -> Self {
        Self { text: text.into(), exit: 0 }
    }

    /// One document for programs.
    pub(crate) fn json(document: &impl serde::Serialize, exit: u8) -> Result<Self, CannotRun> {
        let text = serde_json::to_string_pretty(document)
            .map_err(|error| CannotRun::because("cannot write the answer", &error, "report this"))?;
        Ok(Self { text: text + "\n", exit })
    }
}

/// Runs the tool: 0 fine, 1 findings, 2 could not run.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Where nobody listens there is nobody to tell.
            let _ = error.print();
            return u8::try_from(error.exit_code()).unwrap_or(2);
        }
    };
    let answer = match tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build() {
        Ok(runtime) => runtime.block_on(answer(&arguments)),
        Err(error) => Err(CannotRun::because("cannot start", &error, "look whether the machine has threads left")),
    };
    match answer {
        Ok(answer) => print(&answer.text, answer.exit),
        Err(error) => {
            // As above.
            let _ = io::stderr().write_all(error.to_text().as_bytes());
            print(&if arguments.format == Format::Json { error.to_json() } else { String::new() }, 2)
        }
    }
}

async fn answer(arguments: &Arguments) -> Result<Answer, CannotRun> {
    let (place, format) = (&arguments.place, arguments.format);
    match &arguments.command {
        Command::Status => status::run(place, format).await,
        Command::Lag(options) => lag::run(place, options, format).await,
        Command::Doctor(options) => doctor::run(place, options, format).await,
        Command::Migrate(options) => migrate::run(place, options, format).await,
        Command::Sink(command) => sink::run(place, command, format).await,
        Command::Consumer(command) => consumer::run(place, command, format).await,
        Command::Letters(command) => letters::run(place, command, format).await,
    }
}

/// Prints; a closed pipe changes no verdict.
fn print(text: &str, exit: u8) -> u8 {
    let _ = io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush());
    exit
}
