use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

pub async fn connect(url: &str) -> Result<PgPool, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    // The schema of the outbox comes second, and a session that is stuck in a transaction ends by itself.
    let options = options.options([("search_path", "public,events"), ("idle_in_transaction_session_timeout", "60s")]);
    PgPoolOptions::new().max_connections(10).test_before_acquire(false).connect_with(options).await
}
