//! Prepared transactions: stamped when they are prepared, and their slots are locked until they are decided.

use crate::outbox::{Outbox, backend, enqueue, key_in, run};

async fn prepare(outbox: &Outbox, name: &str, slot: u8) {
    let mut tx = event_sqlx::begin(&outbox.pool).await.unwrap();
    enqueue(&mut tx, &key_in(slot), 1).await;
    run(tx.connection(), format!("PREPARE TRANSACTION '{name}'")).await;
    tx.commit().await.unwrap();
}

async fn commit(outbox: &Outbox, slot: u8, step: u32) {
    let mut tx = event_sqlx::begin(&outbox.pool).await.unwrap();
    enqueue(&mut tx, &key_in(slot), step).await;
    tx.commit().await.unwrap();
}

pub(crate) async fn a_prepared_transaction_blocks_its_slot_and_no_other(server: &str) {
    let outbox = Outbox::on(server).await;
    let name = outbox.prepared("blocks");
    prepare(&outbox, &name, 30).await;
    let seen: Vec<String> = sqlx::query_scalar("SELECT gid FROM pg_prepared_xacts WHERE gid = $1")
        .bind(&name)
        .fetch_all(&outbox.pool)
        .await
        .unwrap();
    assert_eq!(seen, [name.as_str()], "an operator finds it");
    commit(&outbox, 31, 1).await;
    assert_eq!(outbox.steps(&key_in(31)).await, [1]);
    let mut blocked = event_sqlx::begin(&outbox.pool).await.unwrap();
    enqueue(&mut blocked, &key_in(30), 2).await;
    let waiting = backend(blocked.connection()).await;
    let blocked = tokio::spawn(blocked.commit());
    outbox.waits_for_a_slot(waiting).await;
    assert_eq!(outbox.steps(&key_in(30)).await, [0; 0]);
    outbox.run(format!("COMMIT PREPARED '{name}'")).await;
    blocked.await.unwrap().unwrap();
    assert_eq!(outbox.steps(&key_in(30)).await, [1, 2]);
    assert_eq!(outbox.counts().await, [3; 3]);
}

pub(crate) async fn a_prepared_transaction_that_is_rolled_back_leaves_nothing(server: &str) {
    let outbox = Outbox::on(server).await;
    let name = outbox.prepared("rolled_back");
    prepare(&outbox, &name, 30).await;
    outbox.run(format!("ROLLBACK PREPARED '{name}'")).await;
    commit(&outbox, 30, 2).await;
    assert_eq!(outbox.steps(&key_in(30)).await, [2]);
    assert_eq!(outbox.counts().await, [1; 3]);
}
