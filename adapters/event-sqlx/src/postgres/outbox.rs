//! The relay's side: leases on the database's clock, reading by cursor, moving cursors.

use std::time::Duration;

use event_core::runtime::{Origin, Outbox, StoreError};
use event_core::{Advance, Claim, Cursor, Lease, Owner, Record, Sequence, Sink, Slot, Source, Survey};
use sqlx::{PgConnection, Postgres};

use super::row::{lease, record, slot, slot_state, timestamp};
use crate::dialect::{signed, statement};
use crate::owner::new_owner;
use crate::store::{Store, error};
use crate::transaction::begin;
use crate::wake;

/// The bounds of [`patience`]: a busy process isn't gone, and a long lease is no reason to hold others up.
const SHORTEST_PATIENCE: i64 = 1_000;
const LONGEST_PATIENCE: i64 = 60_000;

impl Outbox for Store<Postgres> {
    async fn survey(&self, sink: &Sink) -> Result<Survey, StoreError> {
        let failed = |source| error("survey a sink", source);
        let identity = self.identity().await?;
        self.remember_epoch(sink, identity.epoch);
        let slots =
            sqlx::query(statement!("postgres", outbox_survey_slots)).bind(sink.as_str()).bind(self.lease_time());
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
        let mut transaction = begin(&self.pool).await.map_err(|source| error("claim slots", source))?;
        self.show_life(&mut transaction, sink, owner, duration).await?;
        give(&mut transaction, sink, owner, &claim.give).await?;
        let leases = self.take(&mut transaction, sink, owner, duration, &claim.take).await?;
        transaction.commit().await.map_err(|source| error("claim slots", source))?;
        Ok(leases)
    }

    async fn read(&self, sink: &Sink, cursors: &[Cursor], limit: u32) -> Result<Vec<Record>, StoreError> {
        let slots: Vec<_> = cursors.iter().map(|cursor| number(cursor.slot)).collect();
        let positions: Vec<_> = cursors.iter().map(|cursor| signed(cursor.position.number())).collect();
        let least = positions.iter().min().copied();
        let rows = sqlx::query(statement!("postgres", outbox_read))
            .bind(sink.as_str())
            .bind(slots)
            .bind(positions)
            .bind(i64::from(limit))
            .bind(self.epoch_of(sink))
            .bind(least.unwrap_or_default())
            .fetch_all(&self.pool)
            .await
            .map_err(|source| error("read the outbox", source))?;
        rows.iter().map(record).collect()
    }

    async fn advance(&self, sink: &Sink, owner: &Owner, advances: &[Advance]) -> Result<Vec<Slot>, StoreError> {
        let failed = |source| error("move cursors", source);
        let moved = if advances.iter().all(|advance| advance.parked.is_empty()) {
            let mut connection = self.pool.acquire().await.map_err(failed)?;
            self.move_cursors(&mut connection, sink, owner, advances, true).await?
        } else {
            let mut transaction = begin(&self.pool).await.map_err(failed)?;
            let moved = self.move_cursors(&mut transaction, sink, owner, advances, false).await?;
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

impl Origin for Store<Postgres> {
    async fn source(&self) -> Result<Source, StoreError> {
        Ok(self.identity().await?.source)
    }

    async fn committed(&self) {
        wake::committed().await;
    }

    async fn kept(&self, slot: Slot) -> Result<Sequence, StoreError> {
        let kept: i64 = sqlx::query_scalar(statement!("postgres", origin_kept))
            .bind(i64::from(slot.number()))
            .fetch_one(&self.pool)
            .await
            .map_err(|source| error("ask what retention has dropped", source))?;
        Ok(Sequence::new(u64::try_from(kept).unwrap_or_default()))
    }

    fn owner(&self) -> Owner {
        new_owner()
    }

    /// Makes the partitions of the next 30 days, and drops those that nobody needs.
    async fn tend(&self) -> Result<Duration, StoreError> {
        let made: Result<i32, _> = sqlx::query_scalar(statement!("postgres", outbox_tend)).fetch_one(&self.pool).await;
        let made = made.map_err(|source| error("make partitions", source))?;
        if made > 0 {
            tracing::info!(partitions = made, "made partitions of the outbox");
        }
        self.retain().await.map(|()| Duration::MAX)
    }
}

impl Store<Postgres> {
    async fn show_life(
        &self,
        connection: &mut PgConnection,
        sink: &Sink,
        owner: &Owner,
        duration: Duration,
    ) -> Result<(), StoreError> {
        let expire = sqlx::query(statement!("postgres", outbox_claim_expire)).bind(sink.as_str());
        let expire = expire.bind(self.lease_time()).bind(patience(duration));
        expire.execute(&mut *connection).await.map_err(|source| error("claim slots", source))?;
        sqlx::query(statement!("postgres", outbox_claim_seen))
            .bind(sink.as_str())
            .bind(owner.as_str())
            .bind(self.lease_time())
            .bind(micros(duration))
            .execute(connection)
            .await
            .map(drop)
            .map_err(|source| error("claim slots", source))
    }

    async fn take(
        &self,
        connection: &mut PgConnection,
        sink: &Sink,
        owner: &Owner,
        duration: Duration,
        seen: &[Lease],
    ) -> Result<Vec<Lease>, StoreError> {
        let rows = sqlx::query(statement!("postgres", outbox_claim_take))
            .bind(sink.as_str())
            .bind(owner.as_str())
            .bind(self.lease_time())
            .bind(seen.iter().map(|lease| number(lease.cursor.slot)).collect::<Vec<_>>())
            .bind(seen.iter().map(|lease| signed(lease.fence)).collect::<Vec<_>>())
            .bind(micros(duration))
            .fetch_all(connection)
            .await
            .map_err(|source| error("claim slots", source))?;
        rows.iter().map(lease).collect()
    }

    /// Moves all cursors in one statement, and tells the slots that moved.
    async fn move_cursors(
        &self,
        connection: &mut PgConnection,
        sink: &Sink,
        owner: &Owner,
        advances: &[Advance],
        relaxed: bool,
    ) -> Result<Vec<Slot>, StoreError> {
        let rows = sqlx::query(statement!("postgres", outbox_advance))
            .bind(sink.as_str())
            .bind(owner.as_str())
            .bind(advances.iter().map(|advance| number(advance.cursor.slot)).collect::<Vec<_>>())
            .bind(advances.iter().map(|advance| signed(advance.fence)).collect::<Vec<_>>())
            .bind(advances.iter().map(|advance| signed(advance.cursor.position.number())).collect::<Vec<_>>())
            .bind(advances.iter().map(|advance| signed(advance.cursor.sent.number())).collect::<Vec<_>>())
            .bind(relaxed)
            .bind(self.epoch_of(sink))
            .fetch_all(connection)
            .await
            .map_err(|source| error("move cursors", source))?;
        rows.iter().map(slot).collect()
    }
}

async fn give(connection: &mut PgConnection, sink: &Sink, owner: &Owner, slots: &[Slot]) -> Result<(), StoreError> {
    if slots.is_empty() {
        return Ok(());
    }
    sqlx::query(statement!("postgres", outbox_claim_give))
        .bind(sink.as_str())
        .bind(owner.as_str())
        .bind(slots.iter().copied().map(number).collect::<Vec<_>>())
        .execute(connection)
        .await
        .map(drop)
        .map_err(|source| error("give slots back", source))
}

fn number(slot: Slot) -> i16 {
    i16::from(slot.number())
}

/// A lease lasts for a day at most, so it fits.
/// How long a claim may stand still in its transaction, in milliseconds: for a lease, which is over then anyway.
fn patience(lease: Duration) -> i64 {
    i64::try_from(lease.as_millis()).unwrap_or(i64::MAX).clamp(SHORTEST_PATIENCE, LONGEST_PATIENCE)
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
