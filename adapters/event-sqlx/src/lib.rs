//! adapters/event-sqlx
