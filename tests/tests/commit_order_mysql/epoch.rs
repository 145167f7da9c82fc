//! Restored and failed over: another epoch, and nothing is read or moved under the old one.

use event_core::runtime::{Origin, Outbox as _};
use event_core::{Advance, Cursor, Relay, Sequence, Sink, Slot};
use event_sqlx::Store;
use event_tests::recorder::Recorder;

use crate::outbox::{Outbox, enqueue, run};

/// As a dump does that is restored in place: the same rows in a table that was made at another time.
async fn restore_in_place(outbox: &Outbox) {
    let mut connection = outbox.connect().await;
    run(&mut connection, "CREATE TABLE kept AS SELECT * FROM event_outbox_identity").await;
    run(&mut connection, "UPDATE kept SET made = made - 1").await;
    run(&mut connection, "DELETE FROM event_outbox_identity").await;
    run(&mut connection, "INSERT INTO event_outbox_identity SELECT * FROM kept").await;
    run(&mut connection, "DROP TABLE kept").await;
}

pub(crate) async fn a_table_that_was_made_anew_begins_an_epoch(server: &str) {
    let outbox = Outbox::on(server).await;
    let store = Store::new(outbox.pool.clone());
    let before = Origin::source(&store).await.unwrap();
    assert!(before.as_str().ends_with("?epoch=1"), "{before}");
    let mut tx = outbox.begin().await;
    enqueue(&mut tx, "a", 1).await;
    tx.commit().await.unwrap();
    let recorder = Recorder::default();
    assert_eq!(Relay::new(store.clone(), recorder.clone()).step().await.unwrap().sent, 1);
    restore_in_place(&outbox).await;
    let sink = Sink::new("default");
    let survey = Store::new(outbox.pool.clone()).survey(&sink).await.unwrap();
    assert!(survey.source.as_str().ends_with("?epoch=2"), "{}", survey.source);
    assert!(survey.slots.iter().all(|slot| slot.owner.is_none() && slot.lease.cursor.sent == Sequence::START));
    // The relay of the old epoch still holds its memory: it reads nothing and moves nothing.
    let all: Vec<_> = Slot::all().map(|slot| Cursor::new(slot, Sequence::START, Sequence::START)).collect();
    assert_eq!(store.read(&sink, &all, 10).await.unwrap().len(), 0);
    let lease = &survey.slots[0].lease;
    let moved = Advance::new(Cursor::new(lease.cursor.slot, Sequence::new(99), Sequence::new(99)), lease.fence);
    assert_eq!(store.advance(&sink, &store.owner(), &[moved]).await.unwrap(), [lease.cursor.slot]);
    let again = Relay::new(Store::new(outbox.pool.clone()), recorder.clone());
    assert_eq!(again.step().await.unwrap().sent, 0, "what was sent is not sent again");
}
