//! What goes wrong around an outbox on PostgreSQL, and holds nobody up.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use event_core::runtime::{Backlog, InboxTransaction, NewLetter};
use event_core::{EventId, Place, Relay, SystemClock, error_chain};
use event_sqlx::{Store, enqueue_all, migrate_in};
use event_tests::events::Placed;
use event_tests::postgres::url;
use event_tests::recorder::Recorder;
use event_tests::setup::{postgres_pool, postgres_schema};
use sqlx::{AssertSqlSafe, PgPool};

fn new_name(prefix: &str) -> String {
    format!("{prefix}_{}", EventId::generate(&SystemClock).as_str().replace('-', ""))
}

async fn run(pool: &PgPool, statement: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(pool).await.map(drop)
}

async fn commit(pool: &PgPool, steps: std::ops::Range<u32>) {
    let events: Vec<_> = steps.map(|step| Placed::new("o-1", step)).collect();
    let mut tx = event_sqlx::begin(pool).await.unwrap();
    enqueue_all(&events, &mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_writer_can_not_stamp_by_a_trigger_of_its_own(server: &str) {
    let pool = postgres_schema(&url(server)).await;
    let schema: String = sqlx::query_scalar("SELECT current_schema()::text").fetch_one(&pool).await.unwrap();
    let role = new_name("writer");
    let grants = format!(
        "CREATE ROLE {role}; GRANT USAGE ON SCHEMA {schema} TO {role}; GRANT INSERT ON {schema}.event_outbox TO {role}"
    );
    run(&pool, grants).await.unwrap();
    let forge = format!(
        "BEGIN; SET LOCAL ROLE {role}; CREATE TEMP TABLE forged (slot smallint, at timestamptz, id uuid);
         CREATE TRIGGER t AFTER INSERT ON forged FOR EACH ROW EXECUTE FUNCTION {schema}.event_outbox_stamp();
         INSERT INTO forged VALUES (3, now(), gen_random_uuid()); COMMIT"
    );
    let error = run(&pool, forge).await.unwrap_err().to_string();
    assert!(error.contains("permission denied for function") && error.contains("event_outbox_stamp"), "{error}");
    let insert = format!(
        "BEGIN; SET LOCAL ROLE {role}; INSERT INTO {schema}.event_outbox (id, aggregatetype, aggregateid, type, payload)
         VALUES (gen_random_uuid(), 'order', 'o-1', 'order.placed', '{{}}'); COMMIT"
    );
    let another = postgres_pool(&url(server), &schema).await;
    run(&another, insert).await.unwrap();
    let stamped: i64 = sqlx::query_scalar("SELECT count(*) FROM event_outbox_log").fetch_one(&another).await.unwrap();
    assert_eq!(stamped, 1);
    run(&another, format!("DROP OWNED BY {role}; DROP ROLE {role}")).await.unwrap();
}

async fn events_that_were_deleted_hold_up_none_behind_them(server: &str) {
    let pool = postgres_schema(&url(server)).await;
    commit(&pool, 0..60).await;
    let erase = "DELETE FROM event_outbox WHERE (payload::jsonb ->> 'step')::int < 55";
    sqlx::query(erase).execute(&pool).await.unwrap();
    let recorder = Recorder::default();
    Relay::new(Store::new(pool), recorder.clone()).batch(10).step().await.unwrap();
    assert_eq!(recorder.sent().len(), 5);
}

async fn a_letter_that_is_no_text_is_shown_all_the_same(server: &str) {
    let pool = postgres_schema(&url(server)).await;
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    for body in [b"\xff\x00{".to_vec(), b"{\"a\":1}".to_vec()] {
        tx.add("billing", &NewLetter::new(Place::DeadLetter, body, None)).await.unwrap();
    }
    InboxTransaction::commit(tx).await.unwrap();
    let shown: Vec<String> =
        sqlx::query_scalar("SELECT body FROM event_dead_letter ORDER BY id").fetch_all(&pool).await.unwrap();
    assert_eq!(shown, ["\\377\\000{", "{\"a\":1}"]);
}

async fn a_database_of_another_encoding_is_refused(server: &str) {
    let pool = PgPool::connect(&url(server)).await.unwrap();
    let name = new_name("latin");
    let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
    run(&pool, create).await.unwrap();
    let address = url(server).replace("/postgres", &format!("/{name}"));
    let latin = PgPool::connect(&address.replacen(&format!("//{name}"), "//postgres", 1)).await.unwrap();
    let chain = error_chain(&event_sqlx::migrate(&latin).await.unwrap_err()).join(": ");
    latin.close().await;
    run(&pool, format!("DROP DATABASE {name}")).await.unwrap();
    assert!(chain.contains("the encoding of the database is LATIN1, and an outbox needs UTF8"), "{chain}");
}

async fn a_schema_may_have_an_apostrophe(server: &str) {
    let schema = format!("it's {}", new_name("x"));
    let pool = postgres_pool(&url(server), &format!("\"{schema}\"")).await;
    migrate_in(&pool, &schema).await.unwrap();
    commit(&pool, 0..3).await;
    let stamped: i64 = sqlx::query_scalar("SELECT count(*) FROM event_outbox_log").fetch_one(&pool).await.unwrap();
    assert_eq!(stamped, 3);
}

async fn much_in_a_default_partition_is_left_there_until_somebody_asks(server: &str) {
    let pool = postgres_schema(&url(server)).await;
    let fill = "BEGIN; SET LOCAL session_replication_role = replica;
        INSERT INTO event_outbox_log (slot, position, at, id)
        SELECT 1, 30000000 + g, now(), gen_random_uuid() FROM generate_series(1, 10001) g;
        SELECT setval('event_outbox_position', 30010001); COMMIT";
    run(&pool, fill.to_owned()).await.unwrap();
    let kept = "SELECT count(*) FROM event_outbox_log_default";
    run(&pool, "SELECT event_outbox_partitions()".to_owned()).await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, i64>(kept).fetch_one(&pool).await.unwrap(), 10_001, "moving stops writers");
    let next: bool =
        sqlx::query_scalar("SELECT to_regclass('event_outbox_log_4') IS NOT NULL").fetch_one(&pool).await.unwrap();
    assert!(next, "what comes next has its partition");
    run(&pool, "SELECT event_outbox_adopt()".to_owned()).await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, i64>(kept).fetch_one(&pool).await.unwrap(), 0);
}

/// The read is planned for a millisecond's work: a plan that looks dear is compiled first (jit), for a second and more.
async fn the_read_never_looks_dear_enough_to_be_compiled(server: &str) {
    let pool = postgres_schema(&url(server)).await;
    let read = include_str!("../../adapters/event-sqlx/sql/postgres/outbox_read.sql");
    let fill = "BEGIN; SET LOCAL session_replication_role = replica;
        INSERT INTO event_outbox_log (slot, position, at, id)
        SELECT g % 64, g, now(), gen_random_uuid() FROM generate_series(1, 100000) g; COMMIT";
    // By name: the server has the schemas of all other tests as well.
    let analyze = "ANALYZE event_outbox, event_outbox_log, event_outbox_identity, event_parked";
    for step in ["SELECT 1", analyze, fill, analyze] {
        run(&pool, step.to_owned()).await.unwrap();
        let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("EXPLAIN {read}")))
            .bind("default")
            .bind((0..64).collect::<Vec<i16>>())
            .bind(vec![0_i64; 64])
            .bind(200_i64)
            .bind(None::<i64>)
            .bind(0_i64)
            .fetch_all(&pool)
            .await
            .unwrap();
        let cost = plan.first().and_then(|line| line.split("..").nth(1)?.split('.').next()?.parse::<u64>().ok());
        assert!(cost.unwrap() < 100_000, "jit_above_cost is 100000: {}", plan.join("\n"));
        assert!(!plan.iter().any(|line| line.contains("JIT")), "{}", plan.join("\n"));
    }
}

event_tests::on_every_postgres!(
    a_writer_can_not_stamp_by_a_trigger_of_its_own,
    events_that_were_deleted_hold_up_none_behind_them,
    a_letter_that_is_no_text_is_shown_all_the_same,
    a_database_of_another_encoding_is_refused,
    a_schema_may_have_an_apostrophe,
    the_read_never_looks_dear_enough_to_be_compiled,
    much_in_a_default_partition_is_left_there_until_somebody_asks,
);
