use event_core::{DomainEvent, HandlerResult, event_handlers};
use event_sqlx::Context;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::Sqlite;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id)]
pub struct OrderPlaced {
    pub order_id: String,
    pub total_cents: i64,
}

pub struct Billing;

#[event_handlers(consumer = "billing")]
impl Billing {
    #[on]
    async fn charge(&self, event: OrderPlaced, cx: &mut Context<'_, Sqlite>) -> HandlerResult {
        // Written down here, in microseconds. A task of the service asks the bank, outside of any transaction, with the same key.
        sqlx::query("INSERT INTO charges (key, order_id, cents) VALUES (?1, ?2, ?3)")
            .bind(cx.idempotency_key())
            .bind(event.order_id)
            .bind(event.total_cents)
            .execute(cx.connection())
            .await?;
        Ok(())
    }
}
