//! PostgreSQL: a schema of its own for each test, on the server of one major.

use event_core::testing::ManualClock;
use event_core::{EventId, Publish, SystemClock};
use event_sqlx::{Enqueue, migrate_in};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgPool, Postgres};

use super::{Effects, Setup, effects_of, on_a_pool};
use crate::events::{Invoiced, Placed};

/// A schema on the server of a major.
#[derive(Clone)]
pub struct PostgresSchema<const MAJOR: u32> {
    pool: PgPool,
    clock: ManualClock,
}

/// A pool whose connections see `schema` first.
pub async fn postgres_pool(url: &str, schema: &str) -> PgPool {
    let options: PgConnectOptions = url.parse().unwrap();
    let options = options.options([("search_path", schema)]);
    PgPoolOptions::new().max_connections(4).test_before_acquire(false).connect_with(options).await.unwrap()
}

/// A name that nothing else on a server has.
pub fn unique_name(prefix: &str) -> String {
    format!("{prefix}_{}", EventId::generate(&SystemClock).as_str().replace('-', ""))
}

/// A new schema on a server, with our tables.
pub async fn postgres_schema(url: &str) -> PgPool {
    let schema = unique_name("test");
    let pool = postgres_pool(url, &schema).await;
    migrate_in(&pool, &schema).await.unwrap();
    pool
}

impl<const MAJOR: u32> Setup for PostgresSchema<MAJOR> {
    on_a_pool!(Postgres);

    async fn fresh(clock: ManualClock) -> Self {
        let pool = postgres_schema(&crate::postgres::url(&format!("postgres_{MAJOR}"))).await;
        let table = "CREATE TABLE written (place bigint GENERATED ALWAYS AS IDENTITY, line text NOT NULL)";
        sqlx::query(table).execute(&pool).await.unwrap();
        Self { pool, clock }
    }
}

effects_of!(Postgres, "INSERT INTO written (line) VALUES ($1)");
