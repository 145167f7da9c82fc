//! What a relay promises.

use std::time::Duration;

use event_core::runtime::{Origin, Outbox, Relay};
use event_core::{Advance, Cursor, Lease, Owner, Registration, Sequence, Sink, Timestamp};

use crate::events::{Placed, Viewed};
use crate::recorder::{Answer, Recorder};
use crate::setup::{Setup, noon};

/// What was sent, as `<order>/<step>`.
pub(super) fn steps(recorder: &Recorder) -> Vec<String> {
    let step = |data: &str| serde_json::from_str::<Placed>(data).map(|p| format!("{}/{}", p.order_id, p.step)).unwrap();
    recorder.sent().iter().map(|envelope| step(envelope.data.as_ref().unwrap().get())).collect()
}

/// What a relay does first, with a lease of ten seconds.
pub(super) async fn claim<S: Outbox>(store: &S, sink: &Sink, owner: &Owner) -> Vec<Lease> {
    store.register(sink, &Registration::default()).await.unwrap();
    let claim = store.survey(sink).await.unwrap().claim(owner);
    store.claim(sink, owner, Duration::from_secs(10), &claim).await.unwrap()
}

fn orders(count: u32) -> Vec<Placed> {
    (1..=count).map(|step| Placed::new("o-1", step)).collect()
}

pub async fn a_committed_event_is_sent_once_and_a_rolled_back_one_never<S: Setup>() {
    let setup = S::fresh(noon()).await;
    setup.abandon(&Placed::new("o-0", 1)).await;
    setup.commit(&[Placed::new("o-1", 1)]).await;
    let recorder = Recorder::default();
    let relay = Relay::new(setup.store(), recorder.clone());
    assert_eq!(relay.step().await.unwrap().sent, 1);
    assert_eq!(relay.step().await.unwrap().sent, 0);
    assert_eq!(steps(&recorder), ["o-1/1"]);
}

pub async fn a_restarted_relay_goes_on_where_it_stopped<S: Setup>() {
    let clock = noon();
    let setup = S::fresh(clock.clone()).await;
    setup.commit(&orders(2)).await;
    let recorder = Recorder::default();
    Relay::new(setup.store(), recorder.clone()).step().await.unwrap();
    setup.commit(&[Placed::new("o-1", 3)]).await;
    clock.advance(Duration::from_secs(11));
    Relay::new(setup.other_process(), recorder.clone()).step().await.unwrap();
    assert_eq!(steps(&recorder), ["o-1/1", "o-1/2", "o-1/3"]);
    let previous: Vec<_> = recorder.sent().iter().map(|e| e.previous.unwrap()).collect();
    let sequence: Vec<_> = recorder.sent().iter().map(|e| e.sequence.unwrap()).collect();
    assert_eq!(previous.first(), Some(&Sequence::START));
    assert_eq!(previous.get(1..), sequence.get(..2), "each event names the one before it, over the restart");
}

pub async fn events_of_one_key_are_sent_in_the_order_of_their_commits<S: Setup>() {
    let setup = S::fresh(noon()).await;
    let writers = (0..8).map(|writer| {
        let setup = setup.clone();
        tokio::spawn(async move {
            for step in 1..=10 {
                setup.commit(&[Placed::new(&format!("o-{writer}"), step)]).await;
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let recorder = Recorder::default();
    let relay = Relay::new(setup.store(), recorder.clone()).batch(3);
    while relay.step().await.unwrap().sent > 0 {}
    let sent = steps(&recorder);
    assert_eq!(sent.len(), 80);
    for writer in 0..8 {
        let own: Vec<_> = sent.iter().filter(|step| step.starts_with(&format!("o-{writer}/"))).cloned().collect();
        assert_eq!(own, (1..=10).map(|step| format!("o-{writer}/{step}")).collect::<Vec<_>>());
    }
}

pub async fn the_envelope_carries_what_the_event_says<S: Setup>() {
    let setup = S::fresh(noon()).await;
    let ids = setup.commit(&[Placed::new("o-1", 1)]).await;
    setup.commit(&[Viewed { page: "/".to_owned() }]).await;
    let recorder = Recorder::default();
    Relay::new(setup.store(), recorder.clone()).step().await.unwrap();
    let sent = recorder.sent();
    let placed = sent.iter().find(|e| e.event_type == "trial.placed").unwrap();
    assert_eq!(Some(&placed.id), ids.first());
    assert_eq!((placed.event_version, placed.readable_since), (2, Some(2)));
    assert_eq!(placed.subject.as_ref().unwrap().as_str(), "o-1");
    assert_eq!(placed.partition_key.as_ref().unwrap().as_str(), "trial/o-1");
    assert_eq!(placed.data_schema.as_deref(), Some("urn:event:trial.placed:2"));
    assert_eq!(placed.data.as_ref().unwrap().get(), r#"{"order_id":"o-1","step":1,"note":null}"#);
    let viewed = sent.iter().find(|e| e.event_type == "trial.viewed").unwrap();
    assert_eq!(viewed.subject, None);
    assert_eq!(viewed.partition_key.as_ref().unwrap().as_str(), format!("trial/{}", viewed.id));
}

pub async fn a_transient_failure_stops_one_slot_and_the_event_is_sent_again<S: Setup>() {
    let setup = S::fresh(noon()).await;
    setup.commit(&orders(3)).await;
    let recorder = Recorder::default();
    recorder.answer([Answer::Take, Answer::Fail]);
    let relay = Relay::new(setup.store(), recorder.clone());
    let step = relay.step().await.unwrap();
    assert_eq!((step.sent, step.stopped), (1, 1));
    assert_eq!(relay.step().await.unwrap().sent, 2);
    assert_eq!(steps(&recorder), ["o-1/1", "o-1/2", "o-1/3"]);
}

pub async fn a_refused_event_is_parked_with_the_later_ones_of_its_key<S: Setup>() {
    let setup = S::fresh(noon()).await;
    setup.commit(&orders(2)).await;
    let recorder = Recorder::default();
    recorder.answer([Answer::Refuse]);
    let relay = Relay::new(setup.store(), recorder.clone());
    let step = relay.step().await.unwrap();
    assert_eq!((step.sent, step.parked), (0, 2));
    setup.commit(&[Placed::new("o-1", 3), Placed::new("o-2", 1)]).await;
    relay.step().await.unwrap();
    assert_eq!(steps(&recorder), ["o-2/1"]);
    assert_eq!(setup.parked().await, 3);
}

pub async fn a_second_relay_gets_no_slot_while_the_lease_lasts<S: Setup>() {
    let clock = noon();
    let setup = S::fresh(clock.clone()).await;
    setup.commit(&orders(1)).await;
    let (first, second) = (Recorder::default(), Recorder::default());
    let holder = Relay::new(setup.store(), first.clone());
    let other = Relay::new(setup.other_process(), second.clone());
    holder.step().await.unwrap();
    setup.commit(&[Placed::new("o-1", 2)]).await;
    other.step().await.unwrap();
    assert!(second.sent().is_empty());
    clock.advance(Duration::from_secs(11));
    other.step().await.unwrap();
    assert_eq!(steps(&second), ["o-1/2"]);
    holder.step().await.unwrap();
    assert_eq!(steps(&first), ["o-1/1"]);
}

pub async fn a_relay_whose_lease_was_taken_can_not_move_the_cursor<S: Setup>() {
    let clock = noon();
    let setup = S::fresh(clock.clone()).await;
    setup.commit(&orders(1)).await;
    let sink = Sink::default();
    let (stalled, other) = (setup.store(), setup.other_process());
    let (slow, quick) = (stalled.owner(), other.owner());
    let leases = claim(&stalled, &sink, &slow).await;
    clock.advance(Duration::from_secs(11));
    let taken = claim(&other, &sink, &quick).await;
    assert_eq!(taken.len(), 64);
    let slot = leases.first().unwrap();
    let moved = advance(slot.cursor, slot.fence);
    assert_eq!(stalled.advance(&sink, &slow, &[moved]).await.unwrap(), [slot.cursor.slot]);
    let renewed = claim(&other, &sink, &quick).await;
    let cursor = renewed.iter().find(|lease| lease.cursor.slot == slot.cursor.slot).unwrap().cursor;
    assert_eq!(cursor.position, Sequence::START);
}

fn advance(cursor: Cursor, fence: u64) -> Advance {
    let ahead = Sequence::new(99);
    Advance::new(Cursor::new(cursor.slot, ahead, ahead), fence)
}

pub async fn a_relay_that_stops_gives_its_slots_back<S: Setup>() {
    let setup = S::fresh(noon()).await;
    let store = setup.store();
    let (sink, owner) = (Sink::default(), store.owner());
    claim(&store, &sink, &owner).await;
    store.release(&sink, &owner).await.unwrap();
    let other = setup.other_process();
    assert_eq!(claim(&other, &sink, &other.owner()).await.len(), 64);
}

pub async fn a_foreign_row_that_is_no_json_blocks_nobody<S: Setup>() {
    // Only a database lets others write rows; what the relay decides about them is tested beside `SlotRun`.
    let setup = S::fresh(noon()).await;
    setup.commit(&[Placed::new("o-1", 1)]).await;
    let records = setup.store().read(&Sink::default(), &cursors(), 10).await.unwrap();
    let mut record = records.first().unwrap().clone();
    record.payload = "{".to_owned();
    assert!(record.to_envelope(&"/s".into(), Sequence::START).is_err());
    record.payload = "{}".to_owned();
    assert!(record.to_envelope(&"/s".into(), Sequence::START).is_ok());
    record.occurred_at = Timestamp::from_unix_micros(i64::MAX);
    assert!(record.to_envelope(&"/s".into(), Sequence::START).is_err(), "no consumer could read such a time");
}

fn cursors() -> Vec<Cursor> {
    event_core::Slot::all().map(|slot| Cursor::new(slot, Sequence::START, Sequence::START)).collect()
}

pub async fn a_lease_of_any_length_sends<S: Setup>() {
    for lease in [Duration::ZERO, Duration::MAX] {
        let setup = S::fresh(noon()).await;
        let recorder = Recorder::default();
        let relay = Relay::new(setup.store(), recorder.clone()).lease(lease);
        for event in orders(2) {
            setup.commit(&[event]).await;
            relay.step().await.unwrap();
        }
        assert_eq!(steps(&recorder), ["o-1/1", "o-1/2"]);
    }
}

pub async fn a_nul_in_the_data_is_sent_as_it_was_written<S: Setup>() {
    let setup = S::fresh(noon()).await;
    setup.commit(&[Placed { note: Some("a\0b".to_owned()), ..Placed::new("o-1", 1) }]).await;
    let recorder = Recorder::default();
    Relay::new(setup.store(), recorder.clone()).step().await.unwrap();
    let sent = recorder.sent();
    let data = sent.first().unwrap().data.as_ref().unwrap().get();
    assert_eq!(data, r#"{"order_id":"o-1","step":1,"note":"a\u0000b"}"#);
}
