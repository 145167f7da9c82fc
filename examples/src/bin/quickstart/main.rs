//! The whole story on one screen: `cargo run -p event-examples --bin quickstart`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to its user")]
#![allow(clippy::disallowed_methods, reason = "only a binary reads its environment")]

mod breaking_edit;
mod story;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use event_core::LetterId;
use event_core::runtime::Replayed;
use event_examples::shop::{Billing, Money, OrderPlaced, open};

use story::{Telling, chapter, say};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quickstart: {}", event_core::error_chain(&*error).join(": "));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let pool = open(&folder.path().join("shop.db")).await?;
    say("A shop places orders; billing issues an invoice for each. SQLite in a temporary file, all in one process.");
    let telling = Telling::new(pool);
    one_transaction(&telling).await?;
    relay_and_handle(&telling).await?;
    redelivery(&telling).await?;
    older_version(&telling).await?;
    poison(&telling).await?;
    chapter("A breaking edit is caught before it is merged");
    breaking_edit::show(Path::new(env!("CARGO_MANIFEST_DIR")))?;
    what_next();
    Ok(())
}

fn order(id: &str, total: Money) -> OrderPlaced {
    OrderPlaced { order_id: id.into(), total, ..OrderPlaced::default() }
}

async fn one_transaction(telling: &Telling) -> Result<(), Box<dyn Error>> {
    chapter("An order and its event, in one transaction");
    telling.place(&order("o-1", Money::euros(4200)), true).await?;
    say("placed o-1: the row and its event were committed together");
    telling.place(&order("o-2", Money::euros(100)), false).await?;
    say("tried o-2 and rolled back: neither the row nor the event is there");
    say(&format!("  orders: {}   outbox: {}", telling.orders().await?, telling.outbox().await?));
    say("`event.enqueue(&pool)` would not compile: outside of a transaction one of both could be lost");
    Ok(())
}

async fn relay_and_handle(telling: &Telling) -> Result<(), Box<dyn Error>> {
    chapter("Outbox → relay → handler");
    let sent = telling.relay_into(Billing::default()).await?;
    say(&format!("the relay published {sent}; the handler wrote an invoice and an event in one transaction"));
    say(&format!("  invoices: {}   outbox: {}", telling.invoices().await?, telling.outbox().await?));
    Ok(())
}

async fn redelivery(telling: &Telling) -> Result<(), Box<dyn Error>> {
    chapter("A redelivery changes nothing");
    let body = telling.first_delivery()?;
    let consumer = telling.consumer(Billing::default());
    let (_, counts) = consumer.apply(&[&body]).await?;
    say(&format!("the same message came again: applied {}, duplicates {}", counts.applied, counts.duplicates));
    say(&format!("  invoices: {}", telling.invoices().await?));
    Ok(())
}

async fn older_version(telling: &Telling) -> Result<(), Box<dyn Error>> {
    chapter("An old version is upcast before the handler sees it");
    let old = r#"{"specversion":"1.0","id":"from-2019","source":"/archive","type":"order.placed","eventversion":1,"subject":"o-0","data":{"order_id":"o-0","total_cents":990}}"#;
    say(old);
    let (_, counts) = telling.consumer(Billing::default()).apply(&[old.as_bytes()]).await?;
    say(&format!("applied {}: the handler takes version 2 alone, and got `total: {{990, EUR}}`", counts.applied));
    say(&format!("  invoices: {}", telling.invoices().await?));
    Ok(())
}

async fn poison(telling: &Telling) -> Result<(), Box<dyn Error>> {
    chapter("A poison message becomes a dead letter, and is replayed after the mend");
    let crowns = Money { amount_cents: 500, currency: "SEK".to_owned() };
    telling.place(&order("o-3", crowns), true).await?;
    telling.place(&order("o-3", Money::euros(1)), true).await?;
    telling.place(&order("o-4", Money::euros(300)), true).await?;
    let euros_alone = || Billing { currencies: vec!["EUR".to_owned()] };
    telling.relay_into(euros_alone()).await?;
    let consumer = telling.consumer(euros_alone());
    let letters = consumer.dead_letters(LetterId::new(0), 10).await?;
    let letter = letters.first().ok_or("the order in crowns should be a dead letter")?;
    say(&format!("{}: {} after {} attempt", letter.id, letter.errors.join(" ← "), letter.attempts));
    say("o-4 went through; the second event of o-3 is held behind the letter, so that the order within o-3 stays");
    say(&format!("  invoices: {}   backlog: {}", telling.invoices().await?, telling.backlog().await?));
    let mended = telling.consumer(Billing::default());
    say("billing is mended (it has an account in SEK now) and the letter is replayed, twice by mistake:");
    for _ in 0..2 {
        let answer = match mended.replay(letter.id).await? {
            Replayed::Applied => "replayed",
            Replayed::Skipped => "skipped: it was replayed before",
            _ => "failed again",
        };
        say(&format!("  {answer}"));
    }
    let flowed = mended.work_letters().await?;
    say(&format!("what was held flowed: {}", flowed.applied));
    say(&format!("  invoices: {}   backlog: {}", telling.invoices().await?, telling.backlog().await?));
    Ok(())
}

fn what_next() {
    chapter("What to read next");
    say("README.md                              the promise, and how to start in your own service");
    say("examples/src/shop/                     the events, the handler and the tables of this story");
    say("docs/ARCHITECTURE.md                   rooms and arrows of the toolkit");
    say("cargo run -p event-examples --bin orders           10,000 orders; kill it with -9 and start it again");
    say("cargo run -p event-examples --bin github-webhooks  real deliveries through typed events");
}
