//! SQLite: each fault is planted for real, found, mended by the line that the doctor prints, and gone.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod setup;

use std::path::PathBuf;

use event_core::runtime::Sinks;
use event_core::{Registration, Sink};
use event_sqlx::Store;
use setup::{findings, ops_on};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection, SqlitePool};

/// A file of a test's own, in WAL mode, with our tables.
struct File {
    pool: SqlitePool,
    path: PathBuf,
    url: String,
    _folder: tempfile::TempDir,
}

impl File {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("it's.db");
        let options =
            SqliteConnectOptions::new().filename(&path).create_if_missing(true).journal_mode(SqliteJournalMode::Wal);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
        event_sqlx::migrate(&pool).await.unwrap();
        let url = format!("sqlite:{}", path.display());
        Self { pool, path, url, _folder: folder }
    }

    async fn run(&self, statement: &str) {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&self.pool).await.unwrap();
    }

    fn only(&self, arguments: &[&str], id: &str) -> (String, String) {
        let findings = findings(&self.url, arguments);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].0, id);
        (findings[0].1.clone(), findings[0].2.clone())
    }
}

#[tokio::test]
async fn a_file_in_order_has_no_findings() {
    let file = File::new().await;
    assert_eq!(ops_on(&file.url, &["doctor", "--full"]).out, "5 checks: nothing is wrong\n");
}

#[tokio::test]
async fn another_journal_mode_is_found() {
    let file = File::new().await;
    file.run("PRAGMA journal_mode = DELETE").await;
    let (message, mend) = file.only(&[], "journal");
    assert_eq!(
        message,
        "the file is in the journal mode `delete`: relays and consumers that read keep writers out, and are kept out by them"
    );
    assert_eq!(mend, "PRAGMA journal_mode = WAL; -- once, while nobody else has the file open");
    file.run(&mend).await;
    assert_eq!(findings(&file.url, &["--full"]), []);
}

#[tokio::test]
async fn a_reader_that_does_not_end_lets_the_log_grow() {
    let file = File::new().await;
    let mut reader = SqliteConnection::connect(&file.url).await.unwrap();
    sqlx::raw_sql("BEGIN; SELECT count(*) FROM event_outbox").execute(&mut reader).await.unwrap();
    // The same pages again and again: they would be written back between two transactions.
    for _ in 0..9 {
        file.run("CREATE TABLE wide (x BLOB); INSERT INTO wide VALUES (zeroblob(2000000)); DROP TABLE wide").await;
    }
    let (message, mend) = file.only(&[], "wal_grown");
    assert!(
        message.starts_with("the write-ahead log has ")
            && message.ends_with(": somebody reads in a transaction that doesn't end, and each read becomes slower"),
        "{message}"
    );
    assert_eq!(
        mend,
        "PRAGMA wal_checkpoint(TRUNCATE); -- once that transaction has ended; it answers 0 in its first column when it was"
    );
    sqlx::raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
    file.run(&mend).await;
    assert_eq!(findings(&file.url, &["--full"]), []);
}

#[tokio::test]
async fn a_damaged_file_is_found_by_a_full_look() {
    use std::io::{Seek, SeekFrom, Write};
    let file = File::new().await;
    file.run("CREATE TABLE filled (x TEXT); INSERT INTO filled SELECT hex(randomblob(900)) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) SELECT i FROM n)").await;
    file.run("PRAGMA wal_checkpoint(TRUNCATE)").await;
    let last: i64 = sqlx::query_scalar("SELECT page_count FROM pragma_page_count").fetch_one(&file.pool).await.unwrap();
    file.pool.close().await;
    let mut raw = std::fs::File::options().write(true).open(&file.path).unwrap();
    raw.seek(SeekFrom::Start(u64::try_from(last - 1).unwrap() * 4096)).unwrap();
    raw.write_all(&[0xff; 64]).unwrap();
    assert_eq!(findings(&file.url, &[]), []);
    let all = findings(&file.url, &["--full"]);
    assert!(all.iter().all(|(id, message, _)| id == "file" && message.starts_with("the file is damaged: ")), "{all:?}");
    let path = file.path.canonicalize().unwrap().display().to_string().replace('\'', r"'\''");
    assert_eq!(all[0].2, format!("sqlite3 '{path}' .recover > recovered.sql # into a new file"));
}

#[tokio::test]
async fn a_forgotten_sink_and_what_is_parked_are_found() {
    let file = File::new().await;
    let store = Store::new(file.pool.clone());
    store.register(&Sink::new("it's"), &Registration::default()).await.unwrap();
    file.run(
        "INSERT INTO event_outbox (id, slot, aggregatetype, type, version, occurred_at, at, payload)
              VALUES ('1', 3, 'x', 'x.y', 1, 0, unixepoch() * 1000000, '{}')",
    )
    .await;
    assert_eq!(findings(&file.url, &[]), [], "it was written just now, whatever it says of itself");
    file.run("UPDATE event_outbox SET at = at - 7200 * 1000000").await;
    let (message, mend) = file.only(&[], "sink_forgotten");
    assert!(
        message.starts_with("no relay runs for the sink `it's`, and its oldest unsent event is of 20")
            && message.ends_with(" UTC; retention keeps all events for it"),
        "{message}"
    );
    assert_eq!(mend, r"event-ops sink remove 'it'\''s' # or start its relay");
    assert_eq!(ops_on(&file.url, &["sink", "remove", "it's"]).exit, 0);
    file.run(r#"INSERT INTO event_parked VALUES ('s', 1, 'x', 'order/a', '["too large"]', 1772366400000000)"#).await;
    let (message, mend) = file.only(&[], "parked");
    assert_eq!(message, "1 event is parked for the sink `s` since 2026-03-01 12:00 UTC: too large");
    file.run(&mend).await;
    assert_eq!(findings(&file.url, &["--full"]), []);
}
