#![allow(unreachable_code, unused)]

use event_core::DomainEvent;
use event_sqlx::Enqueue;

#[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id)]
struct OrderPlaced {
    order_id: String,
}

async fn place(event: OrderPlaced) {
    let mut tx: sqlx::Transaction<'static, sqlx::MySql> = todo!();
    event.enqueue(&mut tx).await.unwrap();
}

fn main() {}
