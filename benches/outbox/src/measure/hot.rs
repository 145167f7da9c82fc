//! Writers of one key that work for 20 ms in their transaction: the slot is locked at commit alone.

use std::time::Duration;

use event_sqlx::Enqueue;
use sqlx::PgPool;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::Result;
use crate::database::{Mode, Target};
use crate::events::OrderPlaced;
use crate::ratio::{Ratios, timed};
use crate::table::{Promise, Row};

const WORK: Duration = Duration::from_millis(20);
const WRITERS: u32 = 16;
const TRANSACTIONS: u32 = 20;

pub(super) async fn hot(target: &Target, mode: Mode) -> Result<Vec<Row>> {
    let schema = target.schema(mode).await?;
    let ratios = Ratios::of(
        target.rounds,
        async || timed(all(&schema.pool, true)).await,
        async || timed(all(&schema.pool, false)).await,
    );
    let ratios = ratios.await?;
    schema.drop().await?;
    let what = "16 writers of one key, 20 ms of work in each transaction, beside the same without events";
    Ok(vec![Row::ratio(what, mode, &ratios, Promise::AtLeast(0.95))])
}

async fn all(pool: &PgPool, events: bool) -> Result<()> {
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        writers.spawn(writer(pool.clone(), events));
    }
    while let Some(done) = writers.join_next().await {
        done??;
    }
    Ok(())
}

async fn writer(pool: PgPool, events: bool) -> Result<()> {
    for number in 0..TRANSACTIONS {
        let mut tx = event_sqlx::begin(&pool).await?;
        let order = sqlx::query("INSERT INTO orders (customer, total) VALUES ($1, $2)");
        order.bind("customer").bind(i64::from(number)).execute(tx.connection()).await?;
        if events {
            OrderPlaced::of("hot".to_owned(), number).enqueue(&mut tx).await?;
        }
        sleep(WORK).await;
        tx.commit().await?;
    }
    Ok(())
}
