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
//! One feature per database: `postgres`, `mysql` (MariaDB as well) and `sqlite`.
//!
//! # MariaDB and MySQL
//!
//! End transactions by [`Transaction::commit`]: it gives events their positions, under a named lock of the server for each slot.
//! After a raw `COMMIT` relays find the events within seconds, say so in the log, and publish them in no order that is known.
//! A writer in another language ends its transaction by a procedure in place of `COMMIT`:
//!
//! ```sql
//! START TRANSACTION;
//! INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, payload)
//! VALUES ('01a2…', 'order', 'o-1', 'order.placed', '{"order_id": "o-1"}');
//! CALL event_outbox_commit('["01a2…"]');
//! ```
//!
//! Several servers that take writes (Galera, group replication with more than one primary) are refused: no lock is shared.
//!
//! # Behind pgbouncer
//!
//! Writers work behind pgbouncer in transaction mode; relays and consumers connect to PostgreSQL itself. Give the schema to
//! the role or the database (`ALTER ROLE app SET search_path = public, events`), for what a session sets is not kept. From
//! pgbouncer 1.21 on set its `max_prepared_statements`. Before that, set `server_reset_query = DEALLOCATE ALL` and
//! `server_reset_query_always = 1`, and `PgConnectOptions::statement_cache_capacity(0)` in your service: sqlx's connections
//! call their statements by the same names.

#[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")))]
compile_error!(
    "event-sqlx needs a database: add `features = [\"postgres\"]`, `features = [\"mysql\"]` or `features = [\"sqlite\"]` to its line in your Cargo.toml"
);

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod context;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod database;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod dialect;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod enqueue;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod ingest;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod migrate;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod owner;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod retention;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod script;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod store;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod transaction;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod wake;

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub use context::Context;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub use database::Database;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub use enqueue::{Enqueue, Enqueueing, OutboxTx, enqueue_all};
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub use event_core::EnqueueError;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub use migrate::{MigrateError, migrate};
#[cfg(feature = "postgres")]
pub use postgres::{Archive, EnqueueWith, PostgresTx, migrate_in, migration_script_in};
#[cfg(any(feature = "sqlite", feature = "mysql"))]
pub use retention::ArchiveEvents;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub use retention::Retention;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub use script::{latest_migration, migration_script};
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub use store::Store;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub use transaction::{Transaction, begin};
