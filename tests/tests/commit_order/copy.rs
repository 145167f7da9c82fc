//! COPY: many rows by one command, from a writer that isn't ours.

use std::fmt::Write as _;

use sqlx::PgPool;
use sqlx::postgres::PgPoolCopyExt;

use crate::outbox::{Outbox, enqueue};

const ROWS: u32 = 1_000;

async fn copy(pool: &PgPool) {
    let command = "COPY event_outbox (id, aggregatetype, aggregateid, type, payload) FROM STDIN";
    let mut rows = String::new();
    for number in 0..ROWS {
        let step = number + 2;
        let payload = format!(r#"{{"order_id": "k{}", "step": {step}}}"#, number % 10);
        let id = uuid::Uuid::from_u64_pair(7 << 12, u64::from(number) | 1 << 63);
        writeln!(rows, "{id}\ttrial\tk{}\ttrial.placed\t{payload}", number % 10).unwrap();
    }
    let mut copying = pool.copy_in_raw(command).await.unwrap();
    copying.send(rows.as_bytes()).await.unwrap();
    assert_eq!(copying.finish().await.unwrap(), u64::from(ROWS));
}

pub(crate) async fn copied_rows_are_stamped_in_their_order(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut before = event_sqlx::begin(&outbox.pool).await.unwrap();
    enqueue(&mut before, "k3", 1).await;
    before.commit().await.unwrap();
    copy(&outbox.pool).await;
    let mut after = event_sqlx::begin(&outbox.pool).await.unwrap();
    enqueue(&mut after, "k3", ROWS + 2).await;
    after.commit().await.unwrap();
    let copied = (5..=1_001).step_by(10).take(100);
    let expected: Vec<i32> = std::iter::once(1).chain(copied).chain([1_002]).collect();
    assert_eq!(outbox.steps("k3").await, expected);
    assert_eq!(outbox.counts().await, [i64::from(ROWS) + 2; 3]);
}
