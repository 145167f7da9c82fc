use event_core::DomainEvent;
use event_sqlx::Enqueue;

#[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id, superseded)]
struct OrderPlacedV1 {
    order_id: String,
}

async fn place(event: OrderPlacedV1, mut tx: event_sqlx::Transaction<'static, sqlx::Sqlite>) {
    event.enqueue(&mut tx).await.unwrap();
}

fn main() {}
