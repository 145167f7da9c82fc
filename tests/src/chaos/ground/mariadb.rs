//! MariaDB 10.11 with `innodb_flush_log_at_trx_commit=1`, its binary log off or on, and two databases.

use std::path::Path;
use std::time::Duration;

use event_core::{EventId, SystemClock, Timestamp};
use sqlx::error::DatabaseError;
use sqlx::mysql::{MySqlConnectOptions, MySqlDatabaseError};
use sqlx::{Connection, MySqlConnection, MySqlPool};
use tokio::time::sleep;

use super::books::books;
use super::library::library;
use super::{Base, Books, Host, Naive, Side, Strangers, copy, pool_options};
use crate::chaos::Failure;
use crate::chaos::event::as_strangers_write;
use crate::chaos::random::Random;
use crate::chaos::schedule::{Crash, Fault, Hold};
use crate::chaos::site::{hot_key, keys, raw_key};
use crate::mysql::{Server, Shutdown};

/// A durable server (a commit is on the disk, as MariaDB has it), which lets nobody wait for long.
const OPTIONS: [&str; 2] = ["--max-connections=150", "--innodb-lock-wait-timeout=3"];

/// What replicas and backups read: with it, a commit has two phases.
const BINARY_LOG: [&str; 2] = ["--log-bin=binlog", "--sync-binlog=1"];

/// How positions are drawn: by one statement after another, as MariaDB has it, or by all at once, as MySQL and clusters have it.
const DRAWING: [&str; 2] = ["--innodb-autoinc-lock-mode=1", "--innodb-autoinc-lock-mode=2"];

/// How long the server is stopped, in milliseconds.
const FREEZE: (u64, u64) = (50, 500);

/// How long a stranger has the lock of a slot, in milliseconds: for less than a commit waits for it, and for more.
const LOCKS: [(u64, u64); 2] = [(300, 2000), (3500, 5000)];

/// Where each row draws its position for itself, somebody's own work takes its time between the positions and the commit: what
/// has a later position must not be seen before. Elsewhere the others would wait for it.
const SLOW: &str = "CREATE TRIGGER slow AFTER INSERT ON event_outbox_log FOR EACH ROW
    BEGIN IF @@innodb_autoinc_lock_mode = 2 AND NEW.number % 8 = 0 THEN DO SLEEP(0.03); END IF; END";

/// What the name of a slot's lock begins with, as the procedure of the outbox spells it. A stranger's lock of another name
/// would be in nobody's way.
const LOCK: &str = "CONCAT('event_outbox.', LEFT(MD5(DATABASE()), 24), '.')";
const NAMES_LOCKS: &str = "SELECT count(*) FROM information_schema.routines
    WHERE routine_schema = DATABASE() AND routine_name = 'event_outbox_commit' AND LOCATE(?, routine_definition) > 0";

#[derive(Debug)]
pub struct Mariadb;

books!(Mariadb, sqlx::MySql, "?", "?, ?, ?", "SIGNED", "START TRANSACTION WITH CONSISTENT SNAPSHOT");
library!(Mariadb, sqlx::MySql);

impl Base for Mariadb {
    type Db = sqlx::MySql;
    type Host = Machine;

    fn pool(address: &str, side: Side, connections: u32) -> Result<MySqlPool, Failure> {
        let options: MySqlConnectOptions = address.parse()?;
        let options = match side {
            Side::Producers => options,
            Side::Consumers | Side::StrictConsumers => options.database("consumers"),
        };
        Ok(pool_options(connections).connect_lazy_with(options))
    }

    async fn prepare(address: &str) -> Result<(), Failure> {
        let producers = Self::pool(address, Side::Producers, 1)?;
        for statement in [
            "CREATE TABLE business (name VARCHAR(32) PRIMARY KEY, n BIGINT NOT NULL)",
            "CREATE TABLE journal (name VARCHAR(32), n BIGINT, event_id VARCHAR(64) NOT NULL, PRIMARY KEY (name, n))",
            "CREATE DATABASE consumers",
        ] {
            sqlx::query(statement).execute(&producers).await?;
        }
        let counters = "INSERT INTO business
                        SELECT name, 0 FROM JSON_TABLE(?, '$[*]' COLUMNS (name VARCHAR(32) PATH '$')) k";
        let names = serde_json::to_string(&keys().collect::<Vec<_>>())?;
        sqlx::query(counters).bind(names).execute(&producers).await?;
        let consumers = Self::pool(address, Side::Consumers, 1)?;
        // No key but the place: an event that is applied again must be seen.
        let applied = "CREATE TABLE applied (place BIGINT PRIMARY KEY AUTO_INCREMENT,
                       name VARCHAR(32) NOT NULL, n BIGINT NOT NULL, event_id VARCHAR(64) NOT NULL)";
        sqlx::query(applied).execute(&consumers).await?;
        for statement in [
            "CREATE TABLE account (name VARCHAR(32) PRIMARY KEY, n BIGINT NOT NULL)",
            "INSERT INTO account VALUES ('a', 0), ('b', 0), ('c', 0)",
        ] {
            sqlx::query(statement).execute(&consumers).await?;
        }
        event_sqlx::migrate(&consumers).await?;
        event_sqlx::migrate(&producers).await?;
        sqlx::raw_sql(SLOW).execute(&producers).await?;
        let is_known: i64 = sqlx::query_scalar(NAMES_LOCKS).bind(LOCK).fetch_one(&producers).await?;
        if is_known == 0 { Err("the named locks of slots have other names now: mend `LOCK`".into()) } else { Ok(()) }
    }

    /// For the next transaction of the connection: this one has begun.
    async fn isolate(connection: &mut MySqlConnection, random: &mut Random) -> Result<(), Failure> {
        let level = match random.below(10) {
            0 => "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
            1..=5 => "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            _ => "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
        };
        sqlx::query(level).execute(&mut *connection).await?;
        let snapshot = ["SET SESSION innodb_snapshot_isolation = OFF", "SET SESSION innodb_snapshot_isolation = ON"];
        sqlx::query(snapshot[random.place(2)]).execute(connection).await?;
        Ok(())
    }

    /// Deadlocks, waits that were too long, rows that have changed since they were read; and the end of the server or of the
    /// session.
    fn may_pass(error: &dyn DatabaseError) -> bool {
        let number = error.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number);
        matches!(number, Some(1020 | 1040 | 1205 | 1213 | 1053 | 1317 | 1927 | 1152..=1161))
    }

    fn deal(random: &mut Random) -> Vec<Fault> {
        let mut hand = vec![Fault::Crash(Crash::Kill)];
        hand.extend(random.percent(30).then_some(Fault::Crash(Crash::Restart)));
        hand.extend((0..2).map(|_| Fault::Hold(Hold::Transaction(random.millis(1000, 6000)))));
        for (from, to) in LOCKS {
            // Slot 0 is the one of the crowd.
            let slot = if random.percent(50) { 0 } else { random.place(64) };
            hand.push(Fault::Hold(Hold::Lock(slot, random.millis(from, to))));
        }
        hand.push(Fault::Hold(Hold::Connections(random.millis(500, 3000))));
        hand.extend((0..3).map(|_| Fault::FreezeServer(0, random.millis(FREEZE.0, FREEZE.1))));
        hand
    }
}

/// The server, and how it is set just now.
#[derive(Debug)]
pub struct Machine {
    server: Server,
    settings: Settings,
}

#[derive(Debug, Clone, Copy)]
struct Settings {
    has_log: bool,
    draws_at_once: bool,
}

impl Settings {
    fn options(self) -> Vec<&'static str> {
        let log = BINARY_LOG.into_iter().filter(|_| self.has_log);
        OPTIONS.into_iter().chain(log).chain([DRAWING[usize::from(self.draws_at_once)]]).collect()
    }

    /// Each of the four combinations comes by and by.
    fn next(self) -> Self {
        Self { has_log: !self.has_log, draws_at_once: self.draws_at_once ^ self.has_log }
    }
}

impl Host for Machine {
    fn start(_: &Path, seed: u64) -> Self {
        let mut random = Random::of(seed, "settings of the server");
        let settings = Settings { has_log: random.percent(50), draws_at_once: random.percent(50) };
        Self { server: Server::start("mariadb_10_11", &settings.options()), settings }
    }

    fn address(&self) -> String {
        self.server.url()
    }

    fn crash(&mut self, how: Crash) {
        match how {
            Crash::Immediate | Crash::Kill => self.server.kill(),
            Crash::Restart => {
                // Only a server that has ended as it should can do without the log of its last life.
                self.server.stop(Shutdown::Fast);
                self.settings = self.settings.next();
                self.server.set(&self.settings.options());
            }
        }
        self.server.resume();
    }

    fn back_up(&mut self) {
        // Not done.
    }

    fn restore(&mut self, _: Timestamp) -> Option<String> {
        None
    }

    fn forget(&mut self) {}

    fn processes(&self) -> Vec<u32> {
        vec![self.server.id()]
    }

    fn keep(&mut self, folder: &Path) {
        self.server.stop(Shutdown::Fast);
        copy(&self.server.data(), folder);
    }
}

impl Strangers for Mariadb {
    /// Plain INSERTs, as a writer in another language does them: it calls the procedure in place of COMMIT, or doesn't know of
    /// it. What is committed by a raw COMMIT has keys of its own, for its order is not promised.
    async fn write(pool: &MySqlPool, random: &mut Random) -> Result<(), Failure> {
        let mut tx = pool.begin().await?;
        Self::isolate(&mut tx, random).await?;
        let (is_raw, count) = (random.percent(25), 1 + random.below(3));
        let mut ids = Vec::new();
        for _ in 0..count {
            let key = if is_raw { raw_key(random) } else { hot_key(random) };
            ids.push(write_one(&mut tx, key, random).await?.to_string());
        }
        if random.percent(10) {
            return Ok(tx.rollback().await?);
        }
        if !is_raw {
            let commit = sqlx::query("CALL event_outbox_commit(?)").bind(serde_json::to_string(&ids)?);
            commit.execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn mark(_: &str) -> Result<(), Failure> {
        Ok(())
    }

    /// Has a snapshot, and a row in the outbox, which it commits late and raw. Or has the lock of a slot, and is killed then, or
    /// hangs up.
    async fn hold(address: &str, hold: Hold) -> Result<(), Failure> {
        let pool = Self::pool(address, Side::Producers, 2)?;
        match hold {
            Hold::Transaction(length) => {
                let mut tx = pool.begin_with("START TRANSACTION WITH CONSISTENT SNAPSHOT").await?;
                sqlx::query("SELECT count(*) FROM journal").execute(&mut *tx).await?;
                let mut random = Random::of(u64::from(length.subsec_nanos()), "hold");
                write_one(&mut tx, raw_key(&mut random), &mut random).await?;
                sleep(length).await;
                tx.commit().await?;
            }
            Hold::Lock(slot, length) => hold_lock(&pool, slot, length).await?,
            Hold::Connections(length) => hold_connections(address, length).await?,
            Hold::Snapshot(_) | Hold::Checkpoint => {}
        }
        Ok(())
    }
}

async fn write_one(connection: &mut MySqlConnection, key: usize, random: &mut Random) -> Result<EventId, Failure> {
    let event = Mariadb::count_up(connection, key).await?;
    let (id, (event_type, payload)) = (EventId::generate(&SystemClock), as_strangers_write(&event, random));
    let statement = "INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, payload)
                     VALUES (?, 'chaos', ?, ?, ?)";
    let insert = sqlx::query(statement).bind(id.as_str()).bind(&event.key).bind(event_type).bind(payload);
    insert.execute(&mut *connection).await?;
    Mariadb::note(connection, &event, &id).await?;
    Ok(id)
}

/// As many as there are: who comes then is turned away.
async fn hold_connections(address: &str, length: Duration) -> Result<(), Failure> {
    let (options, mut connections) = (address.parse()?, Vec::new());
    while let Ok(connection) = MySqlConnection::connect_with(&options).await {
        connections.push(connection);
    }
    sleep(length).await;
    Ok(())
}

async fn hold_lock(pool: &MySqlPool, slot: usize, length: Duration) -> Result<(), Failure> {
    let mut connection = pool.acquire().await?.detach();
    let lock = "SELECT GET_LOCK(CONCAT('event_outbox.', LEFT(MD5(DATABASE()), 24), '.', ?), 5)";
    let slot = i64::try_from(slot)?;
    let locked: Option<i64> = sqlx::query_scalar(lock).bind(slot).fetch_one(&mut connection).await?;
    sleep(length).await;
    if locked == Some(1) && length.subsec_millis().is_multiple_of(2) {
        let id: u64 = sqlx::query_scalar("SELECT CONNECTION_ID()").fetch_one(&mut connection).await?;
        sqlx::query("KILL CONNECTION ?").bind(id).execute(pool).await?;
    }
    // Without a goodbye, as when its process is killed.
    Ok(connection.close_hard().await?)
}

impl Naive for Mariadb {
    type Claim = sqlx::Transaction<'static, sqlx::MySql>;

    async fn claim(pool: &MySqlPool, limit: i64) -> Result<(Self::Claim, Vec<[String; 3]>), Failure> {
        let mut tx = pool.begin_with("SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION").await?;
        let oldest = "SELECT id, aggregateid, payload FROM event_outbox
                      ORDER BY number LIMIT ? FOR UPDATE SKIP LOCKED";
        let rows: Vec<(String, String, String)> = sqlx::query_as(oldest).bind(limit).fetch_all(&mut *tx).await?;
        Ok((tx, rows.into_iter().map(<[String; 3]>::from).collect()))
    }

    async fn settle(mut claim: Self::Claim, sent: &[String]) -> Result<(), Failure> {
        for id in sent {
            sqlx::query("DELETE FROM event_outbox WHERE id = ?").bind(id).execute(&mut *claim).await?;
        }
        Ok(claim.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn restarts_try_every_combination_of_settings() {
        let mut settings = Settings { has_log: false, draws_at_once: false };
        let seen: std::collections::BTreeSet<_> = (0..4)
            .map(|_| {
                settings = settings.next();
                settings.options()
            })
            .collect();
        assert_eq!(seen.len(), 4);
    }
}
