//! PostgreSQL: a schema of its own for each test, on the server of one major.

use event_core::testing::ManualClock;
use event_core::{EventId, Publish, SystemClock};
use event_sqlx::{Enqueue, migrate_in};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgPool, Postgres};

use super::{Effects, Setup, effects_of, on_a_pool, retaining_on_a_pool};
use crate::events::{Invoiced, Placed};
use crate::retaining::Retaining;

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

impl<const MAJOR: u32> Retaining for PostgresSchema<MAJOR> {
    retaining_on_a_pool!();

    async fn write_old(&self, order: &str) {
        let month = "SELECT event_outbox_month(now() - interval '120 days', 10000)";
        sqlx::query(month).execute(&self.pool).await.unwrap();
        let insert = "INSERT INTO event_outbox (id, at, aggregatetype, aggregateid, type, version, payload)
                      VALUES (gen_random_uuid(), now() - interval '120 days', 'trial', $1, 'trial.placed', 2, $2)";
        let data = serde_json::to_string(&Placed::new(order, 1)).unwrap();
        sqlx::query(insert).bind(order).bind(data).execute(&self.pool).await.unwrap();
    }
}
