use event_core::{HandlerResult, event_handlers};
use event_sqlx::Context;
use sqlx::Sqlite;

use super::after::OrderPlaced;

pub struct Billing;

#[event_handlers(consumer = "billing")]
impl Billing {
    #[on]
    async fn charge(&self, event: OrderPlaced, cx: &mut Context<'_, Sqlite>) -> HandlerResult {
        let insert = sqlx::query("INSERT INTO invoices (order_id, cents) VALUES (?1, ?2)");
        insert.bind(event.order_id).bind(event.total.cents).execute(cx.connection()).await?;
        Ok(())
    }
}
