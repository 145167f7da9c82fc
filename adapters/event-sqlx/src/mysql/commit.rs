//! The end of a transaction in which events were enqueued: positions, commit, and the locks given back, in one round trip.

use event_core::EventId;
use sqlx::{MySql, Transaction};

use crate::dialect::statement;
use crate::store::{explained, lacks_procedures};

/// The procedure does all of it on the server: a caller that goes away in the middle can't leave a named lock behind, for
/// those are the session's, which lives on in the pool.
pub(super) async fn commit(mut transaction: Transaction<'_, MySql>, ids: &[EventId]) -> Result<(), sqlx::Error> {
    if ids.is_empty() {
        return transaction.commit().await;
    }
    let ids: Vec<_> = ids.iter().map(EventId::as_str).collect();
    let ids = serde_json::to_string(&ids).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let committed = sqlx::query(statement!("mysql", commit)).bind(ids).execute(&mut *transaction).await;
    // The transaction is over on the server in any case. What sqlx sends when this value goes does nothing there.
    let Err(error) = committed else { return Ok(()) };
    if let Err(error) = sqlx::query(statement!("mysql", commit_unlock)).execute(&mut *transaction).await {
        tracing::debug!(%error, "the named locks went with the connection");
    }
    Err(if lacks_procedures(&error) { sqlx::Error::Configuration(explained(error)) } else { error })
}
