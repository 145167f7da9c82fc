//! The crash harness: the conductor and its workers. `cargo xtask chaos` runs it.
#![allow(clippy::print_stderr, reason = "a program of the tests")]

use std::process::ExitCode;

use clap::Parser;
use event_tests::chaos::crew::Role;
use event_tests::chaos::ground::{Ground, Mariadb, Postgres, Sqlite};
use event_tests::chaos::options::{Cli, Database, Program};
use event_tests::chaos::{Failure, conductor, consumer, naive, operator, relay, writer};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,sqlx=error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(std::io::stderr).init();
    let done = tokio::select! {
        done = run(Cli::parse().program) => done,
        Ok(()) = interrupted() => Err("interrupted".into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("chaos: {error}: {error:?}");
            ExitCode::from(2)
        }
    }
}

async fn run(program: Program) -> Result<bool, Failure> {
    match program.database() {
        Database::Postgres => run_on::<Postgres>(program).await,
        Database::Mariadb => run_on::<Mariadb>(program).await,
        Database::Sqlite => run_on::<Sqlite>(program).await,
    }
}

async fn run_on<G: Ground>(program: Program) -> Result<bool, Failure> {
    match program {
        Program::Conduct(options) => return conductor::run::<G>(&options).await,
        Program::Write(site) => writer::run::<G>(&site, Role::Writer).await?,
        Program::Strange(site) => writer::run::<G>(&site, Role::Stranger).await?,
        Program::Relay(site) => relay::run::<G>(&site).await?,
        Program::NaiveRelay(site) => naive::run::<G>(&site).await?,
        Program::Consume(site) => consumer::run::<G>(&site).await?,
        Program::Operate(site) => operator::run::<G>(&site).await?,
    }
    Ok(true)
}

/// Ctrl-C, or a polite `kill`: dropping the run takes down what it started.
async fn interrupted() -> std::io::Result<()> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    }
}
