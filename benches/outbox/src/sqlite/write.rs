//! The write path, beside the same prepared rows by hand.

use std::time::SystemTime;

use event_core::{DomainEvent, PartitionKey};
use event_sqlx::{Enqueue, enqueue_all};
use sqlx::{SqliteConnection, SqlitePool};
use uuid::Uuid;

use super::file::File;
use crate::Result;
use crate::database::Mode;
use crate::events::OrderPlaced;
use crate::measure::{HUNDREDS, SINGLE};
use crate::ratio::Ratios;
use crate::table::{Promise, Row};

const ORDER: &str = "INSERT INTO orders (customer, total) VALUES (?1, ?2)";
const EVENT: &str = include_str!("../../../../adapters/event-sqlx/sql/sqlite/enqueue.sql");

/// One event and a business row.
pub(super) async fn single(mode: Mode, rounds: usize) -> Result<Vec<Row>> {
    let file = File::new(mode).await?;
    let ratios = Ratios::in_turn(
        (rounds, SINGLE),
        async |number| ours(&file.pool, number).await,
        async |number| by_hand(&file.pool, number).await,
    );
    let what = "one event and a business row, beside the same prepared rows by hand";
    Ok(vec![Row::ratio(what, mode, &ratios.await?, Promise::AtLeast(0.95))])
}

/// A hundred events in each transaction.
pub(super) async fn hundred(mode: Mode, rounds: usize) -> Result<Vec<Row>> {
    let file = File::new(mode).await?;
    let ratios = Ratios::in_turn(
        (rounds, HUNDREDS),
        async |number| ours_hundred(&file.pool, number).await,
        async |number| by_hand_hundred(&file.pool, number).await,
    );
    let what = "100 events in a transaction, beside 100 prepared rows by hand";
    Ok(vec![Row::ratio(what, mode, &ratios.await?, Promise::AtLeast(0.95))])
}

async fn ours(pool: &SqlitePool, number: u32) -> Result<()> {
    let mut tx = event_sqlx::begin(pool).await?;
    sqlx::query(ORDER).bind("customer").bind(i64::from(number)).execute(tx.connection()).await?;
    OrderPlaced::new(number).enqueue(&mut tx).await?;
    Ok(tx.commit().await?)
}

async fn by_hand(pool: &SqlitePool, number: u32) -> Result<()> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query(ORDER).bind("customer").bind(i64::from(number)).execute(&mut *tx).await?;
    insert(&mut tx, &OrderPlaced::new(number)).await?;
    Ok(tx.commit().await?)
}

async fn ours_hundred(pool: &SqlitePool, number: u32) -> Result<()> {
    let events = OrderPlaced::hundred(number);
    let mut tx = event_sqlx::begin(pool).await?;
    enqueue_all(&events, &mut tx).await?;
    Ok(tx.commit().await?)
}

async fn by_hand_hundred(pool: &SqlitePool, number: u32) -> Result<()> {
    let events = OrderPlaced::hundred(number);
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    for event in &events {
        insert(&mut tx, event).await?;
    }
    Ok(tx.commit().await?)
}

async fn insert(connection: &mut SqliteConnection, event: &OrderPlaced) -> Result<()> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    sqlx::query(EVENT)
        .bind(Uuid::now_v7().to_string())
        .bind(i64::from(PartitionKey::from(format!("order/{}", event.order_id)).slot().number()))
        .bind("order")
        .bind(&event.order_id)
        .bind(OrderPlaced::EVENT_TYPE)
        .bind(1_i64)
        .bind(i64::try_from(now.as_micros())?)
        .bind(serde_json::to_string(event)?)
        .bind("{}")
        .execute(connection)
        .await?;
    Ok(())
}
