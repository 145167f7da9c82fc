use sqlx::MySqlPool;
use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};

pub async fn connect(url: &str) -> Result<MySqlPool, sqlx::Error> {
    let options: MySqlConnectOptions = url.parse()?;
    // utf8mb4 is what sqlx speaks unless it is told otherwise; the outbox is in the database that the address names.
    MySqlPoolOptions::new()
        .max_connections(10)
        .test_before_acquire(false)
        .connect_with(options.charset("utf8mb4"))
        .await
}
