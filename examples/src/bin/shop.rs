//! A service that runs: takes orders on standard input, invoices and packs them: `shop --db shop.db`.
//!
//! An order is a line, `ORDER CENTS CURRENCY`: `o-1 1990 EUR`. Two consumers follow the outbox in its own database, without a
//! broker. Billing has a bank account for euros alone, unless `--currency` names others: an order in another currency is a dead
//! letter. The guides about dead letters and gaps are tried against it.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to its user")]

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use event_core::{Consumer, Sink, follow};
use event_examples::shop::{Billing, Money, OrderPlaced, Packing, insert_order, open};
use event_sqlx::{Enqueue, Store};
use sqlx::{Sqlite, SqlitePool};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Takes orders on standard input, one per line: `o-1 1990 EUR`. Ends with ctrl-c, or with its input.
#[derive(Parser)]
struct Cli {
    /// The database file; `event-ops --database-url sqlite:shop.db` looks into it.
    #[arg(long, value_name = "PATH")]
    db: PathBuf,
    /// Currencies with a bank account, besides EUR.
    #[arg(long, value_name = "CURRENCY")]
    currency: Vec<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_env_filter(filter()).with_writer(io::stderr).init();
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("shop: {}", event_core::error_chain(&*error).join(": "));
            ExitCode::FAILURE
        }
    }
}

fn filter() -> tracing_subscriber::EnvFilter {
    tracing_subscriber::EnvFilter::builder()
        .with_default_directive(tracing_subscriber::filter::LevelFilter::WARN.into())
        .from_env_lossy()
}

async fn run(cli: Cli) -> Result<(), Box<dyn Error>> {
    let pool =
        open(&cli.db).await.map_err(|error| format!("cannot open the database {}: {error}", cli.db.display()))?;
    let (shutdown, store) = (CancellationToken::new(), Store::new(pool.clone()));
    let currencies = cli.currency.into_iter().chain(["EUR".to_owned()]).collect();
    let billing = start(&store, "billing", Consumer::new(store.clone(), Billing { currencies }), &shutdown);
    let packing = start(&store, "packing", Consumer::new(store.clone(), Packing), &shutdown);
    println!("the shop is open; an order is a line, for instance: o-1 1990 EUR");
    let mut lines = lines();
    let taken = loop {
        let line = tokio::select! {
            line = lines.recv() => line,
            _ = tokio::signal::ctrl_c() => None,
        };
        let Some(line) = line else { break Ok(()) };
        match order(&line) {
            Some(order) => match place(&pool, &order).await {
                Ok(()) => println!("placed {}", order.order_id),
                Err(error) => break Err(error),
            },
            None => eprintln!("`{line}` is no order; write for instance `o-1 1990 EUR`"),
        }
    };
    shutdown.cancel();
    billing.await??;
    packing.await??;
    taken
}

type Running = tokio::task::JoinHandle<Result<(), event_core::runtime::StoreError>>;

/// Each consumer follows the outbox under a name of its own.
fn start<H>(
    store: &Store<Sqlite>,
    sink: &'static str,
    consumer: Consumer<Store<Sqlite>, H>,
    shutdown: &CancellationToken,
) -> Running
where
    H: for<'c> event_core::Handlers<event_sqlx::Context<'c, Sqlite>> + 'static,
{
    tokio::spawn(consumer.run(follow(store.clone(), Sink::new(sink)), shutdown.clone()))
}

/// The lines of standard input, read on a thread of their own.
fn lines() -> mpsc::UnboundedReceiver<String> {
    let (send, receive) = mpsc::unbounded_channel();
    std::thread::spawn(move || io::stdin().lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
    receive
}

fn order(line: &str) -> Option<OrderPlaced> {
    let mut words = line.split_whitespace();
    let (order_id, cents, currency) = (words.next()?, words.next()?, words.next()?);
    let total = Money { amount_cents: cents.parse().ok()?, currency: currency.to_owned() };
    words.next().is_none().then(|| OrderPlaced { order_id: order_id.into(), total, ..OrderPlaced::default() })
}

/// The order and its event, in one transaction.
async fn place(pool: &SqlitePool, order: &OrderPlaced) -> Result<(), Box<dyn Error>> {
    let mut tx = event_sqlx::begin(pool).await?;
    let id = order.enqueue(&mut tx).await?;
    insert_order(&mut tx, id.as_str(), order).await?;
    tx.commit().await?;
    Ok(())
}
