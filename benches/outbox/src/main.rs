//! What the outbox on PostgreSQL costs: ratios to the same work by hand and to other queues, in one table.
//!
//! Both sides of a ratio are measured in turn, in one run, on one server. Ratios count, not figures.
#![allow(clippy::disallowed_methods, reason = "it measures time")]

mod database;
mod events;
mod measure;
mod ratio;
mod server;
mod table;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use database::{Mode, Target};
use server::Server;
use table::Row;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Measures the outbox on PostgreSQL beside the same work by hand, and prints a table.
#[derive(Debug, Parser)]
struct Arguments {
    /// A superuser's address, postgres://postgres@127.0.0.1:5432/postgres. Unless given, a server is started by initdb
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
    /// Writes the table into docs/performance.md
    #[arg(long)]
    write: bool,
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
    let own = match &arguments.database_url {
        None => Some(Server::start(&arguments.programs)?),
        Some(_) => None,
    };
    let url = arguments.database_url.clone().or_else(|| own.as_ref().map(Server::url)).unwrap_or_default();
    let target = Target::new(&url, arguments.rounds)?;
    let modes: Vec<_> = arguments.mode.map_or_else(|| Mode::ALL.to_vec(), |mode| vec![mode]);
    let mut rows: Vec<Row> = Vec::new();
    for name in measure::Name::chosen(&arguments.only) {
        for mode in name.modes(&modes) {
            let measured = name.measure(&target, mode).await?;
            measured.iter().for_each(|row| eprintln!("{row}"));
            rows.extend(measured);
        }
    }
    let table = table::markdown(&rows, &target.about(arguments.rounds).await?);
    println!("{table}");
    if arguments.write {
        table::write(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/performance.md"), &table)?;
    }
    Ok(())
}
