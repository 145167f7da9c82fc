//! Many events in one transaction.

use event_core::Slot;
use event_tests::events::Placed;

use crate::outbox::{Outbox, enqueue, run};

const EVENTS: u32 = 10_000;

/// The keys go round, so the slots do.
fn key(number: u32) -> String {
    format!("k{}", number % 100)
}

async fn assert_in_order(outbox: &Outbox) {
    assert_eq!(outbox.counts().await, [i64::from(EVENTS); 3]);
    for first in 0..100 {
        let expected: Vec<_> = (0..100).map(|round| round * 100 + first).collect();
        assert_eq!(outbox.steps(&format!("k{first}")).await, expected);
    }
}

pub(crate) async fn ten_thousand_events_one_by_one_keep_their_order(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut tx = event_sqlx::begin(&outbox.pool).await.unwrap();
    for number in 0..EVENTS {
        enqueue(&mut tx, &key(number), number).await;
    }
    tx.commit().await.unwrap();
    assert_in_order(&outbox).await;
}

pub(crate) async fn ten_thousand_events_at_once_keep_their_order_under_a_lock_per_slot(server: &str) {
    let outbox = Outbox::on(server).await;
    let name = outbox.prepared("many");
    let events: Vec<_> = (0..EVENTS).map(|number| Placed::new(&key(number), number)).collect();
    let mut tx = event_sqlx::begin(&outbox.pool).await.unwrap();
    event_sqlx::enqueue_all(&events, &mut tx).await.unwrap();
    run(tx.connection(), format!("PREPARE TRANSACTION '{name}'")).await;
    tx.commit().await.unwrap();
    let mut slots: Vec<_> = (0..100).map(|number| Slot::of(&format!("trial/{}", key(number))).number()).collect();
    slots.sort_unstable();
    slots.dedup();
    let slots: Vec<_> = slots.into_iter().map(i64::from).collect();
    assert_eq!(outbox.locked_by_prepared(&name).await, slots, "a lock for each slot, and none for each event");
    outbox.run(format!("COMMIT PREPARED '{name}'")).await;
    assert_in_order(&outbox).await;
}
