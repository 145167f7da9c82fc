//! The write lock of a file that wasn't got in time: what it means, and what to do.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::error::{DatabaseError, ErrorKind};

use crate::dialect::statement;

/// What is waited for a connection that can tell.
const SOON: Duration = Duration::from_millis(100);

/// The error, with what to do where it says that another transaction was in the way.
pub(super) async fn explained(pool: &SqlitePool, error: sqlx::Error) -> sqlx::Error {
    match error {
        sqlx::Error::Database(source) if is_busy(&*source) => {
            let message = message(patience(pool).await);
            sqlx::Error::Database(Box::new(Busy { message, source }))
        }
        error => error,
    }
}

/// Busy, and its forms: another process recovers the file, or sleeps with the lock.
fn is_busy(error: &dyn DatabaseError) -> bool {
    error.code().is_some_and(|code| matches!(&*code, "5" | "261" | "773"))
}

/// How long connections of the pool wait, in milliseconds, if one is soon free to tell.
async fn patience(pool: &SqlitePool) -> Option<i64> {
    let mut connection = tokio::time::timeout(SOON, pool.acquire()).await.ok()?.ok()?;
    sqlx::query_scalar(statement!("sqlite", begin_patience)).fetch_one(&mut *connection).await.ok()
}

fn message(patience: Option<i64>) -> String {
    let waited = patience.map_or_else(String::new, |millis| format!(" ({millis} ms)"));
    format!(
        "database is locked: another transaction has held the write lock of the file for longer than `busy_timeout`{waited}: \
         keep transactions short, those of handlers above all, or raise `SqliteConnectOptions::busy_timeout`"
    )
}

/// It passes for the error of SQLite, whose code callers look at.
#[derive(Debug)]
struct Busy {
    message: String,
    source: Box<dyn DatabaseError>,
}

impl fmt::Display for Busy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Busy {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.source.as_error())
    }
}

impl DatabaseError for Busy {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        self.source.code()
    }

    fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        self.source.kind()
    }
}
