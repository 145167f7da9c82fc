//! `event-ops consumer`, over every database.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod setup;

use std::time::Duration;

use event_core::runtime::{Inbox, Letters};
use event_core::{Consumer, Sink, follow};
use event_sqlx::Enqueue;
use setup::shop::{Billing, OrderPlaced, earlier, message, placed, take};
use setup::{Said, ops_on};
use tokio_util::sync::CancellationToken;

const SHOP: &str = "/kiosk?epoch=1";

/// The first of four events is taken, the last one waits for those between.
async fn plant<S: Inbox>(store: S) -> Billing {
    let billing = Billing::default();
    let consumer = Consumer::new(store, billing.clone());
    let (first, last) = (placed(SHOP, "o-1", 3, 0), placed(SHOP, "o-1", 11, 8));
    let (taken, _) = consumer.apply(&[&first, &last]).await.unwrap();
    assert_eq!(taken, 1);
    billing
}

/// Times differ from run to run.
fn plain(said: &Said) -> String {
    let text = format!("{}{}", said.out, said.err);
    let lines = text.lines().map(|line| match line.trim_start().starts_with("since") {
        true => format!("  since    <time>, {}", line.rsplit_once(", ").unwrap().1),
        false => line.to_owned(),
    });
    lines.map(|line| line + "\n").collect()
}

async fn a_gap_is_reported_and_skipped_with_a_reason<S: Inbox + Letters + Clone>(store: S, url: &str) {
    let said = ops_on(url, &["consumer", "gaps"]);
    assert_eq!((said.exit, said.out.as_str()), (0, "nothing is missing\n"), "{}", said.err);
    let billing = plant(store.clone()).await;
    let said = ops_on(url, &["consumer", "gaps", "billing"]);
    assert_eq!(said.exit, 1);
    insta::assert_snapshot!("a_gap", plain(&said));
    assert_eq!(ops_on(url, &["consumer", "gaps", "shipping"]).exit, 0);
    let json = ops_on(url, &["consumer", "gaps", "--format", "json"]).json();
    let gap = &json["gaps"][0];
    assert_eq!((gap["previous"].as_str(), &gap["in_outbox"]), (Some("00000000000000000008"), &serde_json::Value::Null));
    let slot = gap["slot"].to_string();
    let skip = |slot: &str, reason: &str| {
        ops_on(
            url,
            &["consumer", "skip", "billing", "--source", SHOP, "--slot", slot, "--reason", reason, "--by", "ada"],
        )
    };
    insta::assert_snapshot!("a_skip_without_a_reason", plain(&skip(&slot, "")));
    insta::assert_snapshot!("a_skip_of_nothing", plain(&skip("63", "lost")));
    let said = skip(&slot, "the outbox was emptied by hand");
    assert_eq!(said.exit, 0, "{}", said.err);
    insta::assert_snapshot!("a_skip", plain(&said));
    assert_eq!(skip(&slot, "again").exit, 2);
    take(store, &billing, &[placed(SHOP, "o-1", 11, 8)]).await;
    assert_eq!(billing.charged().len(), 2);
}

async fn a_consumer_begins_again<S: Inbox + Letters + Clone>(store: S, url: &str) {
    insta::assert_snapshot!(
        "a_rebuild_of_nobody",
        plain(&ops_on(url, &["consumer", "rebuild", "nobody", "--reason", "x"]))
    );
    let billing = plant(store.clone()).await;
    take(store.clone(), &billing, &[message("o-7", 1, 5), message("o-8", 1, 0)]).await;
    let said = ops_on(url, &["consumer", "rebuild", "billing", "--reason", " "]);
    assert_eq!(said.exit, 2, "{}", said.out);
    let time = ["consumer", "rebuild", "billing", "--from", "2026-03-01T12:00:00Z", "--reason", "x"];
    insta::assert_snapshot!("a_rebuild_from_a_time_elsewhere", plain(&ops_on(url, &time)));
    let dry = ops_on(url, &["consumer", "rebuild", "billing", "--reason", "the totals were wrong", "--dry-run"]);
    insta::assert_snapshot!("a_dry_rebuild", plain(&dry));
    assert_eq!(ops_on(url, &["consumer", "gaps"]).exit, 1, "nothing was done");
    let said =
        ops_on(url, &["consumer", "rebuild", "billing", "--reason", "the totals were wrong", "--format", "json"]);
    let json = said.json();
    assert_eq!((said.exit, &json["marks"], &json["letters"]), (0, &1.into(), &0.into()), "{}", said.err);
    assert_eq!(ops_on(url, &["consumer", "gaps"]).exit, 0);
    let charged = |billing: &Billing| billing.charged().into_iter().map(|(_, times)| times).sum::<u32>();
    let before = charged(&billing);
    take(store.clone(), &billing, &[placed(SHOP, "o-1", 3, 0)]).await;
    assert_eq!(charged(&billing), before + 1, "it is taken again");
    take(store, &billing, &[message("o-7", 1, 5), message("o-8", 1, 0)]).await;
    assert_eq!(charged(&billing), before + 1, "what has no place is not sent again, and stays as it was");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consumer_that_follows_the_outbox_in_its_database_is_sent_everything_again() {
    let file = setup::sqlite::File::new().await;
    let place = async |order: &str| {
        let mut tx = event_sqlx::begin(&file.pool).await.unwrap();
        OrderPlaced { order_id: order.to_owned(), cents: 5 }.enqueue(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    };
    place("o-1").await;
    place("o-2").await;
    let (store, billing) = (event_sqlx::Store::new(file.pool.clone()), Billing::default());
    let shutdown = CancellationToken::new();
    let consumer = Consumer::new(store.clone(), billing.clone()).poll(Duration::from_millis(20));
    let running = tokio::spawn(consumer.run(follow(store, Sink::new("billing")), shutdown.clone()));
    let charged = async |times: u32| {
        while billing.charged().iter().filter(|(_, charged)| *charged == times).count() < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    charged(1).await;
    let said = ops_on(&file.url, &["consumer", "rebuild", "billing", "--reason", "the totals were wrong"]);
    assert_eq!(said.exit, 0, "{}", said.err);
    insta::assert_snapshot!("a_rebuild", plain(&said));
    charged(2).await;
    shutdown.cancel();
    running.await.unwrap().unwrap();

    file.run("INSERT INTO event_outbox_floor SELECT slot, max(position) FROM event_outbox GROUP BY slot").await;
    let said = ops_on(&file.url, &["consumer", "rebuild", "billing", "--reason", "x"]);
    assert_eq!(said.exit, 2);
    assert!(said.err.starts_with("error: retention has dropped events of slot "), "{}", said.err);
    assert!(said.err.contains("  = help: begin behind them by `--from "), "{}", said.err);
    let said = ops_on(&file.url, &["consumer", "rebuild", "billing", "--reason", "x", "--accept-missing"]);
    assert_eq!(said.exit, 0, "{}", said.err);
}

on_every_database!(a_gap_is_reported_and_skipped_with_a_reason, a_consumer_begins_again);
