#![deny(unused_must_use)]

use event_core::DomainEvent;
use event_sqlx::Enqueue;

#[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id)]
struct OrderPlaced {
    order_id: String,
}

async fn place(event: OrderPlaced, mut tx: event_sqlx::Transaction<'static, sqlx::Sqlite>) {
    event.enqueue(&mut tx);
}

fn main() {}
