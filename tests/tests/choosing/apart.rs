use event_core::{Consumer, Relay, in_process};
use event_sqlx::Store;
use sqlx::SqlitePool;
use tokio_util::sync::CancellationToken;

use super::short::Billing;

/// The consumer writes to a file of its own, so its transactions keep no producer of orders waiting.
pub async fn run(
    orders: SqlitePool,
    billing: SqlitePool,
    shutdown: CancellationToken,
) -> Result<(), Box<dyn std::error::Error>> {
    let (transport, subscription) = in_process();
    let relay = Relay::new(Store::new(orders), transport).run(shutdown.clone());
    let consumer = Consumer::new(Store::new(billing), Billing).batch(1).run(subscription, shutdown);
    let (relay, consumer) = tokio::join!(relay, consumer);
    relay?;
    consumer?;
    Ok(())
}
