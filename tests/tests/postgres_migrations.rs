//! Migrations on PostgreSQL: by the library and as a script, by many processes and by two builds, in schemas of any name.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Command, Output};

use event_core::{EventId, Relay, SystemClock, error_chain};
use event_sqlx::{Enqueue, Store, migrate, migrate_in, migration_script, migration_script_in};
use event_tests::events::Placed;
use event_tests::postgres::{programs, url};
use event_tests::recorder::Recorder;
use event_tests::setup::{postgres_pool, postgres_schema};
use sqlx::{AssertSqlSafe, PgPool, Postgres};

const UNUSUAL: &str = "Ünusual \"schema\"";

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A name that no schema has yet.
fn new_name(prefix: &str) -> String {
    format!("{prefix} {}", EventId::generate(&SystemClock))
}

/// A pool for a schema of this name, which isn't made.
async fn pool_for(server: &str, schema: &str) -> PgPool {
    postgres_pool(&url(server), &quoted(schema)).await
}

async fn run(pool: &PgPool, statement: String) {
    sqlx::query(AssertSqlSafe(statement)).execute(pool).await.unwrap();
}

async fn versions(pool: &PgPool) -> Vec<i64> {
    sqlx::query_scalar("SELECT version FROM event_migration ORDER BY version").fetch_all(pool).await.unwrap()
}

/// What was enqueued comes out, in order.
async fn assert_works(pool: &PgPool) {
    for step in 0..3 {
        let mut tx = pool.begin().await.unwrap();
        Placed::new("o-1", step).enqueue(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }
    let recorder = Recorder::default();
    Relay::new(Store::new(pool.clone()), recorder.clone()).step().await.unwrap();
    let steps: Vec<_> = recorder.sent().iter().map(|event| event.data.as_ref().unwrap().get().to_owned()).collect();
    assert_eq!(steps.len(), 3);
    assert!(steps.iter().enumerate().all(|(step, data)| data.contains(&format!("\"step\":{step}"))), "{steps:?}");
}

/// Runs a script by psql, in one transaction.
fn psql(server: &str, script: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("migrate.sql");
    std::fs::write(&file, script).unwrap();
    let mut command = Command::new(programs(15).join("psql"));
    command.args(["--no-psqlrc", "--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1"]);
    command.env("PGCLIENTENCODING", "UTF8").arg("--file").arg(file).arg(url(server)).output().unwrap()
}

async fn two_builds_use_one_database_during_a_rolling_deploy(server: &str) {
    let pool = postgres_schema(&url(server)).await;
    let newer = "INSERT INTO event_migration (version, name, oldest) VALUES (99, 'of the future', 1)";
    sqlx::query(newer).execute(&pool).await.unwrap();
    migrate(&pool).await.unwrap();
    assert_works(&pool).await;
}

async fn a_build_that_is_too_old_is_refused(server: &str) {
    let pool = postgres_schema(&url(server)).await;
    let newer = "INSERT INTO event_migration (version, name, oldest) VALUES (99, 'of the future', 99)";
    sqlx::query(newer).execute(&pool).await.unwrap();
    let chain = error_chain(&migrate(&pool).await.unwrap_err()).join(": ");
    let known = event_sqlx::latest_migration::<Postgres>();
    let wanted =
        format!("the tables are of version 99 and this release of event-sqlx knows {known}; update event-sqlx");
    assert!(chain.contains(&wanted), "{chain}");
}

async fn many_processes_that_migrate_at_once_make_one_set_of_tables(server: &str) {
    let schema = new_name("many");
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (server, schema) = (server.to_owned(), schema.clone());
            tokio::spawn(async move { migrate_in(&pool_for(&server, &schema).await, &schema).await.unwrap() })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let pool = pool_for(server, &schema).await;
    assert_eq!(versions(&pool).await.last().copied(), Some(event_sqlx::latest_migration::<Postgres>()));
    assert_works(&pool).await;
}

async fn a_schema_may_have_any_name(server: &str) {
    let schema = new_name(UNUSUAL);
    let pool = pool_for(server, &schema).await;
    migrate_in(&pool, &schema).await.unwrap();
    assert_works(&pool).await;
    migrate(&pool).await.unwrap();
    migrate_in(&pool, &schema).await.unwrap();
}

async fn everything_works_where_the_search_path_finds_the_schema_second(server: &str) {
    let (first, second) = (new_name("first"), new_name(UNUSUAL));
    let path = format!("{},{}", quoted(&first), quoted(&second));
    let pool = postgres_pool(&url(server), &path).await;
    run(&pool, format!("CREATE SCHEMA {}", quoted(&first))).await;
    migrate_in(&pool, &second).await.unwrap();
    assert_works(&pool).await;
    let here: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(here, 0, "nothing of ours is in the first schema");
}

async fn a_role_that_may_not_make_schemas_migrates_one_that_is_there(server: &str) {
    let name = format!("limited_{}", EventId::generate(&SystemClock).as_str().replace('-', ""));
    let admin = postgres_pool(&url(server), "public").await;
    run(&admin, format!("CREATE ROLE {name} LOGIN")).await;
    run(&admin, format!("CREATE SCHEMA {name} AUTHORIZATION {name}")).await;
    let limited = postgres_pool(&url(server).replace("postgres@", &format!("{name}@")), &name).await;
    migrate_in(&limited, &name).await.unwrap();
    assert_works(&limited).await;
}

async fn psql_runs_the_script_and_migrate_then_does_nothing(server: &str) {
    let schema = new_name(UNUSUAL);
    let ran = psql(server, &migration_script_in(&schema, 0));
    assert!(ran.status.success() && ran.stderr.is_empty(), "{}", String::from_utf8_lossy(&ran.stderr));
    let pool = pool_for(server, &schema).await;
    let by_script: Vec<(i64, String, i64, String)> = applied(&pool).await;
    migrate(&pool).await.unwrap();
    migrate_in(&pool, &schema).await.unwrap();
    assert_eq!(applied(&pool).await, by_script);
    assert_works(&pool).await;
    let again = psql(server, &migration_script_in(&schema, 0));
    assert!(!again.status.success(), "a script that ran already changes nothing");
    let later = psql(server, &migration_script_in(&schema, event_sqlx::latest_migration::<Postgres>()));
    assert!(later.status.success(), "{}", String::from_utf8_lossy(&later.stderr));
    assert_eq!(applied(&pool).await, by_script);
}

async fn applied(pool: &PgPool) -> Vec<(i64, String, i64, String)> {
    let all = "SELECT version, name, oldest, applied_at::text FROM event_migration ORDER BY version";
    sqlx::query_as(all).fetch_all(pool).await.unwrap()
}

/// The script and the library make the same: what a script records is what the library records.
async fn a_script_records_what_the_library_does(server: &str) {
    let by_library = postgres_schema(&url(server)).await;
    let by_script = pool_for(server, &new_name("script")).await;
    run(&by_script, "DO $$ BEGIN EXECUTE 'CREATE SCHEMA ' || current_setting('search_path'); END $$".to_owned()).await;
    sqlx::raw_sql(AssertSqlSafe(migration_script::<Postgres>(0))).execute(&by_script).await.unwrap();
    let strip = |rows: Vec<(i64, String, i64, String)>| -> Vec<_> {
        rows.into_iter().map(|(version, name, oldest, _)| (version, name, oldest)).collect()
    };
    assert_eq!(strip(applied(&by_script).await), strip(applied(&by_library).await));
}

/// A service whose role only reads and writes calls `migrate` at its start as every other does.
async fn a_role_that_may_create_nothing_finds_that_nothing_is_to_be_done(server: &str) {
    let (schema, role) = (new_name("tables"), new_name("writer"));
    let owner = pool_for(server, &schema).await;
    migrate_in(&owner, &schema).await.unwrap();
    run(&owner, format!("CREATE ROLE {}", quoted(&role))).await;
    run(&owner, format!("GRANT USAGE ON SCHEMA {} TO {}", quoted(&schema), quoted(&role))).await;
    run(&owner, format!("GRANT SELECT ON event_migration TO {}", quoted(&role))).await;
    let nowhere = new_name("nowhere");
    let options: sqlx::postgres::PgConnectOptions = url(server).parse().unwrap();
    let path = format!("{}, {}", quoted(&nowhere), quoted(&schema));
    let writer = PgPool::connect_with(options.options([("search_path", path)])).await.unwrap();
    let mut connection = writer.acquire().await.unwrap();
    sqlx::query(AssertSqlSafe(format!("SET ROLE {}", quoted(&role)))).execute(&mut *connection).await.unwrap();
    drop(connection);
    migrate(&writer).await.unwrap();
    writer.close().await;
    run(&owner, format!("DROP OWNED BY {}", quoted(&role))).await;
    run(&owner, format!("DROP ROLE {}", quoted(&role))).await;
}

async fn tables_that_are_further_along_the_search_path_are_not_made_again(server: &str) {
    let (first, second) = (new_name("first"), new_name("second"));
    let pool = pool_for(server, &second).await;
    migrate_in(&pool, &second).await.unwrap();
    run(&pool, format!("CREATE SCHEMA {}", quoted(&first))).await;
    let options: sqlx::postgres::PgConnectOptions = url(server).parse().unwrap();
    let path = format!("{}, {}", quoted(&first), quoted(&second));
    let both = PgPool::connect_with(options.options([("search_path", path)])).await.unwrap();
    migrate(&both).await.unwrap();
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = $1 AND tablename LIKE 'event\\_%'";
    let made: i64 = sqlx::query_scalar(tables).bind(&first).fetch_one(&both).await.unwrap();
    assert_eq!(made, 0);
    assert_works(&both).await;
}

async fn without_our_tables_the_error_says_what_to_type(server: &str) {
    let pool = pool_for(server, &new_name("empty")).await;
    let mut tx = pool.begin().await.unwrap();
    let error = Placed::new("o-1", 1).enqueue(&mut tx).await.unwrap_err();
    let chain = error_chain(&error).join(": ");
    assert!(chain.contains("the tables of the outbox are not found: call `event_sqlx::migrate(&pool)`"), "{chain}");
}

/// What Debezium's outbox event router reads without a mapping. A change here breaks those who run it.
async fn debezium_reads_the_outbox_without_a_mapping(server: &str) {
    let pool = postgres_schema(&url(server)).await;
    let columns: Vec<String> = sqlx::query_scalar(
        "SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
         FROM pg_attribute a WHERE a.attrelid = 'event_outbox'::regclass AND a.attnum > 0 AND NOT a.attisdropped
           AND a.attname IN ('id', 'aggregatetype', 'aggregateid', 'type', 'payload') ORDER BY a.attnum",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    insta::allow_duplicates! { insta::assert_snapshot!(columns.join("\n"), @r"
    id uuid not null
    aggregatetype text not null
    aggregateid text
    type text not null
    payload text not null
    "); }
}

event_tests::on_every_postgres!(
    two_builds_use_one_database_during_a_rolling_deploy,
    a_build_that_is_too_old_is_refused,
    many_processes_that_migrate_at_once_make_one_set_of_tables,
    a_schema_may_have_any_name,
    everything_works_where_the_search_path_finds_the_schema_second,
    a_role_that_may_not_make_schemas_migrates_one_that_is_there,
    a_role_that_may_create_nothing_finds_that_nothing_is_to_be_done,
    tables_that_are_further_along_the_search_path_are_not_made_again,
    without_our_tables_the_error_says_what_to_type,
    psql_runs_the_script_and_migrate_then_does_nothing,
    a_script_records_what_the_library_does,
    debezium_reads_the_outbox_without_a_mapping,
);
