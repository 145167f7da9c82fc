//! The consumer that issues invoices.

use event_core::{HandlerError, HandlerResult, event_handlers};
use event_sqlx::Context;
use sqlx::Sqlite;

use super::events::{InvoiceIssued, OrderPlaced};

/// Issues an invoice for every order.
#[derive(Debug, Clone, Default)]
pub struct Billing {
    /// Currencies that can be invoiced; none means all.
    pub currencies: Vec<String>,
}

#[event_handlers(consumer = "billing")]
impl Billing {
    #[on]
    async fn issue(&self, event: OrderPlaced, cx: &mut Context<'_, Sqlite>) -> HandlerResult {
        if !self.currencies.is_empty() && !self.currencies.contains(&event.total.currency) {
            return Err(HandlerError::permanent(format!("no bank account for {}", event.total.currency)));
        }
        sqlx::query("INSERT INTO invoices (issued_for, order_id, amount_cents, currency) VALUES (?1, ?2, ?3, ?4)")
            .bind(cx.event_id().to_string())
            .bind(event.order_id.to_string())
            .bind(event.total.amount_cents)
            .bind(&event.total.currency)
            .execute(cx.connection())
            .await?;
        cx.enqueue(InvoiceIssued::for_order(&event)).await?;
        Ok(())
    }
}
