//! PostgreSQL: a schema of its own for each test, on the server of one major.

use event_core::testing::ManualClock;
use event_core::{EventId, Publish, SystemClock};
use event_sqlx::{Enqueue, migrate_in};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgPool, Postgres};

use super::{Effects, Setup};
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

/// A new schema on a server, with our tables.
pub async fn postgres_schema(url: &str) -> PgPool {
    let schema = format!("test_{}", EventId::generate(&SystemClock).as_str().replace('-', ""));
    let pool = postgres_pool(url, &schema).await;
    migrate_in(&pool, &schema).await.unwrap();
    pool
}

impl<const MAJOR: u32> Setup for PostgresSchema<MAJOR> {
    type Store = event_sqlx::Store<Postgres>;

    async fn fresh(clock: ManualClock) -> Self {
        let pool = postgres_schema(&crate::postgres::url(&format!("postgres_{MAJOR}"))).await;
        let table = "CREATE TABLE written (place bigint GENERATED ALWAYS AS IDENTITY, line text NOT NULL)";
        sqlx::query(table).execute(&pool).await.unwrap();
        Self { pool, clock }
    }

    fn store(&self) -> Self::Store {
        event_sqlx::Store::new(self.pool.clone()).clock(self.clock.clone())
    }

    fn other_process(&self) -> Self::Store {
        self.store()
    }

    async fn commit<E: Publish>(&self, events: &[E]) -> Vec<EventId> {
        let mut tx = event_sqlx::begin(&self.pool).await.unwrap();
        let ids = event_sqlx::enqueue_all(events, &mut tx).await.unwrap();
        tx.commit().await.unwrap();
        ids
    }

    async fn abandon(&self, event: &Placed) {
        let mut tx = event_sqlx::begin(&self.pool).await.unwrap();
        event.enqueue(&mut tx).await.unwrap();
        tx.rollback().await.unwrap();
    }

    async fn written(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT line FROM written ORDER BY place").fetch_all(&self.pool).await.unwrap()
    }

    async fn parked(&self) -> usize {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM event_parked").fetch_one(&self.pool).await.unwrap();
        usize::try_from(count).unwrap()
    }

    async fn discards(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT reason FROM event_audit ORDER BY id").fetch_all(&self.pool).await.unwrap()
    }
}

impl Effects for event_sqlx::Context<'_, Postgres> {
    async fn write(&mut self, line: String) {
        sqlx::query("INSERT INTO written (line) VALUES ($1)").bind(line).execute(self.connection()).await.unwrap();
    }

    async fn invoice(&mut self, event: Invoiced) -> EventId {
        self.enqueue(event).await.unwrap()
    }

    fn attempt(&self) -> u32 {
        self.message().attempt()
    }

    async fn sabotage(&mut self) {
        sqlx::query("ROLLBACK").execute(self.connection()).await.unwrap();
    }
}
