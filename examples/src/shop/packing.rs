//! The consumer that packs parcels.

use event_core::{HandlerResult, event_handlers};
use event_sqlx::Context;
use sqlx::Sqlite;

use super::events::OrderPlaced;

/// Packs a parcel for every order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Packing;

#[event_handlers(consumer = "packing")]
impl Packing {
    #[on]
    async fn pack(&self, event: OrderPlaced, cx: &mut Context<'_, Sqlite>) -> HandlerResult {
        sqlx::query("INSERT INTO parcels (packed_for, order_id) VALUES (?1, ?2)")
            .bind(cx.event_id().to_string())
            .bind(event.order_id.to_string())
            .execute(cx.connection())
            .await?;
        Ok(())
    }
}
