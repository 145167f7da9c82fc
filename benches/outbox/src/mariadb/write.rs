//! The write path, beside the same statements by hand.

use std::time::SystemTime;

use event_core::DomainEvent;
use event_sqlx::{Enqueue, enqueue_all};
use sqlx::MySqlPool;
use uuid::Uuid;

use crate::Result;
use crate::database::Mode;
use crate::events::OrderPlaced;
use crate::measure::{HUNDREDS, SINGLE};
use crate::ratio::Ratios;
use crate::table::{Promise, Row};

const ORDER: &str = "INSERT INTO orders (customer, total) VALUES (?, ?)";
const EVENT: &str = include_str!("../../../../adapters/event-sqlx/sql/mysql/enqueue.sql");
/// What one would write by hand: no procedure, and numbers drawn as the server likes.
const EVENTS: &str = "INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, version, occurred_at, payload, headers)
SELECT e.* FROM JSON_TABLE(?, '$[*]' COLUMNS (
  id VARCHAR(255) PATH '$[0]', aggregatetype VARCHAR(255) PATH '$[1]', aggregateid TEXT PATH '$[2]', type VARCHAR(255) PATH '$[3]',
  version INT PATH '$[4]', occurred_at BIGINT PATH '$[5]', payload LONGTEXT PATH '$[6]', headers LONGTEXT PATH '$[7]')) e";
const COMMIT: &str = include_str!("../../../../adapters/event-sqlx/sql/mysql/commit.sql");

/// One event and a business row.
pub(super) async fn single(pool: &MySqlPool, mode: Mode, rounds: usize) -> Result<Vec<Row>> {
    let ratios = Ratios::in_turn(
        (rounds, SINGLE),
        async |number| ours(pool, number).await,
        async |number| by_hand(pool, number).await,
    );
    let what = "one event and a business row, beside the same statements by hand";
    Ok(vec![Row::ratio(what, mode, &ratios.await?, Promise::AtLeast(0.95))])
}

/// A hundred events in each transaction.
pub(super) async fn hundred(pool: &MySqlPool, mode: Mode, rounds: usize) -> Result<Vec<Row>> {
    let ratios = Ratios::in_turn(
        (rounds, HUNDREDS),
        async |number| ours_hundred(pool, number).await,
        async |number| by_hand_hundred(pool, number).await,
    );
    let what = "100 events in a transaction, beside one bound document by hand";
    Ok(vec![Row::ratio(what, mode, &ratios.await?, Promise::AtLeast(0.95))])
}

async fn ours(pool: &MySqlPool, number: u32) -> Result<()> {
    let mut tx = event_sqlx::begin(pool).await?;
    sqlx::query(ORDER).bind("customer").bind(i64::from(number)).execute(tx.connection()).await?;
    OrderPlaced::new(number).enqueue(&mut tx).await?;
    Ok(tx.commit().await?)
}

/// The procedure commits, so a transaction of sqlx would be one too many.
async fn by_hand(pool: &MySqlPool, number: u32) -> Result<()> {
    let mut connection = pool.acquire().await?;
    sqlx::raw_sql("START TRANSACTION").execute(&mut *connection).await?;
    sqlx::query(ORDER).bind("customer").bind(i64::from(number)).execute(&mut *connection).await?;
    let (event, id) = (OrderPlaced::new(number), Uuid::now_v7().to_string());
    sqlx::query(EVENT)
        .bind(&id)
        .bind("order")
        .bind(&event.order_id)
        .bind(OrderPlaced::EVENT_TYPE)
        .bind(1_i64)
        .bind(now()?)
        .bind(serde_json::to_string(&event)?)
        .bind("{}")
        .execute(&mut *connection)
        .await?;
    sqlx::query(COMMIT).bind(serde_json::to_string(&[id])?).execute(&mut *connection).await?;
    Ok(())
}

async fn ours_hundred(pool: &MySqlPool, number: u32) -> Result<()> {
    let events = OrderPlaced::hundred(number);
    let mut tx = event_sqlx::begin(pool).await?;
    enqueue_all(&events, &mut tx).await?;
    Ok(tx.commit().await?)
}

async fn by_hand_hundred(pool: &MySqlPool, number: u32) -> Result<()> {
    let events = OrderPlaced::hundred(number);
    let mut connection = pool.acquire().await?;
    sqlx::raw_sql("START TRANSACTION").execute(&mut *connection).await?;
    let (mut rows, mut ids) = (Vec::new(), Vec::new());
    for event in &events {
        let (id, data) = (Uuid::now_v7().to_string(), serde_json::to_string(event)?);
        rows.push((id.clone(), "order", event.order_id.clone(), OrderPlaced::EVENT_TYPE, 1, now()?, data, "{}"));
        ids.push(id);
    }
    sqlx::query(EVENTS).bind(serde_json::to_string(&rows)?).execute(&mut *connection).await?;
    sqlx::query(COMMIT).bind(serde_json::to_string(&ids)?).execute(&mut *connection).await?;
    Ok(())
}

fn now() -> Result<i64> {
    Ok(i64::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_micros())?)
}
