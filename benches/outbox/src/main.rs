//! What the outbox costs: ratios to the same work by hand and to other queues, in one table for each database.
//!
//! Both sides of a ratio are measured in turn, in one run, on one server or file. Ratios count, not figures.
#![allow(clippy::disallowed_methods, reason = "it measures time")]

mod apply;
mod database;
mod events;
mod mariadb;
mod measure;
mod ratio;
mod server;
mod sqlite;
mod table;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

use database::{Mode, Target};
use server::Server;
use table::Row;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Measures the outbox beside the same work by hand, and prints a table for each database.
#[derive(Debug, Parser)]
struct Arguments {
    /// The database
    #[arg(long, default_value = "all")]
    database: Choice,
    /// A superuser's address, postgres://postgres@127.0.0.1:5432/postgres or mysql://root@127.0.0.1:3306/test. Unless given, a
    /// server is started
    #[arg(long)]
    database_url: Option<String>,
    /// The folder with `initdb` and `postgres` of the server that is started
    #[arg(long, default_value = "/usr/lib/postgresql/15/bin")]
    programs: std::path::PathBuf,
    /// Measures these alone
    #[arg(long, value_delimiter = ',')]
    only: Vec<measure::Name>,
    /// Measures in this mode alone
    #[arg(long)]
    mode: Option<Mode>,
    /// How many rounds each ratio gets
    #[arg(long, default_value_t = 31)]
    rounds: usize,
    /// Writes the tables into docs/performance.md
    #[arg(long)]
    write: bool,
}

/// What can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    Postgres,
    Sqlite,
    Mariadb,
    All,
}

impl Choice {
    fn databases(self) -> Vec<Self> {
        if self == Self::All { vec![Self::Postgres, Self::Sqlite, Self::Mariadb] } else { vec![self] }
    }

    /// As the marks of its table say it.
    fn word(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Sqlite => "sqlite",
            Self::Mariadb => "mariadb",
            Self::All => "all",
        }
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("outbox: {}", event_core::error_chain(&*error).join(": "));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<()> {
    for database in arguments.database.databases() {
        let (rows, about) = match database {
            Choice::Sqlite => sqlite(arguments).await?,
            Choice::Mariadb => mariadb(arguments).await?,
            _ => postgres(arguments).await?,
        };
        let table = table::markdown(&rows, &about);
        println!("{table}");
        if arguments.write {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/performance.md");
            table::write(&file, database.word(), &table)?;
        }
    }
    Ok(())
}

async fn postgres(arguments: &Arguments) -> Result<(Vec<Row>, String)> {
    let given = arguments.database_url.as_ref().filter(|url| url.starts_with("postgres"));
    let own = if given.is_none() { Some(Server::start(&arguments.programs)?) } else { None };
    let url = given.cloned().or_else(|| own.as_ref().map(Server::url)).unwrap_or_default();
    let target = Target::new(&url, arguments.rounds)?;
    let rows = measured(arguments, async |name, mode| name.measure(&target, mode).await).await?;
    Ok((rows, target.about(arguments.rounds).await?))
}

async fn sqlite(arguments: &Arguments) -> Result<(Vec<Row>, String)> {
    let rows = measured(arguments, async |name, mode| sqlite::measure(name, mode, arguments.rounds).await).await?;
    Ok((rows, sqlite::about(arguments.rounds).await?))
}

async fn mariadb(arguments: &Arguments) -> Result<(Vec<Row>, String)> {
    let given = arguments.database_url.as_ref().filter(|url| url.starts_with("mysql") || url.starts_with("mariadb"));
    let own = if given.is_none() { Some(mariadb::Server::start()?) } else { None };
    let url = given.cloned().or_else(|| own.as_ref().map(mariadb::Server::url)).unwrap_or_default();
    let rounds = arguments.rounds;
    let rows = measured(arguments, async |name, mode| mariadb::measure(&url, name, mode, rounds).await).await?;
    Ok((rows, mariadb::about(&url, rounds).await?))
}

/// Measures what was asked for, and tells each line as it comes.
async fn measured(
    arguments: &Arguments,
    measure: impl AsyncFn(measure::Name, Mode) -> Result<Vec<Row>>,
) -> Result<Vec<Row>> {
    let modes: Vec<_> = arguments.mode.map_or_else(|| Mode::ALL.to_vec(), |mode| vec![mode]);
    let mut rows: Vec<Row> = Vec::new();
    for name in measure::Name::chosen(&arguments.only) {
        for mode in name.modes(&modes) {
            let measured = measure(name, mode).await?;
            measured.iter().for_each(|row| eprintln!("{row}"));
            rows.extend(measured);
        }
    }
    Ok(rows)
}
