//! What only SQLite can show: files, raw rows, migrations, locks.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::time::Duration;

use event_core::runtime::{Inbox, Origin};
use event_core::{Envelope, EventId, Relay, Sequence};
use event_sqlx::{Enqueue, EnqueueError, Store};
use event_tests::cut_over::Moved;
use event_tests::events::{Placed, PlacedV1, Viewed};
use event_tests::recorder::Recorder;
use event_tests::setup::{noon, sqlite_pool};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Row, SqlitePool};
use tempfile::TempDir;

async fn database() -> (TempDir, SqlitePool) {
    let folder = tempfile::tempdir().unwrap();
    let pool = sqlite_pool(&folder.path().join("test.db")).await;
    event_sqlx::migrate(&pool).await.unwrap();
    (folder, pool)
}

#[tokio::test]
async fn migrations_run_once_beside_those_of_the_user_and_refuse_a_newer_database() {
    let (_folder, pool) = database().await;
    let source = Store::new(pool.clone()).source_name().await;
    event_sqlx::migrate(&pool).await.unwrap();
    assert_eq!(Store::new(pool.clone()).source_name().await, source, "the name of the outbox stays");
    sqlx::query("CREATE TABLE _sqlx_migrations (version BIGINT)").execute(&pool).await.unwrap();
    event_sqlx::migrate(&pool).await.unwrap();
    sqlx::query("INSERT INTO event_migration VALUES (99, 'of the future', 0)").execute(&pool).await.unwrap();
    let error = event_sqlx::migrate(&pool).await.unwrap_err();
    let chain = event_core::error_chain(&error).join(": ");
    let known = event_sqlx::latest_migration::<sqlx::Sqlite>();
    let said = format!("the tables are of version 99 and this release of event-sqlx knows {known}");
    assert!(chain.contains(&said), "{chain}");
}

#[tokio::test]
async fn a_script_of_the_migrations_does_what_migrate_does() {
    let folder = tempfile::tempdir().unwrap();
    let pool = sqlite_pool(&folder.path().join("test.db")).await;
    let script = event_sqlx::migration_script::<sqlx::Sqlite>(0);
    sqlx::raw_sql(sqlx::AssertSqlSafe(script)).execute(&pool).await.unwrap();
    let recorded = "SELECT version, name FROM event_migration ORDER BY version";
    let by_script: Vec<(i64, String)> = sqlx::query_as(recorded).fetch_all(&pool).await.unwrap();
    event_sqlx::migrate(&pool).await.unwrap();
    let (_folder, by_library) = database().await;
    let by_library: Vec<(i64, String)> = sqlx::query_as(recorded).fetch_all(&by_library).await.unwrap();
    assert_eq!(by_script, by_library);
    assert_eq!(by_script.last().map(|(version, _)| *version), Some(event_sqlx::latest_migration::<sqlx::Sqlite>()));
}

/// The lines of the operator's guide for a file that comes from an older copy.
#[tokio::test]
async fn an_epoch_that_is_begun_by_hand_begins_every_stream_anew() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guides/operating-the-outbox.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let (_, epochs) = guide.split_once("## Epochs").unwrap();
    let lines = epochs.split("```").nth(1).unwrap().trim_start_matches("sql").to_owned();
    let (_folder, pool) = database().await;
    let send = async |step: u32| {
        let mut tx = event_sqlx::begin(&pool).await.unwrap();
        Placed::new("o", step).enqueue(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let recorder = Recorder::default();
        // A relay that was started since: one that runs knows the name that it read.
        Relay::new(Store::new(pool.clone()), recorder.clone()).step().await.unwrap();
        let [event] = recorder.sent().try_into().unwrap();
        event
    };
    let before: Envelope = send(1).await;
    assert!(before.source.as_str().ends_with("?epoch=1"));
    sqlx::raw_sql(sqlx::AssertSqlSafe(lines)).execute(&pool).await.unwrap();
    let after = send(2).await;
    assert!(after.source.as_str().ends_with("?epoch=2"));
    assert_eq!(after.previous.unwrap(), Sequence::START);
}

#[tokio::test]
async fn without_our_tables_the_error_says_what_to_type() {
    let folder = tempfile::tempdir().unwrap();
    let pool = sqlite_pool(&folder.path().join("test.db")).await;
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    let enqueued = Placed::new("o", 1).enqueue(&mut tx).await.unwrap_err();
    drop(tx);
    let read = Relay::new(Store::new(pool), Recorder::default()).step().await.unwrap_err();
    for chain in [event_core::error_chain(&enqueued), event_core::error_chain(&read)] {
        assert!(chain.iter().any(|text| text.contains("call `event_sqlx::migrate(&pool)`")), "{chain:?}");
    }
}

#[tokio::test]
async fn migrations_at_once_from_several_processes_make_one_set_of_tables() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    // SQLite waits for nobody while a file enters WAL mode, whatever the busy_timeout: one does it before the others come.
    sqlite_pool(&path).await.close().await;
    let runs = (0..4).map(|_| {
        let path = path.clone();
        tokio::spawn(async move { event_sqlx::migrate(&sqlite_pool(&path).await).await.unwrap() })
    });
    for run in runs.collect::<Vec<_>>() {
        run.await.unwrap();
    }
    let pool = sqlite_pool(&path).await;
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM event_migration").fetch_one(&pool).await.unwrap();
    assert_eq!(rows, event_sqlx::latest_migration::<sqlx::Sqlite>());
}

#[tokio::test]
async fn a_twin_that_can_not_be_inserted_takes_the_other_one_back_and_the_transaction_goes_on() {
    let (_folder, pool) = database().await;
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON event_outbox WHEN NEW.type = 'trial.moved' AND NEW.version = 1
                  BEGIN SELECT RAISE(ABORT, 'not this one'); END";
    sqlx::raw_sql(refuse).execute(&pool).await.unwrap();
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    let moved = Moved { order_id: "o-1".to_owned(), place: ("here".to_owned(), "there".to_owned()) };
    let error = moved.enqueue(&mut tx).await.unwrap_err();
    assert!(matches!(error, EnqueueError::Store(_)), "{error:?}");
    Viewed { page: "/".to_owned() }.enqueue(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let types: Vec<String> = sqlx::query_scalar("SELECT type FROM event_outbox").fetch_all(&pool).await.unwrap();
    assert_eq!(types, ["trial.viewed"]);
}

#[tokio::test]
async fn many_events_keep_their_order_and_one_that_is_refused_takes_all_back() {
    let (_folder, pool) = database().await;
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON event_outbox WHEN NEW.payload ->> 'step' = 140
                  BEGIN SELECT RAISE(ABORT, 'not this one'); END";
    sqlx::raw_sql(refuse).execute(&pool).await.unwrap();
    let events =
        |steps: std::ops::RangeInclusive<u32>| -> Vec<_> { steps.map(|step| Placed::new("o", step)).collect() };
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    event_sqlx::enqueue_all(&events(1..=40), &mut tx).await.unwrap();
    let error = event_sqlx::enqueue_all(&events(101..=140), &mut tx).await.unwrap_err();
    assert!(matches!(error, EnqueueError::Store(_)), "{error:?}");
    event_sqlx::enqueue_all(&events(41..=57), &mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let steps = "SELECT payload ->> 'step' FROM event_outbox ORDER BY position";
    let steps: Vec<u32> = sqlx::query_scalar(steps).fetch_all(&pool).await.unwrap();
    assert_eq!(steps, (1..=57).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_foreign_row_that_no_consumer_could_read_is_parked_with_the_reason() {
    let (_folder, pool) = database().await;
    sqlx::raw_sql(
        "INSERT INTO event_outbox (id, slot, aggregatetype, aggregateid, type, version, occurred_at, payload, headers)
         VALUES ('a', 3, 'x', '1', 'x.y', 1, 0, '{}', '{\"sequence\":\"1\"}'), ('', 3, 'x', '2', 'x.y', 1, 0, '{}', '{}'),
                ('c', 3, 'x', '3', 'x.y', 1, 1772366400000000000, '{}', '{}'), ('d', 3, 'x', '4', 'x.y', 1, 0, '{}', '{}'),
                ('e', 3, 'x', 'e' || char(0), 'x.y', 1, 0, '{}', '{}'),
                ('f', 3, 'x', '6', 'x.y', 1, 0, '{}', '{\"causationid\":\"\\u0000\"}')",
    )
    .execute(&pool)
    .await
    .unwrap();
    let recorder = Recorder::default();
    let step = Relay::new(Store::new(pool.clone()).clock(noon()), recorder.clone()).step().await.unwrap();
    assert_eq!((step.sent, step.parked), (1, 5));
    assert!(recorder.bodies().iter().all(|body| event_core::Envelope::from_json(body).is_ok()));
    let errors: Vec<String> =
        sqlx::query_scalar("SELECT errors ->> 0 FROM event_parked ORDER BY position").fetch_all(&pool).await.unwrap();
    assert_eq!(
        errors,
        [
            "the attribute `sequence` of event `a` must be absent from the headers: the envelope has its own",
            "the attribute `id` of event `` must be a non-empty string",
            "the attribute `time` of event `c` must be within the years 0 to 9999",
            "the attribute `subject` of event `e` must be text without U+0000",
            "the attribute `causationid` of event `f` must be text without U+0000",
        ]
    );
}

trait SourceName {
    async fn source_name(&self) -> String;
}

impl SourceName for Store<sqlx::Sqlite> {
    async fn source_name(&self) -> String {
        self.source().await.unwrap().to_string()
    }
}

#[tokio::test]
async fn a_foreign_row_that_is_no_json_is_parked_and_blocks_nobody() {
    let (_folder, pool) = database().await;
    sqlx::raw_sql(
        "INSERT INTO event_outbox (id, slot, aggregatetype, aggregateid, type, version, occurred_at, payload, headers)
         VALUES ('a', 3, 'x', '1', 'x.y', 1, 0, '{', '{}'), ('b', 3, 'x', '2', 'x.y', 1, 0, '{}', '[]'),
                ('c', 3, 'x', '3', 'x.y', 1, 0, '{}', '{\"colour\":\"red\"}')",
    )
    .execute(&pool)
    .await
    .unwrap();
    let recorder = Recorder::default();
    let step = Relay::new(Store::new(pool.clone()).clock(noon()), recorder.clone()).step().await.unwrap();
    assert_eq!((step.sent, step.parked), (1, 2));
    assert_eq!(recorder.sent().first().unwrap().id, EventId::from("c"));
    let errors: Vec<String> =
        sqlx::query_scalar("SELECT errors FROM event_parked ORDER BY position").fetch_all(&pool).await.unwrap();
    assert!(errors.first().unwrap().contains("the payload of event a is not JSON"));
    assert!(errors.get(1).unwrap().contains("the headers of event b are not a JSON object"));
}

#[tokio::test]
async fn what_can_not_be_enqueued_says_why_and_writes_nothing() {
    let (_folder, pool) = database().await;
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    let large = Viewed { page: "x".repeat(2 * 1024 * 1024) };
    let error = large.enqueue(&mut tx).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the data of `trial.viewed` has 2097163 bytes, and at most 1048576 are allowed; \
         send a reference to the large part, or raise `max_data_bytes`"
    );
    assert!(error.is_permanent());
    let error = Placed::new("", 1).enqueue(&mut tx).await.unwrap_err();
    assert_eq!(error.to_string(), "the key of `trial.placed` is empty");
    let error = Placed::new("o", 1).enqueue(&mut tx).extension("Source", "x").await.unwrap_err();
    assert!(matches!(error, EnqueueError::ExtensionName { .. }));
    let error = Placed::new("o", 1).enqueue(&mut tx).id("".into()).await.unwrap_err();
    assert_eq!(error.to_string(), "the attribute `id` must be a non-empty string");
    let late = event_core::Timestamp::from_unix_micros(i64::MAX);
    let error = Placed::new("o", 1).enqueue(&mut tx).occurred_at(late).await.unwrap_err();
    assert_eq!(error.to_string(), "the attribute `time` must be within the years 0 to 9999");
    let mut metadata = event_core::Metadata::default();
    metadata.extensions.insert("sequence".to_owned(), 7.into());
    let error = Placed::new("o", 1).enqueue(&mut tx).metadata(metadata).await.unwrap_err();
    assert!(matches!(error, EnqueueError::ExtensionName { .. }));
    large.enqueue(&mut tx).max_data_bytes(4 * 1024 * 1024).await.unwrap();
    Placed::new("o", 1).enqueue(&mut tx).id("twice".into()).await.unwrap();
    let error = Placed::new("o", 2).enqueue(&mut tx).id("twice".into()).await.unwrap_err();
    assert!(error.is_duplicate());
    tx.commit().await.unwrap();
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM event_outbox").fetch_one(&pool).await.unwrap();
    assert_eq!(rows, 2);
}

#[tokio::test]
async fn an_attribute_that_cloud_events_forbids_is_refused_before_it_is_written() {
    const LAWFUL: &str = "text without control characters (U+0000–U+001F, U+007F–U+009F) and noncharacters; take them out or \
                          encode them, as in `%0A`";
    let (_folder, pool) = database().await;
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    for bad in ["a\0", "a\n", "a\u{85}", "a\u{FFFF}"] {
        let refused = [
            ("subject", Placed::new(bad, 1).enqueue(&mut tx).await),
            ("subject", event_sqlx::enqueue_all(&[Placed::new(bad, 1)], &mut tx).await.map(|_| bad.into())),
            ("id", Placed::new("o", 1).enqueue(&mut tx).id(bad.into()).await),
            ("colour", Placed::new("o", 1).enqueue(&mut tx).extension("colour", bad).await),
        ];
        for (attribute, refused) in refused {
            let error = refused.unwrap_err();
            assert_eq!(error.to_string(), format!("the attribute `{attribute}` must be {LAWFUL}"), "{bad:?}");
            assert!(error.is_permanent());
        }
    }
    let error = Placed::new("o", 1).enqueue(&mut tx).causation("\0".into()).await.unwrap_err();
    assert_eq!(error.to_string(), "the attribute `causationid` must be text without U+0000");
    tx.commit().await.unwrap();
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM event_outbox").fetch_one(&pool).await.unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn metadata_stands_on_the_wire() {
    let (_folder, pool) = database().await;
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    Placed::new("o", 1)
        .enqueue(&mut tx)
        .correlation("checkout-7".into())
        .causation("click-1".into())
        .trace_parent(trace)
        .trace_state("vendor=1")
        .extension("tenant", "acme")
        .extension("priority", 3)
        .extension("trial", true)
        .occurred_at("2026-01-02T03:04:05Z".parse().unwrap())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let recorder = Recorder::default();
    Relay::new(Store::new(pool).source("/shop".into()), recorder.clone()).step().await.unwrap();
    let wire: serde_json::Value = serde_json::from_slice(recorder.bodies().first().unwrap()).unwrap();
    let expected = serde_json::json!({
        "correlationid": "checkout-7", "causationid": "click-1", "traceparent": trace, "tracestate": "vendor=1",
        "tenant": "acme", "priority": 3, "trial": true, "time": "2026-01-02T03:04:05.000000Z", "source": "/shop",
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(wire.get(name), Some(value), "{name}");
    }
}

#[tokio::test]
async fn a_savepoint_can_enqueue_and_be_taken_back() {
    let (_folder, pool) = database().await;
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    let mut kept = tx.savepoint().await.unwrap();
    Placed::new("o", 1).enqueue(&mut kept).await.unwrap();
    kept.commit().await.unwrap();
    let mut gone = tx.savepoint().await.unwrap();
    Placed::new("o", 2).enqueue(&mut gone).await.unwrap();
    gone.rollback().await.unwrap();
    tx.commit().await.unwrap();
    let row = sqlx::query("SELECT count(*), min(payload) FROM event_outbox").fetch_one(&pool).await.unwrap();
    assert_eq!((row.get::<i64, _>(0), row.get::<String, _>(1).contains("\"step\":1")), (1, true));
}

#[tokio::test]
async fn a_lock_that_is_held_for_too_long_is_transient_and_says_what_to_do() {
    const LOCKED: &str = "database is locked: another transaction has held the write lock of the file for longer than \
                          `busy_timeout` (7 ms): keep transactions short, those of handlers above all, or raise \
                          `SqliteConnectOptions::busy_timeout`";
    let (folder, pool) = database().await;
    let options =
        SqliteConnectOptions::new().filename(folder.path().join("test.db")).busy_timeout(Duration::from_millis(7));
    let hasty = SqlitePool::connect_with(options).await.unwrap();
    let held = event_sqlx::begin(&pool).await.unwrap();
    let error = event_sqlx::begin(&hasty).await.unwrap_err();
    assert_eq!(error.as_database_error().unwrap().code().as_deref(), Some("5"), "the code is SQLite's");
    assert_eq!(event_core::error_chain(&error), [&format!("error returned from database: {LOCKED}"), LOCKED]);
    let error = event_sqlx::migrate(&hasty).await.unwrap_err();
    assert_eq!(event_core::error_chain(&error).last().map(String::as_str), Some(LOCKED));
    let error = Store::new(hasty.clone()).begin().await.map(drop).unwrap_err();
    assert!(error.is_transient());
    assert_eq!(event_core::error_chain(&error).last().map(String::as_str), Some(LOCKED));
    held.rollback().await.unwrap();
    event_sqlx::begin(&hasty).await.unwrap().rollback().await.unwrap();
}

#[tokio::test]
async fn writers_that_compete_all_get_through() {
    let (_folder, pool) = database().await;
    let writers = (0..8).map(|writer| {
        let pool = pool.clone();
        tokio::spawn(async move {
            for step in 0..20 {
                let mut tx = event_sqlx::begin(&pool).await.unwrap();
                let before: i64 =
                    sqlx::query_scalar("SELECT count(*) FROM event_outbox").fetch_one(tx.connection()).await.unwrap();
                assert!(before >= i64::from(step));
                Placed::new(&format!("o-{writer}"), step).enqueue(&mut tx).await.unwrap();
                tx.commit().await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM event_outbox").fetch_one(&pool).await.unwrap();
    assert_eq!(rows, 160, "a deferred transaction that reads first would have failed with `database is locked`");
}

#[test]
fn a_superseded_version_is_still_read() {
    let data = serde_json::value::to_raw_value(&PlacedV1 { order_id: "o".to_owned(), step: 4 }).unwrap();
    let placed: Placed = event_core::read("trial.placed", 1, &data).unwrap();
    assert_eq!((placed.step, placed.note), (4, None));
}
