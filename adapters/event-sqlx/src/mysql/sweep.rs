//! Events that were committed without a position: by a raw `COMMIT`, by a writer that doesn't know of
//! `event_outbox_commit`. Relays look for them, give them positions, and say so.

mod holes;

use std::time::Duration;

use event_core::runtime::StoreError;
use sqlx::mysql::MySqlRow;
use sqlx::{Connection as _, MySql, MySqlConnection};

use super::row::{get, unreadable};
use crate::database::Database as _;
use crate::dialect::{json, statement};
use crate::store::{Store, error};

use holes::{Hole, Progress};

/// How often relays look.
const PAUSE: Duration = Duration::from_secs(1);

/// How many events one statement looks at, and how many such statements one sweep makes before others come to their turn.
const EVENTS: usize = 5_000;
const STATEMENTS: usize = 10;

/// How many events get their positions in one transaction.
const STAMPED: usize = 500;

/// A hole of more numbers than these is asked for by a statement of its own.
const WIDE: i64 = 64;

/// An event that a sweep came across.
struct Seen {
    number: i64,
    id: String,
    is_unstamped: bool,
}

impl Store<MySql> {
    /// Sweeps what has come since the last sweep of any relay, unless another relay is at it; tells when to look again.
    pub(super) async fn sweep(&self) -> Result<Duration, StoreError> {
        let failed = |source| error("sweep the outbox", source);
        let mut connection = self.pool.acquire().await.map_err(failed)?;
        let locked: Option<i64> =
            sqlx::query_scalar(statement!("mysql", sweep_lock)).fetch_one(&mut *connection).await.map_err(failed)?;
        if locked != Some(1) {
            return Ok(PAUSE);
        }
        let swept = self.sweep_alone(&mut connection).await;
        let unlocked = sqlx::query(statement!("mysql", sweep_unlock)).execute(&mut *connection).await;
        if unlocked.is_err() {
            // The lock is the session's, and ends with it.
            connection.close_on_drop();
        }
        swept
    }

    async fn sweep_alone(&self, connection: &mut MySqlConnection) -> Result<Duration, StoreError> {
        let (before, step, now) = self.progress(connection).await?;
        let mut progress = before.clone();
        let mut unstamped = seen_in_holes(connection, &mut progress).await?;
        let mut is_behind = true;
        for _ in 0..STATEMENTS {
            let seen = seen_behind(connection, progress.swept).await?;
            progress.go_on(seen.iter().map(|event| event.number), step, now);
            is_behind = seen.len() == EVENTS;
            unstamped.extend(seen.into_iter().filter(|event| event.is_unstamped).map(|event| event.id));
            if !is_behind {
                break;
            }
        }
        for hole in progress.old(now) {
            if is_empty(connection, hole).await? {
                progress.fill(hole);
            }
        }
        let shed = progress.shed();
        if shed > 0 {
            tracing::warn!(
                holes = shed,
                "too many transactions are open or rolled back to watch them all; run `event-ops doctor` for events without a position"
            );
        }
        self.stamp(connection, &unstamped).await?;
        if progress != before {
            save(connection, &progress, unstamped.len()).await?;
        }
        Ok(if is_behind { Duration::ZERO } else { PAUSE })
    }

    async fn progress(&self, connection: &mut MySqlConnection) -> Result<(Progress, i64, i64), StoreError> {
        let row = sqlx::query(statement!("mysql", sweep_state)).bind(self.lease_time()).fetch_one(connection).await;
        let row = row.map_err(|source| error("read how far the sweep has come", source))?;
        let holes: String = get(&row, "holes")?;
        let holes = serde_json::from_str(&holes).map_err(|_| unreadable("holes"))?;
        let step: u64 = get(&row, "step")?;
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        Ok((Progress { swept: get(&row, "swept")?, holes }, step, get(&row, "now")?))
    }

    /// Gives positions to events that were committed without, on the connection of the sweep: a pool may have no other. A bounded
    /// number at a time, for their slots are locked meanwhile.
    async fn stamp(&self, connection: &mut MySqlConnection, ids: &[String]) -> Result<(), StoreError> {
        let failed = |source| error("give swept events their positions", source);
        let Some(first) = ids.first() else { return Ok(()) };
        for ids in ids.chunks(STAMPED) {
            let mut transaction = connection.begin_with(MySql::BEGIN_OWN).await.map_err(failed)?;
            let stamp = sqlx::query(statement!("mysql", commit)).bind(json(ids)?);
            stamp.execute(&mut *transaction).await.map_err(failed)?;
        }
        tracing::warn!(
            events = ids.len(),
            first,
            "events were committed without a position, in no order that is known; end their transactions by `Transaction::commit` or `CALL event_outbox_commit`"
        );
        Ok(())
    }
}

/// What has come to light in holes, which are closed by that.
async fn seen_in_holes(connection: &mut MySqlConnection, progress: &mut Progress) -> Result<Vec<String>, StoreError> {
    let (wide, narrow): (Vec<Hole>, Vec<Hole>) = progress.holes.iter().partition(|hole| hole.width() > WIDE);
    let mut seen = Vec::new();
    let numbers: Vec<_> = narrow.iter().flat_map(|hole| hole.first..=hole.last).collect();
    if !numbers.is_empty() {
        let rows = sqlx::query(statement!("mysql", sweep_holes)).bind(json(&numbers)?).fetch_all(&mut *connection);
        seen.extend(events(rows.await)?);
    }
    for hole in wide {
        let rows = sqlx::query(statement!("mysql", sweep_hole)).bind(hole.first).bind(hole.last).bind(most());
        seen.extend(events(rows.fetch_all(&mut *connection).await)?);
    }
    for event in &seen {
        progress.close(event.number);
    }
    Ok(seen.into_iter().filter(|event| event.is_unstamped).map(|event| event.id).collect())
}

async fn seen_behind(connection: &mut MySqlConnection, swept: i64) -> Result<Vec<Seen>, StoreError> {
    let rows = sqlx::query(statement!("mysql", sweep_new)).bind(swept).bind(most()).fetch_all(connection).await;
    events(rows)
}

fn most() -> i64 {
    i64::try_from(EVENTS).unwrap_or(i64::MAX)
}

fn events(rows: Result<Vec<MySqlRow>, sqlx::Error>) -> Result<Vec<Seen>, StoreError> {
    let rows = rows.map_err(|source| error("sweep the outbox", source))?;
    let seen =
        |row| Ok(Seen { number: get(row, "number")?, id: get(row, "id")?, is_unstamped: get(row, "unstamped")? });
    rows.iter().map(seen).collect()
}

/// Whether no transaction is open that has inserted into the hole.
async fn is_empty(connection: &mut MySqlConnection, hole: Hole) -> Result<bool, StoreError> {
    let probe = sqlx::query(statement!("mysql", sweep_probe)).bind(hole.first).bind(hole.last);
    match probe.fetch_optional(connection).await {
        Ok(row) => Ok(row.is_none()),
        Err(source) if is_locked(&source) => Ok(false),
        Err(source) => Err(error("sweep the outbox", source)),
    }
}

/// `NOWAIT`: MariaDB says that the wait was too long, MySQL that it didn't wait.
fn is_locked(error: &sqlx::Error) -> bool {
    let number = |error: &dyn sqlx::error::DatabaseError| {
        error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>().map(sqlx::mysql::MySqlDatabaseError::number)
    };
    error.as_database_error().and_then(number).is_some_and(|number| matches!(number, 1205 | 3572))
}

async fn save(connection: &mut MySqlConnection, progress: &Progress, found: usize) -> Result<(), StoreError> {
    sqlx::query(statement!("mysql", sweep_save))
        .bind(progress.swept)
        .bind(json(&progress.holes)?)
        .bind(i64::try_from(found).unwrap_or(i64::MAX))
        .execute(connection)
        .await
        .map(drop)
        .map_err(|source| error("write how far the sweep has come", source))
}
