use event_core::TimestampError;
use event_core::testing::{Kit, ManualClock};
use event_sqlx::Store;
use sqlx::Sqlite;
use sqlx::sqlite::SqlitePoolOptions;

use super::shop::Billing;

pub type Bench = Kit<Store<Sqlite>, Billing>;

pub async fn bench() -> Result<Bench, Box<dyn std::error::Error>> {
    let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    event_sqlx::migrate(&pool).await?;
    sqlx::query("CREATE TABLE invoices (order_id TEXT PRIMARY KEY, cents INTEGER NOT NULL)").execute(&pool).await?;
    let clock = noon()?;
    Ok(Kit::new(Store::new(pool).clock(clock.clone()), Billing, clock))
}

fn noon() -> Result<ManualClock, TimestampError> {
    "2026-03-01T12:00:00Z".parse().map(ManualClock::new)
}
