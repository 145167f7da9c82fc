//! Savepoints, many events in one transaction, many slots at once.

use event_core::EnqueueError;
use event_sqlx::Enqueue;
use event_tests::events::Placed;

use crate::outbox::{Outbox, enqueue, key_in};

const EVENTS: u32 = 10_000;

pub(crate) async fn what_a_savepoint_took_back_is_not_in_the_log(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut tx = outbox.begin().await;
    enqueue(&mut tx, "a", 1).await;
    let mut outer = tx.savepoint().await.unwrap();
    enqueue(&mut outer, "a", 2).await;
    let mut inner = outer.savepoint().await.unwrap();
    enqueue(&mut inner, "a", 3).await;
    inner.commit().await.unwrap();
    outer.rollback().await.unwrap();
    let mut kept = tx.savepoint().await.unwrap();
    enqueue(&mut kept, "a", 4).await;
    kept.commit().await.unwrap();
    assert_eq!(outbox.counts().await, [0; 3], "a savepoint commits nothing");
    tx.commit().await.unwrap();
    assert_eq!(outbox.steps("a").await, [1, 4]);
    assert_eq!(outbox.counts().await, [2; 3]);
    outbox.is_free().await;
}

pub(crate) async fn ten_thousand_events_in_one_transaction_keep_their_order(server: &str) {
    let outbox = Outbox::on(server).await;
    let key = |number: u32| format!("k{}", number % 100);
    let events: Vec<_> = (0..EVENTS).map(|number| Placed::new(&key(number), number)).collect();
    let mut tx = outbox.begin().await;
    event_sqlx::enqueue_all(&events, &mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(outbox.counts().await, [i64::from(EVENTS); 3]);
    for number in 0..100 {
        let expected: Vec<_> = (0..EVENTS / 100).map(|round| i64::from(round * 100 + number)).collect();
        assert_eq!(outbox.steps(&key(number)).await, expected);
    }
}

pub(crate) async fn slots_in_opposite_order_do_not_deadlock(server: &str) {
    let outbox = Outbox::on(server).await;
    let keys = [key_in(3), key_in(17), key_in(40), key_in(62)];
    let writers = (0..4).map(|writer| {
        let (pool, mut keys) = (outbox.pool.clone(), keys.clone());
        keys.rotate_left(writer);
        tokio::spawn(async move {
            for step in 0..50 {
                let mut tx = event_sqlx::begin(&pool).await.unwrap();
                for key in &keys {
                    enqueue(&mut tx, key, step).await;
                }
                tx.commit().await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(outbox.counts().await, [800; 3]);
    // All four slots are locked before the first position is drawn, so transactions come one after the other in all of them.
    let orders: Vec<_> = keys.iter().map(|key| outbox.steps(key)).collect();
    let first = outbox.steps(&keys[0]).await;
    for order in orders {
        assert_eq!(order.await, first);
    }
}

/// An id that has its place already is no reason to fail the commit of what else there is.
pub(crate) async fn an_id_that_was_refused_or_taken_back_does_not_fail_the_commit(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut tx = outbox.begin().await;
    Placed::new("a", 1).enqueue(&mut tx).id("same".into()).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = outbox.begin().await;
    let refused = Placed::new("a", 2).enqueue(&mut tx).id("same".into()).await.unwrap_err();
    assert!(matches!(refused, EnqueueError::DuplicateId { .. }), "{refused:?}");
    Placed::new("a", 3).enqueue(&mut tx).id("again".into()).await.unwrap();
    let mut taken_back = tx.savepoint().await.unwrap();
    Placed::new("a", 4).enqueue(&mut taken_back).id("twice".into()).await.unwrap();
    taken_back.rollback().await.unwrap();
    Placed::new("a", 5).enqueue(&mut tx).id("twice".into()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(outbox.steps("a").await, [1, 3, 5]);
    assert_eq!(outbox.counts().await, [3; 3]);
    outbox.is_free().await;
}

/// One that is refused takes back those before it, and the transaction goes on.
pub(crate) async fn many_events_of_which_one_is_refused_leave_nothing_and_the_transaction_goes_on(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut tx = outbox.begin().await;
    Placed::new("a", 1).enqueue(&mut tx).await.unwrap();
    // No event has version 0.
    let call = r#"CALL event_outbox_insert('[["x","trial","a","trial.placed",2,0,"{}","{}"],["y","trial","a","trial.placed",0,0,"{}","{}"]]')"#;
    sqlx::raw_sql(call).execute(tx.connection()).await.unwrap_err();
    Placed::new("a", 2).enqueue(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(outbox.steps("a").await, [1, 2]);
    assert_eq!(outbox.counts().await, [2; 3]);
}

/// Numbers that nobody uses would be holes to a sweep.
pub(crate) async fn many_events_at_once_leave_no_holes_in_the_numbers(server: &str) {
    let outbox = Outbox::on(server).await;
    for round in 0..5 {
        let events: Vec<_> = (0..5).map(|step| Placed::new("a", round * 5 + step)).collect();
        let mut tx = outbox.begin().await;
        event_sqlx::enqueue_all(&events, &mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(outbox.number("SELECT MAX(number) - MIN(number) + 1 FROM event_outbox").await, 25);
    assert_eq!(outbox.steps("a").await, (0..25).collect::<Vec<_>>());
}

/// Whatever an id is made of, its event gets its place at the commit, alone and with others.
pub(crate) async fn ids_of_any_characters_get_their_places(server: &str) {
    let outbox = Outbox::on(server).await;
    let ids = ["\u{1f600}", "a\"b", "a\\b", "a'b", " a ", "a", "é", "日本"];
    for id in ids {
        let mut tx = outbox.begin().await;
        Placed::new("a", 1).enqueue(&mut tx).id(id.into()).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(outbox.counts().await, [8; 3]);
    let mut tx = outbox.begin().await;
    for id in ids {
        Placed::new("a", 2).enqueue(&mut tx).id(format!("{id}2").into()).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(outbox.counts().await, [16; 3]);
}
