//! The relay's side: leases, reading by cursor, moving cursors.

use std::time::Duration;

use event_core::runtime::{Origin, Outbox, StoreError};
use event_core::{Advance, Cursor, Lease, Owner, Record, Sink, Slot, Source, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, SqliteConnection};

use super::row::{get, json, record, sequence, slot, timestamp, unsigned};
use crate::owner::{is_gone, new_owner};
use crate::store::{Store, error};
use crate::transaction::begin;
use crate::wake;

/// A slot as it stands in the database.
struct Held {
    lease: Lease,
    owner: Option<String>,
    until: Timestamp,
}

impl Outbox for Store<Sqlite> {
    async fn lease(&self, sink: &Sink, owner: &Owner, duration: Duration) -> Result<Vec<Lease>, StoreError> {
        let now = self.clock.now();
        let held = self.held(sink).await?;
        if !must_write(&held, owner, now, duration) {
            let own = held.into_iter().filter(|held| held.owner.as_deref() == Some(owner.as_str()));
            return Ok(own.map(|held| held.lease).collect());
        }
        let gone: Vec<_> =
            held.iter().filter_map(|held| held.owner.as_deref()).filter(|owner| is_gone(owner)).collect();
        let gone = json(&gone)?;
        let mut transaction = begin(&self.pool).await.map_err(|source| error("lease slots", source))?;
        if held.is_empty() {
            register(&mut transaction, sink).await?;
        }
        let rows = sqlx::query(include_str!("../../sql/sqlite/outbox_lease_take.sql"))
            .bind(sink.as_str())
            .bind(owner.as_str())
            .bind(now.unix_micros())
            .bind((now + duration).unix_micros())
            .bind(gone)
            .fetch_all(&mut **transaction)
            .await
            .map_err(|source| error("lease slots", source))?;
        transaction.commit().await.map_err(|source| error("lease slots", source))?;
        rows.iter().map(lease).collect()
    }

    async fn read(&self, sink: &Sink, cursors: &[Cursor], limit: u32) -> Result<Vec<Record>, StoreError> {
        let cursors: Vec<_> = cursors.iter().map(|c| (c.slot.number(), c.position.number())).collect();
        let rows = sqlx::query(include_str!("../../sql/sqlite/outbox_read.sql"))
            .bind(sink.as_str())
            .bind(json(&cursors)?)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await
            .map_err(|source| error("read the outbox", source))?;
        rows.iter().map(record).collect()
    }

    async fn advance(&self, sink: &Sink, owner: &Owner, advances: &[Advance]) -> Result<Vec<Slot>, StoreError> {
        let mut transaction = begin(&self.pool).await.map_err(|source| error("move cursors", source))?;
        let mut lost = Vec::new();
        for advance in advances {
            if move_cursor(&mut transaction, sink, owner, advance).await? {
                park(&mut transaction, sink, advance, self.clock.now()).await?;
            } else {
                lost.push(advance.cursor.slot);
            }
        }
        transaction.commit().await.map_err(|source| error("move cursors", source))?;
        Ok(lost)
    }

    async fn release(&self, sink: &Sink, owner: &Owner) -> Result<(), StoreError> {
        let release = sqlx::query(include_str!("../../sql/sqlite/outbox_release.sql"));
        let release = release.bind(sink.as_str()).bind(owner.as_str()).execute(&self.pool);
        release.await.map(drop).map_err(|source| error("give slots back", source))
    }
}

impl Origin for Store<Sqlite> {
    async fn source(&self) -> Result<Source, StoreError> {
        let source = self.source.get_or_try_init(|| async {
            let row = sqlx::query(include_str!("../../sql/sqlite/outbox_source.sql")).fetch_one(&self.pool).await;
            let row = row.map_err(|source| error("read the name of the outbox", source))?;
            let (id, epoch): (String, i64) = (get(&row, "id")?, get(&row, "epoch")?);
            Ok(Source::from(format!("/outbox/{id}?epoch={epoch}")))
        });
        source.await.cloned()
    }

    async fn committed(&self) {
        wake::committed().await;
    }

    fn owner(&self) -> Owner {
        new_owner()
    }
}

impl Store<Sqlite> {
    async fn held(&self, sink: &Sink) -> Result<Vec<Held>, StoreError> {
        let query = sqlx::query(include_str!("../../sql/sqlite/outbox_lease_held.sql")).bind(sink.as_str());
        let rows = query.fetch_all(&self.pool).await.map_err(|source| error("read the slots", source))?;
        rows.iter().map(held).collect()
    }
}

/// Whether a lease has to be taken or renewed: the others cost a relay that is idle no write.
fn must_write(held: &[Held], owner: &Owner, now: Timestamp, duration: Duration) -> bool {
    let fresh = now + duration * 2 / 3;
    held.is_empty()
        || held.iter().any(|held| match held.owner.as_deref() {
            Some(other) if other == owner.as_str() => held.until < fresh,
            Some(other) => held.until <= now || is_gone(other),
            None => true,
        })
}

fn held(row: &SqliteRow) -> Result<Held, StoreError> {
    Ok(Held { lease: lease(row)?, owner: get(row, "owner")?, until: timestamp(row, "leased_until")? })
}

fn lease(row: &SqliteRow) -> Result<Lease, StoreError> {
    let cursor = Cursor::new(slot(row)?, sequence(row, "position")?, sequence(row, "sent")?);
    Ok(Lease::new(cursor, unsigned(row, "fence")?))
}

async fn register(connection: &mut SqliteConnection, sink: &Sink) -> Result<(), StoreError> {
    let register = sqlx::query(include_str!("../../sql/sqlite/outbox_lease_register.sql")).bind(sink.as_str());
    register.execute(connection).await.map(drop).map_err(|source| error("register a sink", source))
}

async fn move_cursor(
    connection: &mut SqliteConnection,
    sink: &Sink,
    owner: &Owner,
    advance: &Advance,
) -> Result<bool, StoreError> {
    let moved = sqlx::query(include_str!("../../sql/sqlite/outbox_advance.sql"))
        .bind(sink.as_str())
        .bind(i64::from(advance.cursor.slot.number()))
        .bind(signed(advance.fence))
        .bind(signed(advance.cursor.position.number()))
        .bind(signed(advance.cursor.sent.number()))
        .bind(owner.as_str())
        .execute(connection)
        .await
        .map_err(|source| error("move a cursor", source))?;
    Ok(moved.rows_affected() == 1)
}

async fn park(
    connection: &mut SqliteConnection,
    sink: &Sink,
    advance: &Advance,
    now: Timestamp,
) -> Result<(), StoreError> {
    for parked in &advance.parked {
        sqlx::query(include_str!("../../sql/sqlite/outbox_park.sql"))
            .bind(sink.as_str())
            .bind(signed(parked.position.number()))
            .bind(parked.id.as_str())
            .bind(parked.partition_key.as_str())
            .bind(json(&parked.errors)?)
            .bind(now.unix_micros())
            .execute(&mut *connection)
            .await
            .map_err(|source| error("park an event", source))?;
    }
    Ok(())
}

/// Positions and fences come from SQLite's own integers, so they fit.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
