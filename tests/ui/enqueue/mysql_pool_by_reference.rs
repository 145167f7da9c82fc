#![allow(unreachable_code, unused)]

use event_core::DomainEvent;
use event_sqlx::Enqueue;

#[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id)]
struct OrderPlaced {
    order_id: String,
}

async fn place(event: OrderPlaced) {
    let pool: sqlx::MySqlPool = todo!();
    event.enqueue(&pool).await.unwrap();
}

fn main() {}
