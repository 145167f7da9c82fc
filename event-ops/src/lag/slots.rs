//! The lag on MySQL and MariaDB: asked slot by slot, for neither seeks from a cursor that is a column of another table.

use event_core::Timestamp;
use sqlx::MySqlPool;

use super::Lag;

/// What is behind one cursor.
#[derive(Debug, Clone, Copy)]
struct Behind {
    events: i64,
    /// In microseconds, as `now`.
    oldest: Option<i64>,
    now: i64,
}

pub(super) async fn read(pool: &MySqlPool, most: i64) -> Result<Vec<Lag>, sqlx::Error> {
    type Cursor = (String, Option<i32>, Option<i64>);
    let cursors: Vec<Cursor> = sqlx::query_as(include_str!("../../sql/mysql/lag.sql")).fetch_all(pool).await?;
    let mut lags: Vec<Lag> = Vec::new();
    for (sink, slot, position) in cursors {
        if lags.last().is_none_or(|lag| lag.sink != sink) {
            lags.push(Lag { sink, events: 0, more: false, oldest: None, age_seconds: None });
        }
        let (Some(slot), Some(position), Some(lag)) = (slot, position, lags.last_mut()) else { continue };
        lag.add(behind(pool, slot, position, most).await?, most);
    }
    Ok(lags)
}

async fn behind(pool: &MySqlPool, slot: i32, position: i64, most: i64) -> Result<Behind, sqlx::Error> {
    let statement = sqlx::query_as(include_str!("../../sql/mysql/lag_slot.sql"));
    let bound = statement.bind(slot).bind(position).bind(most).bind(slot).bind(position);
    let (events, oldest, now) = bound.fetch_one(pool).await?;
    Ok(Behind { events, oldest, now })
}

impl Lag {
    fn add(&mut self, behind: Behind, most: i64) {
        self.events += behind.events;
        self.more |= behind.events >= most;
        let Some(oldest) = behind.oldest else { return };
        let age = (behind.now - oldest).max(0) / 1_000_000;
        if self.age_seconds.is_none_or(|known| age > known) {
            self.age_seconds = Some(age);
            self.oldest = Some(Timestamp::from_unix_micros(oldest).to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Behind, Lag};

    #[test]
    fn the_slots_of_a_sink_add_up() {
        let mut lag = Lag { sink: "a".to_owned(), events: 0, more: false, oldest: None, age_seconds: None };
        let now = 1_772_366_400_000_000;
        lag.add(Behind { events: 0, oldest: None, now }, 3);
        assert_eq!((lag.events, lag.more, lag.age_seconds), (0, false, None));
        lag.add(Behind { events: 2, oldest: Some(now - 60_000_000), now }, 3);
        lag.add(Behind { events: 3, oldest: Some(now - 5_000_000), now }, 3);
        assert_eq!((lag.events, lag.more, lag.age_seconds), (5, true, Some(60)));
        assert_eq!(lag.oldest.as_deref(), Some("2026-03-01T11:59:00.000000Z"));
        lag.add(Behind { events: 1, oldest: Some(now + 1), now }, 3);
        assert_eq!(lag.age_seconds, Some(60), "clocks differ");
    }
}
