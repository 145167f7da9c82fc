use event_core::{DomainEvent, HandlerError, HandlerResult, event_handlers};
use event_sqlx::Context;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::Sqlite;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id)]
pub struct OrderPlaced {
    pub order_id: String,
    pub cents: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "invoice.issued", version = 1, key = order_id)]
pub struct InvoiceIssued {
    pub order_id: String,
    pub cents: i64,
}

pub struct Billing;

#[event_handlers(consumer = "billing")]
impl Billing {
    #[on(retry = "1s, 1m")]
    async fn issue(&self, order: OrderPlaced, cx: &mut Context<'_, Sqlite>) -> HandlerResult {
        if order.cents < 0 {
            return Err(HandlerError::permanent("nobody is owed for an order"));
        }
        let insert = sqlx::query("INSERT INTO invoices (order_id, cents) VALUES (?1, ?2)");
        insert.bind(&order.order_id).bind(order.cents).execute(cx.connection()).await?;
        cx.enqueue(InvoiceIssued { order_id: order.order_id, cents: order.cents }).await?;
        Ok(())
    }
}
