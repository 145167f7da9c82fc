use event_core::DomainEvent;
use event_sqlx::Enqueue;

async fn place<E: DomainEvent>(event: E, mut tx: event_sqlx::Transaction<'static, sqlx::Sqlite>) {
    event.enqueue(&mut tx).await.unwrap();
}

fn main() {}
