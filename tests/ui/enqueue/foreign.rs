use event_core::DomainEvent;
use event_sqlx::Enqueue;

#[derive(serde::Deserialize, schemars::JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, foreign)]
struct OrderPlaced {
    order_id: String,
}

async fn place(event: OrderPlaced, mut tx: event_sqlx::Transaction<'static, sqlx::Sqlite>) {
    event.enqueue(&mut tx).await.unwrap();
}

fn main() {}
