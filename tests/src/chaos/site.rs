//! The two databases: the writers' with the outbox, and the consumers' with what was applied.

use std::future::Future;
use std::io::Read;

use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection, PgConnection, PgPool};
use tokio_util::sync::CancellationToken;

use super::Failure;

/// The keys whose counters go up.
pub const KEYS: usize = 32;

/// The name of a key.
pub fn key(number: usize) -> String {
    format!("k{number:02}")
}

/// The database of the writers.
pub fn producers(server: &str) -> &str {
    server
}

/// The database of the consumers, on the same server.
pub fn consumers(server: &str) -> String {
    let (place, _) = server.rsplit_once('/').expect("an address ends with a database");
    format!("{place}/consumers")
}

/// A pool that connects when it is first used: the server may just be away.
pub fn pool(url: &str, connections: u32) -> Result<PgPool, Failure> {
    Ok(PgPoolOptions::new().max_connections(connections).connect_lazy(url)?)
}

/// Makes the databases and their tables.
pub async fn prepare(server: &str) -> Result<(), Failure> {
    let mut producers = PgConnection::connect(producers(server)).await?;
    for statement in [
        "CREATE TABLE business (key text PRIMARY KEY, n bigint NOT NULL) WITH (fillfactor = 50)",
        "CREATE TABLE journal (key text, n bigint, event_id uuid NOT NULL, PRIMARY KEY (key, n))",
        "CREATE DATABASE consumers",
    ] {
        sqlx::query(statement).execute(&mut producers).await?;
    }
    let keys: Vec<String> = (0..KEYS).map(key).collect();
    let counters = sqlx::query("INSERT INTO business SELECT key, 0 FROM unnest($1::text[]) k (key)").bind(keys);
    counters.execute(&mut producers).await?;
    // No key but the place: an event that is applied again must be seen.
    let applied = "CREATE TABLE applied (place bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
                   key text NOT NULL, n bigint NOT NULL, event_id text NOT NULL)";
    let place = pool(&consumers(server), 1)?;
    sqlx::query(applied).execute(&place).await?;
    event_sqlx::migrate(&place).await?;
    event_sqlx::migrate(&pool(self::producers(server), 1)?).await?;
    Ok(())
}

/// Cancelled once our input ends: the conductor has asked us to end, or is gone.
pub fn end_of_input() -> CancellationToken {
    let ended = CancellationToken::new();
    let token = ended.clone();
    // A thread of its own: one of the runtime's would keep a worker that failed from ending.
    std::thread::spawn(move || {
        // An error is an end as well.
        let _ = std::io::stdin().read(&mut [0]);
        token.cancel();
    });
    ended
}

/// Runs a worker's loop until `ended`.
pub async fn until<T>(ended: &CancellationToken, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        done = work => Some(done),
        () = ended.cancelled() => None,
    }
}

/// Whether a failure may be gone on the next try: the server is away, or this transaction was the one to give way.
pub fn may_pass(failure: &Failure) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&**failure);
    while let Some(error) = cause {
        match error.downcast_ref::<sqlx::Error>() {
            Some(sqlx::Error::Database(error)) => {
                let code = error.code().unwrap_or_default();
                return ["08", "40", "53", "57", "58", "XX"].iter().any(|class| code.starts_with(class));
            }
            Some(_) => return true,
            None => cause = error.source(),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_consumers_are_on_the_same_server() {
        assert_eq!(
            consumers("postgres://postgres@127.0.0.1:5432/postgres"),
            "postgres://postgres@127.0.0.1:5432/consumers"
        );
    }

    #[test]
    fn only_failures_of_the_database_may_pass() {
        assert!(may_pass(&sqlx::Error::PoolTimedOut.into()));
        assert!(!may_pass(&"a mistake of the harness".into()));
    }
}
