//! The write path, beside the same SQL by hand on the same tables with the same triggers.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use event_core::DomainEvent;
use event_sqlx::{Enqueue, EnqueueWith, enqueue_all};
use sqlx::PgPool;
use uuid::Uuid;

use crate::Result;
use crate::database::{Mode, Schema, Target};
use crate::events::OrderPlaced;
use crate::measure::{HUNDREDS, SINGLE};
use crate::ratio::Ratios;
use crate::table::{Promise, Row};

const ORDER: &str = "INSERT INTO orders (customer, total) VALUES ($1, $2)";
const EVENT: &str = include_str!("../../../../adapters/event-sqlx/sql/postgres/enqueue.sql");
const EVENTS: &str = include_str!("../../../../adapters/event-sqlx/sql/postgres/enqueue_all.sql");
const FUSED: &str = "WITH business AS (INSERT INTO orders (customer, total) VALUES ($1, $2))
INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, version, occurred_at, payload, headers)
VALUES ($3::uuid, $4, $5, $6, $7, $8, $9, $10::jsonb)";

/// One event and a business row.
pub(super) async fn single(target: &Target, mode: Mode) -> Result<Vec<Row>> {
    let schema = target.schema(mode).await?;
    let ratios = Ratios::in_turn(
        (target.rounds, SINGLE),
        async |number| ours(&schema.pool, number).await,
        async |number| by_hand(&schema.pool, number).await,
    );
    let ratios = ratios.await?;
    row(schema, ratios, mode, "one event and a business row, beside the same SQL by hand", Promise::AtLeast(0.97)).await
}

/// One event and a business row in one round trip.
pub(super) async fn fused(target: &Target, mode: Mode) -> Result<Vec<Row>> {
    let schema = target.schema(mode).await?;
    let ratios = Ratios::in_turn(
        (target.rounds, SINGLE),
        async |number| ours_fused(&schema.pool, number).await,
        async |number| by_hand_fused(&schema.pool, number).await,
    );
    let ratios = ratios.await?;
    row(schema, ratios, mode, "the same in one round trip, beside the same SQL by hand", Promise::AtLeast(0.97)).await
}

/// A hundred events in each transaction.
pub(super) async fn hundred(target: &Target, mode: Mode) -> Result<Vec<Row>> {
    let schema = target.schema(mode).await?;
    let ratios = Ratios::in_turn(
        (target.rounds, HUNDREDS),
        async |number| ours_hundred(&schema.pool, number).await,
        async |number| by_hand_hundred(&schema.pool, number).await,
    );
    let ratios = ratios.await?;
    row(schema, ratios, mode, "100 events in a transaction, beside `UNNEST` by hand", Promise::AtLeast(0.95)).await
}

/// The same inserts with the triggers and without them.
pub(super) async fn triggers(target: &Target, mode: Mode) -> Result<Vec<Row>> {
    let (with, without) = (target.schema(mode).await?, target.schema(mode).await?);
    without.run("ALTER TABLE event_outbox DISABLE TRIGGER USER").await?;
    let single = Ratios::in_turn(
        (target.rounds, SINGLE),
        async |number| by_hand(&with.pool, number).await,
        async |number| by_hand(&without.pool, number).await,
    );
    let single = single.await?;
    let hundred = Ratios::in_turn(
        (target.rounds, HUNDREDS),
        async |number| by_hand_hundred(&with.pool, number).await,
        async |number| by_hand_hundred(&without.pool, number).await,
    );
    let hundred = hundred.await?;
    with.drop().await?;
    without.drop().await?;
    Ok(vec![
        Row::ratio(
            "one event and a business row by hand, beside the same without triggers",
            mode,
            &single,
            Promise::None,
        ),
        Row::ratio("100 events by `UNNEST`, beside the same without triggers", mode, &hundred, Promise::None),
    ])
}

async fn row(schema: Schema, ratios: Ratios, mode: Mode, what: &str, promise: Promise) -> Result<Vec<Row>> {
    schema.drop().await?;
    Ok(vec![Row::ratio(what, mode, &ratios, promise)])
}

async fn ours(pool: &PgPool, number: u32) -> Result<()> {
    let mut tx = event_sqlx::begin(pool).await?;
    sqlx::query(ORDER).bind("customer").bind(i64::from(number)).execute(tx.connection()).await?;
    OrderPlaced::new(number).enqueue(&mut tx).await?;
    Ok(tx.commit().await?)
}

async fn by_hand(pool: &PgPool, number: u32) -> Result<()> {
    let mut tx = pool.begin().await?;
    sqlx::query(ORDER).bind("customer").bind(i64::from(number)).execute(&mut *tx).await?;
    let event = OrderPlaced::new(number);
    sqlx::query(EVENT)
        .bind(Uuid::now_v7().to_string())
        .bind("order")
        .bind(&event.order_id)
        .bind("order.placed")
        .bind(1_i32)
        .bind(now())
        .bind(serde_json::to_string(&event)?)
        .bind("{}")
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

async fn ours_fused(pool: &PgPool, number: u32) -> Result<()> {
    let mut tx = event_sqlx::begin(pool).await?;
    let order = sqlx::query(ORDER).bind("customer").bind(i64::from(number));
    OrderPlaced::new(number).enqueue_with(order, &mut tx).await?;
    Ok(tx.commit().await?)
}

async fn by_hand_fused(pool: &PgPool, number: u32) -> Result<()> {
    let mut tx = pool.begin().await?;
    let event = OrderPlaced::new(number);
    sqlx::query(FUSED)
        .bind("customer")
        .bind(i64::from(number))
        .bind(Uuid::now_v7().to_string())
        .bind("order")
        .bind(&event.order_id)
        .bind("order.placed")
        .bind(1_i32)
        .bind(now())
        .bind(serde_json::to_string(&event)?)
        .bind("{}")
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

async fn ours_hundred(pool: &PgPool, number: u32) -> Result<()> {
    let events = OrderPlaced::hundred(number);
    let mut tx = event_sqlx::begin(pool).await?;
    enqueue_all(&events, &mut tx).await?;
    Ok(tx.commit().await?)
}

async fn by_hand_hundred(pool: &PgPool, number: u32) -> Result<()> {
    let events = OrderPlaced::hundred(number);
    let mut tx = pool.begin().await?;
    let count = events.len();
    let data = events.iter().map(serde_json::to_string).collect::<serde_json::Result<Vec<_>>>()?;
    sqlx::query(EVENTS)
        .bind(events.iter().map(|_| Uuid::now_v7().to_string()).collect::<Vec<_>>())
        .bind(vec!["order"; count])
        .bind(events.iter().map(|event| event.order_id.as_str()).collect::<Vec<_>>())
        .bind(vec![OrderPlaced::EVENT_TYPE; count])
        .bind(vec![1_i32; count])
        .bind(vec![now(); count])
        .bind(data)
        .bind(vec!["{}"; count])
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}
