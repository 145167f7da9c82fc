//! The ordered outbox and the inbox of versioned domain events, on sqlx.
//!
//! ```no_run
//! use event_core::DomainEvent;
//! use event_sqlx::Enqueue;
//! # use schemars::JsonSchema;
//! # use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
//! #[event(type = "order.placed", version = 1, key = order_id)]
//! struct OrderPlaced { order_id: String }
//!
//! # async fn example(pool: sqlx::SqlitePool) -> Result<(), Box<dyn std::error::Error>> {
//! event_sqlx::migrate(&pool).await?;
//! let mut tx = event_sqlx::begin(&pool).await?;
//! sqlx::query("INSERT INTO orders (id) VALUES (?1)").bind("o-1").execute(&mut **tx).await?;
//! OrderPlaced { order_id: "o-1".to_owned() }.enqueue(&mut tx).await?;
//! tx.commit().await?;
//! # Ok(())
//! # }
//! ```
//!
//! One feature per database; so far there is `sqlite`.

#[cfg(not(feature = "sqlite"))]
compile_error!("event-sqlx needs a database: add `features = [\"sqlite\"]` to its line in your Cargo.toml");

#[cfg(feature = "sqlite")]
mod sqlite;

#[cfg(feature = "sqlite")]
mod context;
#[cfg(feature = "sqlite")]
mod database;
#[cfg(feature = "sqlite")]
mod enqueue;
#[cfg(feature = "sqlite")]
mod ingest;
#[cfg(feature = "sqlite")]
mod migrate;
#[cfg(feature = "sqlite")]
mod owner;
#[cfg(feature = "sqlite")]
mod store;
#[cfg(feature = "sqlite")]
mod transaction;
#[cfg(feature = "sqlite")]
mod wake;

#[cfg(feature = "sqlite")]
pub use context::Context;
#[cfg(feature = "sqlite")]
pub use database::Database;
#[cfg(feature = "sqlite")]
pub use enqueue::{Enqueue, Enqueueing, OutboxTx, enqueue_all};
#[cfg(feature = "sqlite")]
pub use event_core::EnqueueError;
#[cfg(feature = "sqlite")]
pub use migrate::{MigrateError, migrate};
#[cfg(feature = "sqlite")]
pub use store::Store;
#[cfg(feature = "sqlite")]
pub use transaction::{Transaction, begin};
