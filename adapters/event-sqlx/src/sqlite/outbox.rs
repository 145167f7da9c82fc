//! The relay's side: leases, reading by cursor, moving cursors.

use std::time::Duration;

use event_core::runtime::{Origin, Outbox, StoreError};
use event_core::{Advance, Claim, Cursor, Lease, Owner, Record, Sequence, Sink, Slot, Source, Survey, Timestamp};
use sqlx::{Sqlite, SqliteConnection};

use super::row::{get, lease, record, slot, slot_state};
use crate::dialect::{json, statement};
use crate::owner::new_owner;
use crate::retention::retain;
use crate::store::{Store, error};
use crate::transaction::begin;
use crate::wake;

impl Outbox for Store<Sqlite> {
    async fn survey(&self, sink: &Sink) -> Result<Survey, StoreError> {
        let (source, now) = (self.source().await?, self.clock.now());
        let failed = |source| error("survey a sink", source);
        let slots = sqlx::query(statement!("sqlite", outbox_survey_slots)).bind(sink.as_str());
        let slots = slots.fetch_all(&self.pool).await.map_err(failed)?;
        let relays = self.relays(sink).await?;
        let slots = slots.iter().map(slot_state).collect::<Result<_, _>>()?;
        Ok(Survey::new(now, source, slots, relays))
    }

    async fn claim(
        &self,
        sink: &Sink,
        owner: &Owner,
        duration: Duration,
        claim: &Claim,
    ) -> Result<Vec<Lease>, StoreError> {
        let now = self.clock.now();
        let mut transaction = begin(&self.pool).await.map_err(|source| error("claim slots", source))?;
        show_life(&mut transaction, sink, owner, now, now + duration).await?;
        give(&mut transaction, sink, owner, &claim.give).await?;
        let leases = take(&mut transaction, sink, owner, now + duration, &claim.take).await?;
        transaction.commit().await.map_err(|source| error("claim slots", source))?;
        Ok(leases)
    }

    async fn read(&self, sink: &Sink, cursors: &[Cursor], limit: u32) -> Result<Vec<Record>, StoreError> {
        let cursors: Vec<_> = cursors.iter().map(|c| (c.slot.number(), c.position.number())).collect();
        let rows = sqlx::query(statement!("sqlite", outbox_read))
            .bind(sink.as_str())
            .bind(json(&cursors)?)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await
            .map_err(|source| error("read the outbox", source))?;
        rows.iter().map(record).collect()
    }

    async fn advance(&self, sink: &Sink, owner: &Owner, advances: &[Advance]) -> Result<Vec<Slot>, StoreError> {
        let failed = |source| error("move cursors", source);
        let moved = if advances.iter().all(|advance| advance.parked.is_empty()) {
            // One statement is a transaction by itself, and waits for the lock as one does.
            let mut connection = self.pool.acquire().await.map_err(failed)?;
            move_cursors(&mut connection, sink, owner, advances).await?
        } else {
            let mut transaction = begin(&self.pool).await.map_err(failed)?;
            let moved = move_cursors(&mut transaction, sink, owner, advances).await?;
            for advance in advances.iter().filter(|advance| moved.contains(&advance.cursor.slot)) {
                self.park(&mut transaction, sink, advance).await?;
            }
            transaction.commit().await.map_err(failed)?;
            moved
        };
        Ok(advances.iter().map(|advance| advance.cursor.slot).filter(|slot| !moved.contains(slot)).collect())
    }

    async fn release(&self, sink: &Sink, owner: &Owner) -> Result<(), StoreError> {
        self.give_all_back(sink, owner).await
    }
}

impl Origin for Store<Sqlite> {
    async fn source(&self) -> Result<Source, StoreError> {
        let source = self.source.get_or_try_init(|| async {
            let row = sqlx::query(statement!("sqlite", outbox_source)).fetch_one(&self.pool).await;
            let row = row.map_err(|source| error("read the name of the outbox", source))?;
            let (id, epoch): (String, i64) = (get(&row, "id")?, get(&row, "epoch")?);
            Ok(Source::from(format!("/outbox/{id}?epoch={epoch}")))
        });
        source.await.cloned()
    }

    async fn committed(&self) {
        wake::committed().await;
    }

    async fn kept(&self, slot: Slot) -> Result<Sequence, StoreError> {
        let kept: i64 = sqlx::query_scalar(statement!("sqlite", origin_kept))
            .bind(i64::from(slot.number()))
            .fetch_one(&self.pool)
            .await
            .map_err(|source| error("ask what retention has dropped", source))?;
        Ok(Sequence::new(u64::try_from(kept).unwrap_or_default()))
    }

    fn owner(&self) -> Owner {
        new_owner()
    }

    /// Deletes what is old enough. A file needs no partitions.
    async fn tend(&self) -> Result<Duration, StoreError> {
        retain(self).await
    }
}

async fn show_life(
    connection: &mut SqliteConnection,
    sink: &Sink,
    owner: &Owner,
    now: Timestamp,
    until: Timestamp,
) -> Result<(), StoreError> {
    let expire = sqlx::query(statement!("sqlite", outbox_claim_expire));
    let expire = expire.bind(sink.as_str()).bind(now.unix_micros()).execute(&mut *connection);
    expire.await.map_err(|source| error("claim slots", source))?;
    let seen = sqlx::query(statement!("sqlite", outbox_claim_seen));
    let seen = seen.bind(sink.as_str()).bind(owner.as_str()).bind(until.unix_micros()).execute(connection);
    seen.await.map(drop).map_err(|source| error("claim slots", source))
}

async fn give(connection: &mut SqliteConnection, sink: &Sink, owner: &Owner, slots: &[Slot]) -> Result<(), StoreError> {
    if slots.is_empty() {
        return Ok(());
    }
    let slots: Vec<_> = slots.iter().map(|slot| slot.number()).collect();
    let give = sqlx::query(statement!("sqlite", outbox_claim_give));
    let give = give.bind(sink.as_str()).bind(owner.as_str()).bind(json(&slots)?).execute(connection);
    give.await.map(drop).map_err(|source| error("give slots back", source))
}

async fn take(
    connection: &mut SqliteConnection,
    sink: &Sink,
    owner: &Owner,
    until: Timestamp,
    seen: &[Lease],
) -> Result<Vec<Lease>, StoreError> {
    let seen: Vec<_> = seen.iter().map(|lease| (lease.cursor.slot.number(), lease.fence)).collect();
    let rows = sqlx::query(statement!("sqlite", outbox_claim_take))
        .bind(sink.as_str())
        .bind(owner.as_str())
        .bind(until.unix_micros())
        .bind(json(&seen)?)
        .fetch_all(connection)
        .await
        .map_err(|source| error("claim slots", source))?;
    rows.iter().map(lease).collect()
}

/// Moves all cursors in one statement, and tells the slots that moved.
async fn move_cursors(
    connection: &mut SqliteConnection,
    sink: &Sink,
    owner: &Owner,
    advances: &[Advance],
) -> Result<Vec<Slot>, StoreError> {
    let row = |advance: &Advance| {
        let cursor = &advance.cursor;
        (cursor.slot.number(), advance.fence, cursor.position.number(), cursor.sent.number())
    };
    let rows: Vec<_> = advances.iter().map(row).collect();
    let moved = sqlx::query(statement!("sqlite", outbox_advance));
    let moved = moved.bind(sink.as_str()).bind(owner.as_str()).bind(json(&rows)?).fetch_all(connection).await;
    moved.map_err(|source| error("move cursors", source))?.iter().map(slot).collect()
}
