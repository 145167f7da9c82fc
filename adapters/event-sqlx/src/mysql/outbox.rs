//! The relay's side: leases on the database's clock, reading by cursor, moving cursors.
//!
//! Each step of a claim is a statement of its own, right by itself, and no transaction is open between them: a relay whose host
//! goes silent holds up no other.

use std::time::Duration;

use event_core::runtime::{Origin, Outbox, StoreError};
use event_core::{Advance, Claim, Cursor, Lease, Owner, Record, Sequence, Sink, Slot, Source, Survey};
use sqlx::{MySql, MySqlConnection};

use super::row::{lease, record, slot, slot_state, timestamp};
use super::writers;
use crate::dialect::{json, signed, statement};
use crate::owner::new_owner;
use crate::retention::retain;
use crate::store::{Store, error};
use crate::transaction::begin_own;
use crate::wake;

/// How many slots one statement reads, as it is written.
const SLOTS: usize = 8;

impl Outbox for Store<MySql> {
    async fn survey(&self, sink: &Sink) -> Result<Survey, StoreError> {
        let failed = |source| error("survey a sink", source);
        if self.epoch_of(sink).is_none() {
            let mut connection = self.pool.acquire().await.map_err(failed)?;
            writers::check(&mut connection).await.map_err(failed)?;
        }
        let identity = self.identity().await?;
        self.remember_epoch(sink, identity.epoch);
        let slots = sqlx::query(statement!("mysql", outbox_survey_slots)).bind(self.lease_time()).bind(sink.as_str());
        let slots = slots.fetch_all(&self.pool).await.map_err(failed)?;
        let relays = self.relays(sink).await?;
        let now = slots.first().map_or_else(|| Ok(self.clock.now()), |row| timestamp(row, "now"))?;
        let slots = slots.iter().map(slot_state).collect::<Result<_, _>>()?;
        Ok(Survey::new(now, identity.source, slots, relays))
    }

    async fn claim(
        &self,
        sink: &Sink,
        owner: &Owner,
        duration: Duration,
        claim: &Claim,
    ) -> Result<Vec<Lease>, StoreError> {
        let failed = |source| error("claim slots", source);
        let mut connection = self.pool.acquire().await.map_err(failed)?;
        self.show_life(&mut connection, sink, owner, duration).await?;
        give(&mut connection, sink, owner, &claim.give).await?;
        self.take(&mut connection, sink, owner, duration, &claim.take).await?;
        let held = sqlx::query(statement!("mysql", outbox_claim_held)).bind(sink.as_str()).bind(owner.as_str());
        held.fetch_all(&mut *connection).await.map_err(failed)?.iter().map(lease).collect()
    }

    async fn read(&self, sink: &Sink, cursors: &[Cursor], limit: u32) -> Result<Vec<Record>, StoreError> {
        let failed = |source| error("read the outbox", source);
        let mut connection = self.pool.acquire().await.map_err(failed)?;
        let cursors: Vec<_> = cursors.iter().map(|c| (c.slot.number(), signed(c.position.number()))).collect();
        let news = sqlx::query_as(statement!("mysql", outbox_news)).bind(json(&cursors)?).bind(self.epoch_of(sink));
        let news: Vec<(i64, i64)> = news.fetch_all(&mut *connection).await.map_err(failed)?;
        let mut records = Vec::new();
        for slots in news.chunks(SLOTS) {
            records.append(&mut read_slots(&mut connection, sink, slots, limit).await?);
        }
        records.sort_unstable_by_key(|record| record.position);
        Ok(records)
    }

    async fn advance(&self, sink: &Sink, owner: &Owner, advances: &[Advance]) -> Result<Vec<Slot>, StoreError> {
        let failed = |source| error("move cursors", source);
        let moved = if advances.iter().all(|advance| advance.parked.is_empty()) {
            let mut connection = self.pool.acquire().await.map_err(failed)?;
            self.move_cursors(&mut connection, sink, owner, advances).await?
        } else {
            let mut transaction = begin_own(&self.pool).await.map_err(failed)?;
            let moved = self.move_cursors(&mut transaction, sink, owner, advances).await?;
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

impl Origin for Store<MySql> {
    async fn source(&self) -> Result<Source, StoreError> {
        Ok(self.identity().await?.source)
    }

    async fn committed(&self) {
        wake::committed().await;
    }

    async fn kept(&self, slot: Slot) -> Result<Sequence, StoreError> {
        let kept: i64 = sqlx::query_scalar(statement!("mysql", origin_kept))
            .bind(i64::from(slot.number()))
            .fetch_one(&self.pool)
            .await
            .map_err(|source| error("ask what retention has dropped", source))?;
        Ok(Sequence::new(u64::try_from(kept).unwrap_or_default()))
    }

    fn owner(&self) -> Owner {
        new_owner()
    }

    /// Finds the events that were committed without a position, and deletes those that are old enough.
    async fn tend(&self) -> Result<Duration, StoreError> {
        // The one doesn't wait for the other to be well.
        let (swept, retained) = (self.sweep().await, retain(self).await);
        Ok(swept?.min(retained?))
    }
}

impl Store<MySql> {
    async fn show_life(
        &self,
        connection: &mut MySqlConnection,
        sink: &Sink,
        owner: &Owner,
        duration: Duration,
    ) -> Result<(), StoreError> {
        let failed = |source| error("claim slots", source);
        let expire = sqlx::query(statement!("mysql", outbox_claim_expire)).bind(sink.as_str()).bind(self.lease_time());
        expire.execute(&mut *connection).await.map_err(failed)?;
        sqlx::query(statement!("mysql", outbox_claim_seen))
            .bind(sink.as_str())
            .bind(owner.as_str())
            .bind(self.lease_time())
            .bind(micros(duration))
            .execute(&mut *connection)
            .await
            .map_err(failed)?;
        sqlx::query(statement!("mysql", outbox_claim_renew))
            .bind(self.lease_time())
            .bind(micros(duration))
            .bind(sink.as_str())
            .bind(owner.as_str())
            .execute(connection)
            .await
            .map(drop)
            .map_err(failed)
    }

    async fn take(
        &self,
        connection: &mut MySqlConnection,
        sink: &Sink,
        owner: &Owner,
        duration: Duration,
        seen: &[Lease],
    ) -> Result<(), StoreError> {
        if seen.is_empty() {
            return Ok(());
        }
        let mut seen: Vec<_> = seen.iter().map(|lease| (lease.cursor.slot.number(), signed(lease.fence))).collect();
        seen.sort_unstable();
        sqlx::query(statement!("mysql", outbox_claim_take))
            .bind(json(&seen)?)
            .bind(sink.as_str())
            .bind(owner.as_str())
            .bind(self.lease_time())
            .bind(micros(duration))
            .execute(connection)
            .await
            .map(drop)
            .map_err(|source| error("claim slots", source))
    }

    /// Moves all cursors in one statement, and tells the slots that moved.
    async fn move_cursors(
        &self,
        connection: &mut MySqlConnection,
        sink: &Sink,
        owner: &Owner,
        advances: &[Advance],
    ) -> Result<Vec<Slot>, StoreError> {
        let failed = |source| error("move cursors", source);
        let mut rows: Vec<_> = advances.iter().map(row).collect();
        rows.sort_unstable();
        let rows = json(&rows)?;
        let moved = sqlx::query(statement!("mysql", outbox_advance))
            .bind(&rows)
            .bind(sink.as_str())
            .bind(owner.as_str())
            .bind(self.epoch_of(sink))
            .execute(&mut *connection)
            .await
            .map_err(failed)?;
        // sqlx counts the rows that were found, whether they were other than before or not.
        if moved.rows_affected() == advances.len() as u64 {
            return Ok(advances.iter().map(|advance| advance.cursor.slot).collect());
        }
        if moved.rows_affected() == 0 {
            return Ok(Vec::new());
        }
        let moved = sqlx::query(statement!("mysql", outbox_advance_moved));
        let moved = moved.bind(&rows).bind(sink.as_str()).bind(owner.as_str());
        moved.fetch_all(connection).await.map_err(failed)?.iter().map(slot).collect()
    }
}

/// Slot, fence, position and what was sent.
fn row(advance: &Advance) -> (u8, i64, i64, i64) {
    let cursor = &advance.cursor;
    let (position, sent) = (cursor.position.number(), cursor.sent.number());
    (cursor.slot.number(), signed(advance.fence), signed(position), signed(sent))
}

async fn read_slots(
    connection: &mut MySqlConnection,
    sink: &Sink,
    slots: &[(i64, i64)],
    limit: u32,
) -> Result<Vec<Record>, StoreError> {
    let mut query = sqlx::query(statement!("mysql", outbox_read));
    for place in 0..SLOTS {
        let (slot, position) = slots.get(place).copied().unwrap_or((-1, 0));
        query = query.bind(sink.as_str()).bind(slot).bind(position).bind(i64::from(limit));
    }
    let rows = query.fetch_all(connection).await.map_err(|source| error("read the outbox", source))?;
    rows.iter().map(record).collect()
}

async fn give(connection: &mut MySqlConnection, sink: &Sink, owner: &Owner, slots: &[Slot]) -> Result<(), StoreError> {
    if slots.is_empty() {
        return Ok(());
    }
    let mut slots: Vec<_> = slots.iter().map(|slot| slot.number()).collect();
    slots.sort_unstable();
    sqlx::query(statement!("mysql", outbox_claim_give))
        .bind(json(&slots)?)
        .bind(sink.as_str())
        .bind(owner.as_str())
        .execute(connection)
        .await
        .map(drop)
        .map_err(|source| error("give slots back", source))
}

/// A lease lasts for a day at most, so it fits.
fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
