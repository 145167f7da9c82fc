//! The named locks of slots: waited for, not got, and never left behind.

use std::time::Duration;

use event_core::runtime::Outbox as _;
use event_core::{Relay, Sink};
use event_sqlx::Store;
use event_tests::recorder::Recorder;

use crate::outbox::{Outbox, code, enqueue, key_in, run, session, until};

pub(crate) async fn a_commit_waits_for_its_slot_and_for_no_other(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut stranger = outbox.connect().await;
    let lock = outbox.lock(20).await;
    run(&mut stranger, format!("DO GET_LOCK('{lock}', 0)")).await;
    let mut waiting = outbox.begin().await;
    enqueue(&mut waiting, &key_in(20), 1).await;
    let waiting = tokio::spawn(waiting.commit());
    outbox.waits(1).await;
    let mut other = outbox.begin().await;
    enqueue(&mut other, &key_in(21), 1).await;
    other.commit().await.unwrap();
    assert_eq!(outbox.counts().await, [1; 3], "the other slot is free, and of this one nothing is seen");
    run(&mut stranger, format!("DO RELEASE_LOCK('{lock}')")).await;
    waiting.await.unwrap().unwrap();
    assert_eq!(outbox.counts().await, [2; 3]);
    outbox.is_free().await;
}

pub(crate) async fn a_commit_that_gets_no_lock_fails_for_a_while_and_leaves_nothing(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut stranger = outbox.connect().await;
    let lock = outbox.lock(33).await;
    run(&mut stranger, format!("DO GET_LOCK('{lock}', 0)")).await;
    let mut tx = outbox.begin().await;
    run(tx.connection(), "SET SESSION innodb_lock_wait_timeout = 1").await;
    // The lock of the lower slot is got, and has to be given back.
    enqueue(&mut tx, &key_in(2), 1).await;
    enqueue(&mut tx, &key_in(33), 1).await;
    let error = tx.commit().await.unwrap_err();
    assert_eq!(code(&error), 1205, "{error}");
    assert!(error.to_string().contains("committing events of the same slot"), "{error}");
    run(&mut stranger, format!("DO RELEASE_LOCK('{lock}')")).await;
    outbox.is_free().await;
    assert_eq!(outbox.counts().await, [0; 3]);
}

/// The caller's future is dropped while the server waits. The server goes on by itself; then nothing is left.
pub(crate) async fn a_commit_whose_caller_went_away_leaves_no_lock(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut stranger = outbox.connect().await;
    let lock = outbox.lock(9).await;
    run(&mut stranger, format!("DO GET_LOCK('{lock}', 0)")).await;
    let mut tx = outbox.begin().await;
    enqueue(&mut tx, &key_in(1), 1).await;
    enqueue(&mut tx, &key_in(9), 1).await;
    let given_up = tokio::time::timeout(Duration::from_millis(200), tx.commit()).await;
    assert!(given_up.is_err());
    outbox.waits(1).await;
    run(&mut stranger, format!("DO RELEASE_LOCK('{lock}')")).await;
    outbox.is_free().await;
    let [rows, stamped, pairs] = outbox.counts().await;
    assert_eq!((rows, rows), (stamped, pairs), "either all or nothing");
    for step in 2..10 {
        let mut tx = outbox.begin().await;
        enqueue(&mut tx, &key_in(9), step).await;
        tx.commit().await.unwrap();
    }
    outbox.is_free().await;
}

/// `KILL QUERY` ends a procedure without its handler: the caller gives the locks back.
pub(crate) async fn a_commit_whose_server_is_killed_in_the_middle_leaves_no_lock(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut stranger = outbox.connect().await;
    let lock = outbox.lock(30).await;
    run(&mut stranger, format!("DO GET_LOCK('{lock}', 0)")).await;
    let mut tx = outbox.begin().await;
    enqueue(&mut tx, &key_in(4), 1).await;
    enqueue(&mut tx, &key_in(30), 1).await;
    let victim = session(tx.connection()).await;
    let commit = tokio::spawn(tx.commit());
    outbox.waits(1).await;
    outbox.run(format!("KILL QUERY {victim}")).await;
    commit.await.unwrap().unwrap_err();
    run(&mut stranger, format!("DO RELEASE_LOCK('{lock}')")).await;
    outbox.is_free().await;
    assert_eq!(outbox.counts().await, [0; 3]);
    let relay = Relay::new(Store::new(outbox.pool.clone()), Recorder::default());
    until("the transaction is over", async || relay.step().await.is_ok()).await;
    assert!(!Store::new(outbox.pool.clone()).survey(&Sink::new("default")).await.unwrap().slots.is_empty());
}
