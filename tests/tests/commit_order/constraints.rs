//! A user who says `SET CONSTRAINTS ALL IMMEDIATE`: rows are stamped as they come, under a lock that is held until the
//! commit.

use event_core::EnqueueError;
use event_sqlx::Enqueue;
use event_tests::events::Placed;

use crate::outbox::{Outbox, backend, code, enqueue, key_in, keys_in, run};

pub(crate) async fn immediate_constraints_keep_the_order_of_commits(server: &str) {
    let outbox = Outbox::on(server).await;
    let [early, late]: [String; 2] = keys_in(20, 2).try_into().unwrap();
    let mut first = event_sqlx::begin(&outbox.pool).await.unwrap();
    run(first.connection(), "SET CONSTRAINTS ALL IMMEDIATE").await;
    enqueue(&mut first, &early, 1).await;
    let mut second = event_sqlx::begin(&outbox.pool).await.unwrap();
    enqueue(&mut second, &late, 1).await;
    enqueue(&mut second, &early, 3).await;
    let waiting = backend(second.connection()).await;
    let second = tokio::spawn(second.commit());
    outbox.waits_for_a_slot(waiting).await;
    enqueue(&mut first, &early, 2).await;
    assert_eq!(outbox.counts().await, [0; 3], "nothing of a slot is read while an earlier commit is on its way");
    first.commit().await.unwrap();
    second.await.unwrap().unwrap();
    assert_eq!(outbox.steps(&early).await, [1, 2, 3]);
    assert_eq!(outbox.counts().await, [4; 3]);
}

pub(crate) async fn immediate_constraints_in_opposite_order_are_a_deadlock_that_can_be_tried_again(server: &str) {
    let outbox = Outbox::on(server).await;
    let (low, high) = (key_in(2), key_in(50));
    let mut first = event_sqlx::begin(&outbox.pool).await.unwrap();
    let mut second = event_sqlx::begin(&outbox.pool).await.unwrap();
    for tx in [&mut first, &mut second] {
        run(tx.connection(), "SET CONSTRAINTS ALL IMMEDIATE").await;
    }
    // Only the second one looks for deadlocks soon, so it is the one that fails.
    run(first.connection(), "SET LOCAL deadlock_timeout = '60s'").await;
    run(second.connection(), "SET LOCAL deadlock_timeout = '10ms'").await;
    enqueue(&mut first, &low, 1).await;
    enqueue(&mut second, &high, 2).await;
    let waiting = backend(first.connection()).await;
    let first = tokio::spawn({
        let high = high.clone();
        async move {
            enqueue(&mut first, &high, 1).await;
            first.commit().await.unwrap();
        }
    });
    outbox.waits_for_a_slot(waiting).await;
    let error = Placed::new(&low, 2).enqueue(&mut second).await.unwrap_err();
    let EnqueueError::Store(error) = error else { panic!("not the store's: {error:?}") };
    assert_eq!(code(error.downcast_ref().unwrap()), "40P01");
    second.rollback().await.unwrap();
    first.await.unwrap();
    let mut again = event_sqlx::begin(&outbox.pool).await.unwrap();
    enqueue(&mut again, &high, 2).await;
    enqueue(&mut again, &low, 2).await;
    again.commit().await.unwrap();
    assert_eq!(outbox.steps(&low).await, [1, 2]);
    assert_eq!(outbox.steps(&high).await, [1, 2]);
    assert_eq!(outbox.counts().await, [4; 3]);
}
