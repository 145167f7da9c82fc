//! Ten thousand orders out of a file, each placed and invoiced once: `orders [FILE] [--db PATH]`.
//!
//! Kill it with -9 as often as you like and start it again with the same `--db`: it ends with the same line.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to its user")]

use std::error::Error;
use std::io::{self, BufRead, BufReader, Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use event_core::{Consumer, Relay, in_process};
use event_examples::orders::{Intake, Lines, Summary, generate};
use event_examples::shop::{Billing, open};
use sqlx::SqlitePool;
use tokio_util::sync::CancellationToken;

/// Places orders from a file of CloudEvents, one per line, and invoices each once.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    load: Load,
}

#[derive(Subcommand)]
enum Command {
    /// Writes lines to try to standard output.
    Generate {
        /// The same seed gives the same lines.
        #[arg(long, default_value_t = SEED)]
        seed: u64,
        /// How many lines.
        #[arg(long, default_value_t = LINES)]
        lines: usize,
    },
}

#[derive(Args)]
struct Load {
    /// A file of CloudEvents, one per line; without it lines are made up.
    file: Option<PathBuf>,
    /// The database file, which survives the process; without it a temporary one.
    #[arg(long, value_name = "PATH")]
    db: Option<PathBuf>,
}

const SEED: u64 = 1;
const LINES: usize = 10_000;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_env_filter(filter()).with_writer(io::stderr).init();
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Generate { seed, lines }) => print_lines(seed, lines).map_err(Into::into),
        None => run(cli.load).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("orders: {}", event_core::error_chain(&*error).join(": "));
            ExitCode::FAILURE
        }
    }
}

fn filter() -> tracing_subscriber::EnvFilter {
    tracing_subscriber::EnvFilter::builder()
        .with_default_directive(tracing_subscriber::filter::LevelFilter::WARN.into())
        .from_env_lossy()
}

fn print_lines(seed: u64, lines: usize) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match generate(seed, lines).iter().try_for_each(|line| writeln!(out, "{line}")).and_then(|()| out.flush()) {
        // The reader has seen enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

async fn run(load: Load) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let db = load.db.unwrap_or_else(|| folder.path().join("orders.db"));
    let (name, input) = input(load.file.as_deref())?;
    let pool = open(&db).await.map_err(|error| format!("cannot open the database {}: {error}", db.display()))?;
    let shutdown = CancellationToken::new();
    stop_on_ctrl_c(shutdown.clone());
    let store = event_sqlx::Store::new(pool.clone());
    let (transport, subscription) = in_process();
    let relay = tokio::spawn(Relay::new(store.clone(), transport).run(shutdown.clone()));
    let consumer = tokio::spawn(Consumer::new(store, Billing::default()).run(subscription, shutdown.clone()));
    let done = async {
        take_all(&pool, name, input, &shutdown).await?;
        settled(&pool, &shutdown).await
    };
    let summary = done.await;
    shutdown.cancel();
    relay.await??;
    consumer.await??;
    println!("{}", summary?);
    Ok(())
}

/// What the file is called in the database, and its content.
fn input(file: Option<&Path>) -> Result<(String, Box<dyn BufRead + Send>), Box<dyn Error>> {
    let Some(path) = file else {
        let text = generate(SEED, LINES).join("\n");
        return Ok((format!("generated with seed {SEED}"), Box::new(Cursor::new(text))));
    };
    let opened = path.canonicalize().and_then(|path| Ok((path.display().to_string(), std::fs::File::open(path)?)));
    let (name, file) = opened.map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok((name, Box::new(BufReader::new(file))))
}

async fn take_all(
    pool: &SqlitePool,
    name: String,
    input: Box<dyn BufRead + Send>,
    shutdown: &CancellationToken,
) -> Result<(), Box<dyn Error>> {
    let intake = Intake::new(pool.clone(), name);
    let taken = intake.position().await?;
    for (number, line) in (1..).zip(Lines::new(input)).skip(usize::try_from(taken)?) {
        if shutdown.is_cancelled() {
            break;
        }
        intake.take(number, &line?).await?;
    }
    Ok(())
}

/// Waits until every order has its invoice.
async fn settled(pool: &SqlitePool, shutdown: &CancellationToken) -> Result<Summary, Box<dyn Error>> {
    loop {
        let summary = Summary::read(pool).await?;
        if summary.is_settled() || shutdown.is_cancelled() {
            return Ok(summary);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn stop_on_ctrl_c(shutdown: CancellationToken) {
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            shutdown.cancel();
        }
    });
}
