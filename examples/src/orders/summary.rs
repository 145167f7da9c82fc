//! The closing line, all of it read from the database.

use std::fmt;

use sqlx::{Row, SqlitePool};

/// What a database holds. A restarted run finds the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Orders.
    pub placed: i64,
    /// Invoices.
    pub applied: i64,
    /// Lines whose event was placed before.
    pub duplicates: i64,
    /// Lines that are dead letters.
    pub dead: i64,
    /// Orders that wait in the backlog of billing.
    pub waiting: i64,
}

impl Summary {
    /// Reads the figures.
    ///
    /// # Errors
    /// When the database can't be read.
    ///
    /// # Cancel safety
    /// Nothing is written.
    pub async fn read(pool: &SqlitePool) -> Result<Self, sqlx::Error> {
        let row = sqlx::query(
            "SELECT (SELECT count(*) FROM orders) AS placed,
                    (SELECT count(*) FROM invoices) AS applied,
                    (SELECT coalesce(sum(duplicates), 0) FROM intake) AS duplicates,
                    (SELECT count(*) FROM event_dead_letter WHERE consumer = 'intake') AS dead,
                    (SELECT count(*) FROM event_backlog WHERE consumer = 'billing') AS waiting",
        );
        let row = row.fetch_one(pool).await?;
        Ok(Self {
            placed: row.try_get("placed")?,
            applied: row.try_get("applied")?,
            duplicates: row.try_get("duplicates")?,
            dead: row.try_get("dead")?,
            waiting: row.try_get("waiting")?,
        })
    }

    /// Whether every order has its invoice, or waits for somebody's decision.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.applied + self.waiting >= self.placed
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { placed, applied, duplicates, dead, .. } = self;
        write!(f, "placed={placed} applied={applied} duplicates={duplicates} dead={dead}")
    }
}
