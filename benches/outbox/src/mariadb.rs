//! The outbox in MariaDB, beside the same statements by hand, stamped by the same procedure.

mod server;
mod write;

use sqlx::MySqlPool;
use sqlx::mysql::MySqlPoolOptions;

use crate::Result;
use crate::apply::mariadb as apply;
use crate::database::Mode;
use crate::measure::Name;
use crate::table::Row;

pub use server::Server;

/// What is measured here, of what was asked for.
pub async fn measure(url: &str, name: Name, mode: Mode, rounds: usize) -> Result<Vec<Row>> {
    if !matches!(name, Name::Single | Name::Hundred | Name::Dedup | Name::Batch) {
        return Ok(Vec::new());
    }
    let pool = pool(url).await?;
    server::set(&pool, mode).await?;
    match name {
        Name::Single => write::single(&pool, mode, rounds).await,
        Name::Hundred => write::hundred(&pool, mode, rounds).await,
        _ => {
            apply::inbox(&pool).await?;
            sqlx::query("DELETE FROM event_inbox_mark").execute(&pool).await?;
            match name {
                Name::Dedup => apply::dedup(&pool, mode, rounds).await,
                _ => apply::batch(&pool, mode, rounds).await,
            }
        }
    }
}

/// What was measured on what.
pub async fn about(url: &str, rounds: usize) -> Result<String> {
    let version: String = sqlx::query_scalar("SELECT CONCAT(VERSION(), '')").fetch_one(&pool(url).await?).await?;
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    Ok(format!("{version}, the binary log off, {cores} cores, shared; at most {rounds} rounds each."))
}

/// A pool on the database, with our tables and a table of orders.
async fn pool(url: &str) -> Result<MySqlPool> {
    let pool = MySqlPoolOptions::new().max_connections(4).test_before_acquire(false).connect(url).await?;
    event_sqlx::migrate(&pool).await?;
    let orders = "CREATE TABLE IF NOT EXISTS orders (id BIGINT AUTO_INCREMENT PRIMARY KEY, customer TEXT NOT NULL, total BIGINT NOT NULL)";
    sqlx::query(orders).execute(&pool).await?;
    Ok(pool)
}
