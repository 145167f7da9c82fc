//! Several slots in one transaction: their locks are taken in ascending order, whatever order they were written in.

use sqlx::Postgres;

use crate::load::Dice;
use crate::outbox::{Outbox, backend, enqueue, key_in, run};
use crate::partitions::{insert, partition};

/// Begins a transaction that writes to these slots, in this order. Tells its backend.
async fn writes(outbox: &Outbox, table: &str, slots: &[u8]) -> (event_sqlx::Transaction<'static, Postgres>, i32) {
    let mut tx = event_sqlx::begin(&outbox.pool).await.unwrap();
    for slot in slots {
        run(tx.connection(), insert(table, &key_in(*slot), 1, "clock_timestamp()")).await;
    }
    let backend = backend(tx.connection()).await;
    (tx, backend)
}

/// A third transaction holds the slot between the others, so both are in the middle of their commits at once: in the order
/// of writing the one would hold slot 1 and the other slot 9.
async fn commit_in_opposite_order(outbox: &Outbox, table: &str) {
    let (mut between, _) = writes(outbox, table, &[5]).await;
    run(between.connection(), "SET CONSTRAINTS ALL IMMEDIATE").await;
    let (up, up_backend) = writes(outbox, table, &[1, 5, 9]).await;
    let (down, down_backend) = writes(outbox, table, &[9, 5, 1]).await;
    let up = tokio::spawn(up.commit());
    outbox.waits_for_a_slot(up_backend).await;
    let down = tokio::spawn(down.commit());
    outbox.waits_for_a_slot(down_backend).await;
    between.commit().await.unwrap();
    up.await.unwrap().unwrap();
    down.await.unwrap().unwrap();
}

pub(crate) async fn slots_in_opposite_order_do_not_deadlock(server: &str) {
    let outbox = Outbox::on(server).await;
    commit_in_opposite_order(&outbox, "event_outbox").await;
    assert_eq!(outbox.counts().await, [7; 3]);
    commit_in_opposite_order(&outbox, &partition(&outbox, 0).await).await;
    assert_eq!(outbox.counts().await, [14; 3]);
}

pub(crate) async fn transactions_over_many_slots_at_once_all_commit(server: &str) {
    const ROUNDS: u32 = 40;
    let outbox = Outbox::on(server).await;
    let writers = (0..4).map(|writer| {
        let pool = outbox.pool.clone();
        tokio::spawn(async move {
            let mut dice = Dice::new(writer);
            for step in 0..ROUNDS {
                let mut tx = event_sqlx::begin(&pool).await.unwrap();
                for _ in 0..8 {
                    enqueue(&mut tx, &format!("k{}", dice.below(20)), step).await;
                }
                tx.commit().await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(outbox.counts().await, [i64::from(4 * ROUNDS * 8); 3]);
}
