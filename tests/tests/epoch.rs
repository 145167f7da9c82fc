//! A database that was failed over begins a new epoch of its outbox.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::time::Duration;

use event_core::runtime::{Origin, Outbox};
use event_core::{Advance, Cursor, Lease, Relay, Sequence, Sink, Slot};
use event_sqlx::{Enqueue, Store};
use event_tests::events::Placed;
use event_tests::postgres::{Server, Shutdown};
use event_tests::recorder::Recorder;
use event_tests::setup::postgres_pool;
use sqlx::{PgPool, Postgres};

async fn commit(pool: &PgPool, step: u32) {
    let mut tx = event_sqlx::begin(pool).await.unwrap();
    Placed::new("o-1", step).enqueue(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// What was sent, as the source's last character, the sequence and `previous`.
fn sent(recorder: &Recorder) -> Vec<(String, u64, u64)> {
    let place = |e: &event_core::Envelope| {
        let epoch = e.source.as_str().rsplit('=').next().unwrap().to_owned();
        (epoch, e.sequence.unwrap().number(), e.previous.unwrap().number())
    };
    recorder.sent().iter().map(place).collect()
}

fn cursors() -> Vec<Cursor> {
    Slot::all().map(|slot| Cursor::new(slot, Sequence::START, Sequence::START)).collect()
}

/// Stops the server and brings it up as a standby, which is then promoted: a new timeline, as after a failover or a
/// restore to a point in time.
async fn fail_over(server: &mut Server) -> PgPool {
    server.stop(Shutdown::Fast);
    std::fs::write(server.data().join("standby.signal"), "").unwrap();
    server.resume();
    let pool = postgres_pool(&server.url(), "public").await;
    let promoted: bool = sqlx::query_scalar("SELECT pg_promote()").fetch_one(&pool).await.unwrap();
    assert!(promoted);
    pool
}

mod postgres_15 {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_failover_begins_a_new_epoch_in_which_every_stream_begins_anew() {
        let mut server = Server::start(&[]);
        let pool = postgres_pool(&server.url(), "public").await;
        event_sqlx::migrate(&pool).await.unwrap();
        commit(&pool, 1).await;
        commit(&pool, 2).await;
        let (recorder, before) = (Recorder::default(), Store::<Postgres>::new(pool.clone()));
        Relay::new(before.clone(), recorder.clone()).step().await.unwrap();
        sqlx::query("DELETE FROM event_relay").execute(&pool).await.unwrap();
        sqlx::query("UPDATE event_relay_slot SET owner = NULL").execute(&pool).await.unwrap();
        let (sink, owner) = (Sink::default(), before.owner());
        let survey = before.survey(&sink).await.unwrap();
        let held = before.claim(&sink, &owner, Duration::from_secs(60), &survey.claim(&owner)).await.unwrap();
        let pool = fail_over(&mut server).await;
        commit(&pool, 3).await;
        // What the relay had sent before is of the old epoch: its place may be another event's by now.
        let ahead = |lease: &Lease| {
            Advance::new(Cursor::new(lease.cursor.slot, Sequence::new(99), Sequence::new(99)), lease.fence)
        };
        let advances: Vec<_> = held.iter().map(ahead).collect();
        let reconnected = Store::<Postgres>::new(pool.clone());
        let lost = reconnected.advance(&sink, &owner, &advances).await.unwrap();
        assert_eq!((held.len(), lost.len()), (64, 64), "no cursor moves in a database that isn't known yet");
        // The first answers are those of the connections that the failover has cut.
        let mut stale = before.read(&Sink::default(), &cursors(), 10).await;
        while stale.as_ref().is_err_and(event_core::runtime::StoreError::is_transient) {
            stale = before.read(&Sink::default(), &cursors(), 10).await;
        }
        assert_eq!(stale.unwrap().len(), 0, "nothing is read that would be sent under the old epoch");
        let named = Store::new(pool.clone()).source("/orders".into());
        let relay = Relay::new(named, recorder.clone());
        // The relays of before are gone without a word, and so their leases have to run out, or their process to end.
        sqlx::query("DELETE FROM event_relay").execute(&pool).await.unwrap();
        relay.step().await.unwrap();
        commit(&pool, 4).await;
        relay.step().await.unwrap();
        let sent = sent(&recorder);
        let epochs: Vec<_> = sent.iter().map(|(epoch, _, _)| epoch.as_str()).collect();
        assert_eq!(epochs, ["1", "1", "2", "2"], "{sent:?}");
        let previous: Vec<_> = sent.iter().map(|(_, _, previous)| *previous).collect();
        assert_eq!(previous, [0, sent[0].1, 0, sent[2].1], "{sent:?}");
        assert_eq!(recorder.sent()[3].source.as_str(), "/orders?epoch=2");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_crash_begins_no_epoch() {
        let mut server = Server::start(&[]);
        let pool = postgres_pool(&server.url(), "public").await;
        event_sqlx::migrate(&pool).await.unwrap();
        commit(&pool, 1).await;
        server.restart(Shutdown::Immediate);
        let pool = postgres_pool(&server.url(), "public").await;
        commit(&pool, 2).await;
        let recorder = Recorder::default();
        let relay = Relay::new(Store::new(pool), recorder.clone()).lease(Duration::from_secs(1));
        relay.step().await.unwrap();
        let epochs: Vec<_> = sent(&recorder).into_iter().map(|(epoch, _, _)| epoch).collect();
        assert_eq!(epochs, ["1", "1"]);
    }
}
