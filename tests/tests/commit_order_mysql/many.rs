//! Savepoints, many events in one transaction, many slots at once.

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
