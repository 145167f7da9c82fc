//! The two databases: the writers' with the outbox, and the consumers' with what was applied.

use std::future::Future;
use std::io::Read;
use std::sync::LazyLock;

use event_core::Slot;
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection, PgConnection, PgPool};
use tokio_util::sync::CancellationToken;

use super::Failure;

/// How many keys there are of any slot.
pub const KEYS: usize = 48;

/// How many further keys there are that are all of one slot: their transactions wait for each other at commit alone.
pub const CROWD: usize = 16;

static CROWDED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let names = (0..).map(|number| format!("c{number:03}"));
    names.filter(|name| Slot::of(&format!("chaos/{name}")).number() == 0).take(CROWD).collect()
});

/// The name of a key; those of the crowd come last.
pub fn key(number: usize) -> String {
    let crowded = number.checked_sub(KEYS).and_then(|number| CROWDED.get(number));
    crowded.cloned().unwrap_or_else(|| format!("k{number:02}"))
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

/// A check of the user's own that takes its time at commit, after the events have their positions: what has a later one must
/// not be seen before.
const CHECK: &str = "CREATE FUNCTION check_at_commit() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(0.03); RETURN NULL; END $$";

/// Makes the databases and their tables.
pub async fn prepare(server: &str) -> Result<(), Failure> {
    let mut producers = PgConnection::connect(producers(server)).await?;
    for statement in [
        "CREATE TABLE business (key text PRIMARY KEY, n bigint NOT NULL) WITH (fillfactor = 50)",
        "CREATE TABLE journal (key text, n bigint, event_id uuid NOT NULL, PRIMARY KEY (key, n))",
        CHECK,
        "CREATE CONSTRAINT TRIGGER journal_check AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW WHEN (NEW.n % 8 = 0) EXECUTE FUNCTION check_at_commit()",
        "CREATE DATABASE consumers",
    ] {
        sqlx::query(statement).execute(&mut producers).await?;
    }
    let keys: Vec<String> = (0..KEYS + CROWD).map(key).collect();
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
    fn each_key_has_a_name_of_its_own_and_the_crowd_has_one_slot() {
        let names: Vec<String> = (0..KEYS + CROWD).map(key).collect();
        assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), KEYS + CROWD);
        assert!(names[KEYS..].iter().all(|name| Slot::of(&format!("chaos/{name}")).number() == 0));
    }

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
