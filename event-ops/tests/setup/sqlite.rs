//! A file of a test's own, in WAL mode, with our tables.

use std::path::PathBuf;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, SqlitePool};

pub(crate) struct File {
    pub(crate) pool: SqlitePool,
    pub(crate) path: PathBuf,
    pub(crate) url: String,
    _folder: tempfile::TempDir,
}

impl File {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("it's.db");
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(std::time::Duration::from_secs(10));
        let pool = SqlitePoolOptions::new().max_connections(3).connect_with(options).await.unwrap();
        event_sqlx::migrate(&pool).await.unwrap();
        let url = format!("sqlite:{}", path.display());
        Self { pool, path, url, _folder: folder }
    }

    pub(crate) async fn run(&self, statement: &str) {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&self.pool).await.unwrap();
    }
}
