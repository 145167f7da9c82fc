//! The shop's own tables, beside those of outbox and inbox.

use sqlx::{SqliteConnection, SqlitePool};

use super::events::OrderPlaced;

/// Creates the tables, if they aren't there.
///
/// # Errors
/// When the database can't be written.
///
/// # Cancel safety
/// Each table is created wholly or not at all.
pub async fn create_tables(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(include_str!("tables.sql")).execute(pool).await.map(drop)
}

/// Stores an order: the state that an event tells of.
///
/// # Errors
/// When the order is stored already, or the database can't be written.
///
/// # Cancel safety
/// Roll back a transaction whose future was dropped.
pub async fn insert_order(
    connection: &mut SqliteConnection,
    placed_by: &str,
    order: &OrderPlaced,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO orders (placed_by, order_id, amount_cents, currency, coupon) VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(placed_by)
        .bind(order.order_id.to_string())
        .bind(order.total.amount_cents)
        .bind(&order.total.currency)
        .bind(&order.coupon)
        .execute(connection)
        .await
        .map(drop)
}
