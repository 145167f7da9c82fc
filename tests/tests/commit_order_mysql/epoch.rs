//! Restored and failed over: another epoch, and nothing is read or moved under the old one.

use event_core::runtime::{Origin, Outbox as _};
use event_core::{Advance, Cursor, Relay, Sequence, Sink, Slot};
use event_sqlx::Store;
use event_tests::recorder::Recorder;

use crate::outbox::{Outbox, enqueue, until};

/// As a dump does that is restored in place: the same rows, and a procedure that was made at another time. Servers count
/// that time in seconds.
async fn restore_in_place(outbox: &Outbox) {
    let same = "SELECT i.made = UNIX_TIMESTAMP(r.created) FROM event_outbox_identity i, information_schema.routines r
                WHERE r.routine_schema = DATABASE() AND r.routine_name = 'event_outbox_made'";
    until("the procedure is another", async || {
        outbox.run("DROP PROCEDURE event_outbox_made").await;
        outbox.run("CREATE PROCEDURE event_outbox_made() NO SQL SQL SECURITY INVOKER DO 0").await;
        outbox.number(same).await == 0
    })
    .await;
}

/// What is done to tables at night is no restore.
pub(crate) async fn optimised_and_rebuilt_tables_begin_no_epoch(server: &str) {
    let outbox = Outbox::on(server).await;
    let source = Origin::source(&Store::new(outbox.pool.clone())).await.unwrap();
    for table in ["event_outbox_identity", "event_outbox_log", "event_outbox"] {
        outbox.run(format!("OPTIMIZE TABLE {table}")).await;
        outbox.run(format!("ALTER TABLE {table} FORCE")).await;
    }
    assert_eq!(Origin::source(&Store::new(outbox.pool.clone())).await.unwrap(), source);
}

pub(crate) async fn an_operator_can_begin_an_epoch(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.run("UPDATE event_outbox_identity SET made = 0").await;
    for _ in 0..2 {
        let source = Origin::source(&Store::new(outbox.pool.clone())).await.unwrap();
        assert!(source.as_str().ends_with("?epoch=2"), "{source}");
    }
}

pub(crate) async fn a_dump_restored_in_place_begins_an_epoch(server: &str) {
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
