//! SQLite: one file in WAL mode with `synchronous = FULL`, which every process opens for itself. There is no server that could
//! be killed; whoever is killed or stopped may hold the lock of the only writer.

use std::path::{Path, PathBuf};
use std::time::Duration;

use event_core::{EventId, Slot, SystemClock, Timestamp};
use sqlx::error::DatabaseError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection, SqlitePool};
use tokio::time::sleep;

use super::books::books;
use super::library::library;
use super::{Base, Books, Host, Naive, Side, Strangers, pool_options};
use crate::chaos::Failure;
use crate::chaos::event::{Counted, as_strangers_write};
use crate::chaos::random::Random;
use crate::chaos::schedule::{Crash, Fault, Hold};
use crate::chaos::site::{hot_key, keys};

/// How long workers wait for the lock of the writer.
const BUSY_TIMEOUT: Duration = Duration::from_millis(2000);

/// How long others hold that lock, in milliseconds: for less than workers wait, and for more.
const HOLDS: [(u64, u64); 2] = [(300, 1500), (2500, 4500)];

/// How long the naive relay has for what it has claimed. One that was killed can't give it back.
const CLAIM: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub struct Sqlite;

books!(Sqlite, sqlx::Sqlite, "$1", "$1, $2, $3", "INTEGER", "BEGIN");
library!(Sqlite, sqlx::Sqlite);

fn options(address: &str) -> SqliteConnectOptions {
    let options = SqliteConnectOptions::new().filename(address).journal_mode(SqliteJournalMode::Wal);
    options.synchronous(SqliteSynchronous::Full).busy_timeout(BUSY_TIMEOUT)
}

impl Base for Sqlite {
    type Db = sqlx::Sqlite;
    type Host = File;

    /// Producers and consumers have one file: the transaction of a handler keeps every writer waiting.
    fn pool(address: &str, _: Side, connections: u32) -> Result<SqlitePool, Failure> {
        Ok(pool_options(connections).connect_lazy_with(options(address)))
    }

    async fn prepare(address: &str) -> Result<(), Failure> {
        let mut connection = SqliteConnection::connect_with(&options(address).create_if_missing(true)).await?;
        for statement in [
            "CREATE TABLE business (name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT",
            "CREATE TABLE journal (name TEXT, n INTEGER, event_id TEXT NOT NULL, PRIMARY KEY (name, n)) STRICT",
            // No key but the place: an event that is applied again must be seen.
            "CREATE TABLE applied (place INTEGER PRIMARY KEY AUTOINCREMENT,
             name TEXT NOT NULL, n INTEGER NOT NULL, event_id TEXT NOT NULL) STRICT",
            "CREATE TABLE account (name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT",
            "INSERT INTO account VALUES ('a', 0), ('b', 0), ('c', 0)",
            "CREATE TABLE naive_claim (id TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT",
        ] {
            sqlx::query(statement).execute(&mut connection).await?;
        }
        let names = serde_json::to_string(&keys().collect::<Vec<_>>())?;
        let counters = sqlx::query("INSERT INTO business SELECT value, 0 FROM json_each($1)").bind(names);
        counters.execute(&mut connection).await?;
        event_sqlx::migrate(&Self::pool(address, Side::Producers, 1)?).await?;
        Ok(())
    }

    /// Transactions come one after another; there is nothing to choose.
    async fn isolate(_: &mut SqliteConnection, _: &mut Random) -> Result<(), Failure> {
        Ok(())
    }

    /// Busy and locked, and their extended forms: the transaction left nothing behind.
    fn may_pass(error: &dyn DatabaseError) -> bool {
        ["5", "261", "517", "773", "6", "262", "518"].contains(&&*error.code().unwrap_or_default())
    }

    fn deal(random: &mut Random) -> Vec<Fault> {
        let held = HOLDS.map(|(from, to)| Fault::Hold(Hold::Transaction(random.millis(from, to))));
        let mut hand = Vec::from(held);
        hand.push(Fault::Hold(Hold::Snapshot(random.millis(1000, 6000))));
        hand.push(Fault::Hold(Hold::Checkpoint));
        hand
    }
}

/// The file.
#[derive(Debug)]
pub struct File(PathBuf);

impl Host for File {
    fn start(folder: &Path, _: u64) -> Self {
        Self(folder.join("chaos.db"))
    }

    fn address(&self) -> String {
        self.0.to_str().expect("temporary folders have names in UTF-8").to_owned()
    }

    fn crash(&mut self, _: Crash) {
        unreachable!("a file is dealt no crash");
    }

    fn back_up(&mut self) {
        // Not done.
    }

    fn restore(&mut self, _: Timestamp) -> Option<String> {
        None
    }

    fn forget(&mut self) {}

    fn processes(&self) -> Vec<u32> {
        Vec::new()
    }

    fn keep(&mut self, _: &Path) {
        // It is in the folder already.
    }
}

impl Strangers for Sqlite {
    /// Plain INSERTs, as another program does it, which waits for the lock for long, or hardly, or not at all; and which may
    /// read first and write later: that fails whenever somebody wrote between, and leaves nothing behind.
    async fn write(pool: &SqlitePool, random: &mut Random) -> Result<(), Failure> {
        let patience = ["PRAGMA busy_timeout = 0", "PRAGMA busy_timeout = 100", "PRAGMA busy_timeout = 5000"];
        let mut connection = pool.acquire().await?;
        sqlx::query(patience[random.place(patience.len())]).execute(&mut *connection).await?;
        let begin = if random.percent(50) { "BEGIN IMMEDIATE" } else { "BEGIN" };
        let mut tx = connection.begin_with(begin).await?;
        sqlx::query("SELECT count(*) FROM business").execute(&mut *tx).await?;
        sleep(random.millis(0, 20)).await;
        let event = Self::count_up(&mut tx, hot_key(random)).await?;
        let id = insert(&mut tx, &event, random).await?;
        Self::note(&mut tx, &event, &id).await?;
        if random.percent(10) {
            return Ok(tx.rollback().await?);
        }
        Ok(tx.commit().await?)
    }

    async fn mark(_: &str) -> Result<(), Failure> {
        Ok(())
    }

    /// Has the lock of the writer, or a snapshot that no checkpoint may pass; or wants the log to be emptied.
    async fn hold(address: &str, hold: Hold) -> Result<(), Failure> {
        let mut connection = SqliteConnection::connect_with(&options(address)).await?;
        match hold {
            Hold::Transaction(length) => {
                let tx = connection.begin_with("BEGIN IMMEDIATE").await?;
                sleep(length).await;
                tx.rollback().await?;
            }
            Hold::Snapshot(length) => {
                let mut tx = connection.begin().await?;
                sqlx::query("SELECT count(*) FROM journal").execute(&mut *tx).await?;
                sleep(length).await;
                tx.rollback().await?;
            }
            Hold::Checkpoint => {
                sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await?;
            }
            Hold::Lock(..) | Hold::Connections(_) => {}
        }
        Ok(())
    }
}

async fn insert(connection: &mut SqliteConnection, event: &Counted, random: &mut Random) -> Result<EventId, Failure> {
    let (id, (event_type, payload)) = (EventId::generate(&SystemClock), as_strangers_write(event, random));
    let slot = i64::from(Slot::of(&format!("chaos/{}", event.key)).number());
    let statement =
        "INSERT INTO event_outbox (id, slot, aggregatetype, aggregateid, type, version, occurred_at, payload)
                     VALUES ($1, $2, 'chaos', $3, $4, 1, unixepoch() * 1000000, $5)";
    let insert = sqlx::query(statement).bind(id.as_str()).bind(slot).bind(&event.key);
    insert.bind(event_type).bind(payload).execute(connection).await?;
    Ok(id)
}

impl Naive for Sqlite {
    /// What was claimed, for as long as `CLAIM`: rows can't be locked, so they are marked.
    type Claim = (SqlitePool, Vec<String>);

    async fn claim(pool: &SqlitePool, limit: i64) -> Result<(Self::Claim, Vec<[String; 3]>), Failure> {
        let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM naive_claim WHERE until <= unixepoch()").execute(&mut *tx).await?;
        let oldest = "SELECT id, aggregateid, payload FROM event_outbox
                      WHERE id NOT IN (SELECT id FROM naive_claim) ORDER BY position LIMIT $1";
        let rows: Vec<(String, String, String)> = sqlx::query_as(oldest).bind(limit).fetch_all(&mut *tx).await?;
        let ids: Vec<String> = rows.iter().map(|(id, ..)| id.clone()).collect();
        let mark = "INSERT INTO naive_claim SELECT value, unixepoch() + $2 FROM json_each($1)";
        let mark = sqlx::query(mark).bind(serde_json::to_string(&ids)?).bind(i64::try_from(CLAIM.as_secs())?);
        mark.execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(((pool.clone(), ids), rows.into_iter().map(<[String; 3]>::from).collect()))
    }

    async fn settle((pool, claimed): Self::Claim, sent: &[String]) -> Result<(), Failure> {
        let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
        for (statement, ids) in [
            ("DELETE FROM event_outbox WHERE id IN (SELECT value FROM json_each($1))", sent),
            ("DELETE FROM naive_claim WHERE id IN (SELECT value FROM json_each($1))", &claimed),
        ] {
            sqlx::query(statement).bind(serde_json::to_string(ids)?).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }
}
