use std::path::Path;
use std::time::Duration;

use sqlx::SqlitePool;

use super::sqlite::connect;

/// Opens a file that other processes may be about to make.
pub async fn open(file: &Path) -> Result<SqlitePool, sqlx::Error> {
    for _ in 0..100 {
        match connect(file).await {
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("5") => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            opened => return opened,
        }
    }
    connect(file).await
}
