//! Migrations of later releases, on real servers: what this release has no example of yet.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test fails by panicking, and finds its server")]

use std::env;
use std::time::Duration;

use event_core::{EventId, SystemClock};
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection, PgConnection, PgPool};

use super::{Migration, run};

const FIRST: Migration = Migration {
    version: 1,
    name: "thing",
    sql: "CREATE TABLE thing (id bigint PRIMARY KEY, name text)",
    outside: &[],
    oldest: 1,
};

const COLUMN: Migration = Migration {
    version: 2,
    name: "thing_size",
    sql: "ALTER TABLE thing ADD COLUMN size integer",
    outside: &[],
    oldest: 1,
};

const INDEX: Migration = Migration {
    version: 3,
    name: "thing_name",
    sql: "COMMENT ON TABLE thing IS 'with an index'",
    outside: &["DROP INDEX CONCURRENTLY IF EXISTS thing_name", "CREATE INDEX CONCURRENTLY thing_name ON thing (name)"],
    oldest: 1,
};

/// A server, and the name of a new schema.
async fn schema(major: u32) -> (PgPool, String, String) {
    let url = env::var(format!("EVENT_TEST_POSTGRES_{major}_URL")).unwrap();
    let schema = format!("Test {}", EventId::generate(&SystemClock));
    (PgPoolOptions::new().max_connections(2).connect(&url).await.unwrap(), schema, url)
}

async fn a_migration_gives_way_to_whoever_uses_the_table(major: u32) {
    let (pool, schema, url) = schema(major).await;
    run(&pool, Some(&schema), &[FIRST]).await.unwrap();
    let mut reader = PgConnection::connect(&url).await.unwrap();
    let mut transaction = reader.begin().await.unwrap();
    let count = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM \"{schema}\".thing"));
    sqlx::query(count).execute(&mut *transaction).await.unwrap();
    let migrating = tokio::spawn({
        let (pool, schema) = (pool.clone(), schema.clone());
        async move { run(&pool, Some(&schema), &[FIRST, COLUMN]).await }
    });
    // A writer that comes while the migration waits is let through: the migration gives up.
    let mut writer = PgConnection::connect(&url).await.unwrap();
    for id in 0..3 {
        let insert = sqlx::AssertSqlSafe(format!("INSERT INTO \"{schema}\".thing VALUES ({id}, 'x')"));
        let written = sqlx::query(insert).execute(&mut writer);
        tokio::time::timeout(Duration::from_secs(20), written).await.expect("no writer waits for long").unwrap();
    }
    assert!(!migrating.is_finished());
    transaction.rollback().await.unwrap();
    assert_eq!(migrating.await.unwrap().unwrap(), 1);
}

async fn an_index_is_built_outside_of_a_transaction_by_one_of_many(major: u32) {
    let (pool, schema, url) = schema(major).await;
    run(&pool, Some(&schema), &[FIRST]).await.unwrap();
    let many = (0..6).map(|_| {
        let (schema, url) = (schema.clone(), url.clone());
        tokio::spawn(async move {
            let pool = PgPoolOptions::new().max_connections(1).connect(&url).await.unwrap();
            run(&pool, Some(&schema), &[FIRST, COLUMN, INDEX]).await.unwrap()
        })
    });
    for one in many.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    let valid = "SELECT i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                 WHERE c.relname = 'thing_name' AND c.relnamespace::regnamespace::text = format('%I', $1)";
    let valid: Vec<bool> = sqlx::query_scalar(valid).bind(&schema).fetch_all(&pool).await.unwrap();
    assert_eq!(valid, [true]);
    let recorded = sqlx::AssertSqlSafe(format!("SELECT version FROM \"{schema}\".event_migration ORDER BY version"));
    let recorded: Vec<i64> = sqlx::query_scalar(recorded).fetch_all(&pool).await.unwrap();
    assert_eq!(recorded, [1, 2, 3]);
    assert_eq!(run(&pool, Some(&schema), &[FIRST, COLUMN, INDEX]).await.unwrap(), 0);
}

macro_rules! on {
    ($($server:ident $major:literal),*) => {
        $(mod $server {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn a_migration_gives_way_to_whoever_uses_the_table() {
                super::a_migration_gives_way_to_whoever_uses_the_table($major).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn an_index_is_built_outside_of_a_transaction_by_one_of_many() {
                super::an_index_is_built_outside_of_a_transaction_by_one_of_many($major).await;
            }
        })*
    };
}
on!(postgres_13 13, postgres_15 15, postgres_17 17, postgres_18 18);
