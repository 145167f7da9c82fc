//! The billing of the shop on the test bench: what it publishes, and that nothing makes it do so twice.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use event_core::testing::{Fault, Kit, ManualClock};
use event_core::{Place, assert_published};
use event_examples::shop::{self, Billing, InvoiceIssued, Money, OrderPlaced};
use event_sqlx::Store;
use sqlx::Sqlite;

async fn bench(folder: &tempfile::TempDir, billing: Billing) -> Kit<Store<Sqlite>, Billing> {
    let pool = shop::open(&folder.path().join("shop.db")).await.unwrap();
    let clock = ManualClock::new("2026-03-01T12:00:00Z".parse().unwrap());
    Kit::new(Store::new(pool).clock(clock.clone()), billing, clock)
}

fn order(id: &str, currency: &str) -> OrderPlaced {
    let total = Money { amount_cents: 990, currency: currency.to_owned() };
    OrderPlaced { order_id: id.into(), total, ..OrderPlaced::default() }
}

#[tokio::test]
async fn an_order_is_invoiced_once_whatever_fails() {
    let folder = tempfile::tempdir().unwrap();
    let kit = bench(&folder, Billing::default()).await;
    for (id, fault) in [("o-1", Fault::Begin), ("o-2", Fault::BeforeCommit), ("o-3", Fault::AfterCommit)] {
        kit.fail(fault, 1);
        kit.deliver(&order(id, "EUR")).await.unwrap();
        kit.after(Duration::from_secs(60)).await.unwrap();
        assert_published!(kit, [InvoiceIssued::for_order(&order(id, "EUR"))]);
    }
    assert_eq!(kit.redeliver_all().await.unwrap().duplicates, 3);
    assert_published!(kit, []);
}

#[tokio::test]
async fn an_order_in_a_currency_without_an_account_waits_for_somebody() {
    let folder = tempfile::tempdir().unwrap();
    let kit = bench(&folder, Billing { currencies: vec!["EUR".to_owned()] }).await;
    assert_eq!(kit.deliver(&order("o-1", "USD")).await.unwrap().dead_letters, 1);
    assert_published!(kit, []);
    let letters = kit.letters(Place::DeadLetter).await.unwrap();
    assert_eq!(letters.first().unwrap().errors, ["no bank account for USD"]);
}
