use event_core::{Consumer, Sink, follow};
use event_sqlx::Store;
use sqlx::SqlitePool;
use tokio_util::sync::CancellationToken;

use super::billing::Billing;

pub async fn run(
    orders: SqlitePool,
    billing: SqlitePool,
    shutdown: CancellationToken,
) -> Result<(), event_core::runtime::StoreError> {
    let subscription = follow(Store::new(orders), Sink::new("billing"));
    Consumer::new(Store::new(billing), Billing).run(subscription, shutdown).await
}
