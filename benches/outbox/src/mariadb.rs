//! The outbox in MariaDB, beside the same statements by hand, stamped by the same procedure.

mod server;
mod write;

use sqlx::MySqlPool;
use sqlx::mysql::MySqlPoolOptions;

use crate::Result;
use crate::database::Mode;
use crate::measure::Name;
use crate::table::Row;

pub use server::Server;

/// What is measured here, of what was asked for.
pub async fn measure(url: &str, name: Name, mode: Mode, rounds: usize) -> Result<Vec<Row>> {
    if !matches!(name, Name::Single | Name::Hundred) {
        return Ok(Vec::new());
    }
    let pool = pool(url).await?;
    server::set(&pool, mode).await?;
    if name == Name::Single {
        write::single(&pool, mode, rounds).await
    } else {
        write::hundred(&pool, mode, rounds).await
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
