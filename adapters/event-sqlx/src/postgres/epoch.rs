//! The name of the outbox, which a promoted standby or a restored dump doesn't go on with.

use sqlx::PgConnection;

crate::dialect::epoch!(sqlx::Postgres, "postgres", may_begin);

/// One server of a PostgreSQL takes writes.
#[allow(clippy::unused_async, reason = "other databases ask the server")]
async fn may_begin(_: &mut PgConnection) -> Result<(), sqlx::Error> {
    Ok(())
}
