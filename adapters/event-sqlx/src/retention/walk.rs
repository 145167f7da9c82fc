//! The walk through an outbox without partitions: a stretch is looked at, archived, and deleted in a short transaction.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use event_core::runtime::StoreError;
use event_core::{Record, Sequence, Slot, Timestamp};

use super::archive::Batches;
use super::decide::{Floors, Kept, Step, step, still};
use crate::database::Database;
use crate::store::{Store, error};
use crate::transaction::begin_own;

/// How many events a batch looks at. Deleting all of them keeps other writers of a SQLite file out for about 10 ms, most of which is
/// the flush to the disk.
const BATCH: u16 = 256;

/// How many batches are looked at in one go, so that a relay that is stopped doesn't wait for long.
const BATCHES: u32 = 10;

/// What writers have between two batches.
const PAUSE: Duration = Duration::from_millis(25);

/// How long the walk rests where it found nothing to delete in one go, and at its end.
const STROLL: Duration = Duration::from_secs(1);
const REST: Duration = Duration::from_secs(5 * 60);

/// The statements of a database whose events go in batches.
pub(crate) trait Batched: Database<Disposal = Batches> {
    /// What every registered sink has passed, by slot; nothing without a sink.
    fn floors(
        connection: &mut Self::Connection,
    ) -> impl Future<Output = Result<Vec<(Slot, Sequence)>, StoreError>> + Send;

    /// The next events behind `after`, at most `limit`.
    fn kept(
        connection: &mut Self::Connection,
        after: i64,
        limit: u16,
    ) -> impl Future<Output = Result<Vec<Kept>, StoreError>> + Send;

    /// Events by their numbers, in their order.
    fn records(
        connection: &mut Self::Connection,
        numbers: &[i64],
    ) -> impl Future<Output = Result<Vec<Record>, StoreError>> + Send;

    /// Writes down up to which positions events of these slots are gone, ascending by slot.
    fn raise(
        connection: &mut Self::Connection,
        gone: &[(u8, u64)],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Deletes events by their numbers.
    fn delete(
        connection: &mut Self::Connection,
        numbers: &[i64],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Deletes what is old enough and what nobody needs, as far as the walk comes in one go; tells how long it can be left alone.
pub(crate) async fn retain<DB: Batched>(store: &Store<DB>) -> Result<Duration, StoreError> {
    let Some(age) = store.retention.keep else { return Ok(Duration::MAX) };
    let (walk, now) = (&store.retention.disposal, store.clock.now());
    let rests = walk.rests_until().since(now);
    if !rests.is_zero() {
        return Ok(rests);
    }
    let age = i64::try_from(age.as_micros()).unwrap_or(i64::MAX);
    let until = Timestamp::from_unix_micros(now.unix_micros().saturating_sub(age));
    let mut deleted = 0;
    for _ in 0..BATCHES {
        let after = walk.walked();
        let Step { go, on } = look(store, after, until).await?;
        if !go.is_empty() {
            deleted += let_go(store, after, until, &go).await?;
            tokio::time::sleep(PAUSE).await;
        }
        walk.walk_on(on.unwrap_or_default());
        if on.is_none() {
            walk.rest(now + REST);
            break;
        }
    }
    if deleted > 0 {
        tracing::info!(events = deleted, "deleted events that are old enough and passed by every sink");
    }
    Ok(walk.rests_until().since(now).max(if deleted > 0 { PAUSE } else { STROLL }))
}

/// Looks at the next stretch; nobody is held up.
async fn look<DB: Batched>(store: &Store<DB>, after: i64, until: Timestamp) -> Result<Step, StoreError> {
    let mut connection = store.pool.acquire().await.map_err(|source| error("look for old events", source))?;
    let (floors, events) = stretch::<DB>(&mut connection, after).await?;
    Ok(step(&events, &floors, until, usize::from(BATCH)))
}

/// Archives events, and deletes those of them that may still go; tells how many. A cursor only moves on, but a sink that
/// begins at the start may have been registered meanwhile.
async fn let_go<DB: Batched>(
    store: &Store<DB>,
    after: i64,
    until: Timestamp,
    chosen: &[i64],
) -> Result<usize, StoreError> {
    archive(store, chosen).await?;
    let failed = |source| error("delete old events", source);
    let mut transaction = begin_own(&store.pool).await.map_err(failed)?;
    let (floors, events) = stretch::<DB>(transaction.connection(), after).await?;
    let go = still(chosen, &events, &floors, until);
    // In one order everywhere, and before anything else is locked: two walks wait for each other here.
    DB::raise(transaction.connection(), &gone(&events, &go)).await?;
    DB::delete(transaction.connection(), &go).await?;
    transaction.commit().await.map_err(failed)?;
    Ok(go.len())
}

/// The last position of each slot among events that go.
fn gone(events: &[Kept], go: &[i64]) -> Vec<(u8, u64)> {
    let mut last: BTreeMap<u8, u64> = BTreeMap::new();
    for event in events.iter().filter(|event| go.contains(&event.number)) {
        let Some(position) = event.position else { continue };
        let known = last.entry(event.slot.number()).or_default();
        *known = position.number().max(*known);
    }
    last.into_iter().collect()
}

async fn archive<DB: Batched>(store: &Store<DB>, chosen: &[i64]) -> Result<(), StoreError> {
    let Some(archive) = &store.retention.disposal.archive else { return Ok(()) };
    let mut connection = store.pool.acquire().await.map_err(|source| error("read old events", source))?;
    let records = DB::records(&mut connection, chosen).await?;
    // The archive may take long, and may want a connection of the same pool.
    drop(connection);
    archive.call(&records).await.map_err(|source| StoreError::transient("archive old events", source))
}

async fn stretch<DB: Batched>(connection: &mut DB::Connection, after: i64) -> Result<(Floors, Vec<Kept>), StoreError> {
    let floors = Floors::new(DB::floors(connection).await?);
    let events = DB::kept(connection, after, BATCH).await?;
    Ok((floors, events))
}
