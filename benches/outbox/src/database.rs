//! Where it is measured: a server, and a schema for each measurement.

use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use clap::ValueEnum;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgPool};

use crate::Result;

/// Whether a commit waits until it is on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// `synchronous_commit=on`
    Durable,
    /// `synchronous_commit=off`
    Off,
}

impl Mode {
    pub const ALL: [Self; 2] = [Self::Durable, Self::Off];

    /// As the table says it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Durable => "durable",
            Self::Off => "off",
        }
    }

    fn setting(self) -> &'static str {
        match self {
            Self::Durable => "on",
            Self::Off => "off",
        }
    }
}

/// A server, and how many rounds a ratio gets.
#[derive(Debug)]
pub struct Target {
    pub url: String,
    pub rounds: usize,
    options: PgConnectOptions,
    schemas: AtomicU32,
}

impl Target {
    pub fn new(url: &str, rounds: usize) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)?;
        Ok(Self { url: url.to_owned(), rounds: rounds.max(1), options, schemas: AtomicU32::new(0) })
    }

    /// A new schema with our tables and a table of orders; `bench_…`, dropped by [`Schema::drop`].
    pub async fn schema(&self, mode: Mode) -> Result<Schema> {
        let schema = self.empty_schema(mode).await?;
        event_sqlx::migrate(&schema.pool).await?;
        schema.run("CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text NOT NULL, total bigint NOT NULL)").await?;
        Ok(schema)
    }

    /// A new schema without anything.
    pub async fn empty_schema(&self, mode: Mode) -> Result<Schema> {
        let number = self.schemas.fetch_add(1, Ordering::Relaxed);
        let name = format!("bench_{}_{number}", std::process::id());
        let options = [("search_path", name.as_str()), ("synchronous_commit", mode.setting())];
        let pool = PgPoolOptions::new().max_connections(20).test_before_acquire(false);
        let pool = pool.connect_with(self.options.clone().options(options)).await?;
        let schema = Schema { name, pool };
        schema.run(&format!("CREATE SCHEMA {}", schema.name)).await?;
        Ok(schema)
    }

    /// What was measured on what.
    pub async fn about(&self, rounds: usize) -> Result<String> {
        let pool = PgPoolOptions::new().max_connections(1).connect_with(self.options.clone()).await?;
        let version: String = sqlx::query_scalar("SHOW server_version").fetch_one(&pool).await?;
        let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(&pool).await?;
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        Ok(format!("PostgreSQL {version}, fsync {fsync}, {cores} cores, shared; at most {rounds} rounds each."))
    }
}

/// A schema and the pool that sees it alone.
#[derive(Debug)]
pub struct Schema {
    pub name: String,
    pub pool: PgPool,
}

impl Schema {
    /// Runs statements.
    pub async fn run(&self, sql: &str) -> Result<()> {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.pool).await?;
        Ok(())
    }

    /// Inserts `count` events at once, of as many keys as there are numbers below 10,000, and no sink has seen them.
    pub async fn fill(&self, count: i64, key: &str) -> Result<()> {
        let sql = "INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, version, payload)
                   SELECT gen_random_uuid(), 'order', CASE WHEN $2 = '' THEN 'order-' || g % 10000 ELSE $2 END,
                          'order.placed', 1, '{\"note\":\"' || repeat('n', 889) || '\"}' FROM generate_series(1, $1) g";
        sqlx::query(sql).bind(count).bind(key).execute(&self.pool).await?;
        self.run("VACUUM ANALYZE event_outbox, event_outbox_log").await
    }

    /// Removes it with all that is in it.
    pub async fn drop(self) -> Result<()> {
        self.run(&format!("DROP SCHEMA {} CASCADE", self.name)).await?;
        self.pool.close().await;
        Ok(())
    }
}
