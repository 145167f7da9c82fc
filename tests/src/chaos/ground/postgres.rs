//! PostgreSQL 15 with `fsync` on, and two databases.

mod machine;

use std::time::Duration;

use event_core::{EventId, SystemClock};
use event_sqlx::Enqueue;
use sqlx::error::DatabaseError;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection, PgPool, Row};
use tokio::time::sleep;

use super::books::books;
use super::library::library;
use super::{Base, Books, Naive, Side, Strangers, pool_options};
use crate::chaos::Failure;
use crate::chaos::event::{Counted, as_strangers_write};
use crate::chaos::random::Random;
use crate::chaos::schedule::{Crash, Fault, Hold};
use crate::chaos::site::{hot_key, keys};

use machine::{Machine, part};

/// How long a process of the server is stopped, in milliseconds: the others wait for what it holds.
const FREEZE: (u64, u64) = (50, 500);

/// How far back the producers' database is put, in milliseconds.
const RESTORES: (u64, u64) = (500, 4000);

/// A check of the user's own that takes its time at commit, after the events have their positions: what has a later one must
/// not be seen before.
const CHECK: &str = "CREATE FUNCTION check_at_commit() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(0.03); RETURN NULL; END $$";

#[derive(Debug)]
pub struct Postgres;

books!(Postgres, sqlx::Postgres, "$1", "$1, $2, $3", "bigint", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
library!(Postgres, sqlx::Postgres);

impl Base for Postgres {
    type Db = sqlx::Postgres;
    type Host = Machine;

    fn pool(address: &str, side: Side, connections: u32) -> Result<PgPool, Failure> {
        let level = if side == Side::StrictConsumers { "serializable" } else { "read committed" };
        let options: PgConnectOptions = part(address, side).parse()?;
        let options = options.options([("default_transaction_isolation", level)]);
        Ok(pool_options(connections).connect_lazy_with(options))
    }

    async fn prepare(address: &str) -> Result<(), Failure> {
        let producers = Self::pool(address, Side::Producers, 1)?;
        for statement in [
            "CREATE TABLE business (name text PRIMARY KEY, n bigint NOT NULL) WITH (fillfactor = 50)",
            "CREATE TABLE journal (name text, n bigint, event_id text NOT NULL, PRIMARY KEY (name, n))",
            CHECK,
            "CREATE CONSTRAINT TRIGGER journal_check AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED
             FOR EACH ROW WHEN (NEW.n % 8 = 0) EXECUTE FUNCTION check_at_commit()",
            "CREATE TABLE mark (at timestamptz DEFAULT clock_timestamp())",
        ] {
            sqlx::query(statement).execute(&producers).await?;
        }
        let counters = sqlx::query("INSERT INTO business SELECT name, 0 FROM unnest($1::text[]) k (name)");
        counters.bind(keys().collect::<Vec<_>>()).execute(&producers).await?;
        let consumers = Self::pool(address, Side::Consumers, 1)?;
        // No key but the place: an event that is applied again must be seen.
        let applied = "CREATE TABLE applied (place bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
                       name text NOT NULL, n bigint NOT NULL, event_id text NOT NULL)";
        sqlx::query(applied).execute(&consumers).await?;
        for statement in [
            "CREATE TABLE account (name text PRIMARY KEY, n bigint NOT NULL)",
            "INSERT INTO account VALUES ('a', 0), ('b', 0), ('c', 0)",
            CHECK,
            "CREATE CONSTRAINT TRIGGER applied_check AFTER INSERT ON applied DEFERRABLE INITIALLY DEFERRED
             FOR EACH ROW WHEN (NEW.n % 16 = 3) EXECUTE FUNCTION check_at_commit()",
        ] {
            sqlx::query(statement).execute(&consumers).await?;
        }
        event_sqlx::migrate(&consumers).await?;
        event_sqlx::migrate(&producers).await?;
        Ok(())
    }

    async fn isolate(connection: &mut PgConnection, random: &mut Random) -> Result<(), Failure> {
        let level = match random.below(10) {
            0 => "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
            1 => "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            _ => "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
        };
        sqlx::query(level).execute(connection).await?;
        Ok(())
    }

    fn may_pass(error: &dyn DatabaseError) -> bool {
        let code = error.code().unwrap_or_default();
        ["08", "40", "53", "57", "58", "XX"].iter().any(|class| code.starts_with(class))
    }

    fn deal(random: &mut Random) -> Vec<Fault> {
        let mut hand = vec![Fault::Crash(if random.percent(50) { Crash::Immediate } else { Crash::Kill })];
        hand.extend((0..2).map(|_| Fault::Hold(Hold::Transaction(random.millis(1000, 6000)))));
        hand.extend(random.percent(40).then(|| Fault::Restore(random.millis(RESTORES.0, RESTORES.1))));
        hand.push(Fault::Hold(Hold::Connections(random.millis(500, 3000))));
        hand.extend((0..5).map(|_| Fault::FreezeServer(random.place(1000), random.millis(FREEZE.0, FREEZE.1))));
        hand
    }
}

impl Strangers for Postgres {
    /// A transaction of sqlx's own, or a plain INSERT, as a writer in another language does it.
    async fn write(pool: &PgPool, random: &mut Random) -> Result<(), Failure> {
        let mut tx = pool.begin().await?;
        Self::isolate(&mut tx, random).await?;
        let event = Self::count_up(&mut tx, hot_key(random)).await?;
        let id =
            if random.percent(50) { event.enqueue(&mut tx).await? } else { insert(&mut tx, &event, random).await? };
        Self::note(&mut tx, &event, &id).await?;
        Ok(tx.commit().await?)
    }

    /// A transaction with an xid and a snapshot, which does nothing.
    async fn hold(address: &str, hold: Hold) -> Result<(), Failure> {
        let length = match hold {
            Hold::Transaction(length) => length,
            Hold::Connections(length) => return hold_connections(address, length).await,
            _ => return Ok(()),
        };
        let mut tx = Self::pool(address, Side::Producers, 1)?.begin().await?;
        sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").execute(&mut *tx).await?;
        sqlx::query("SELECT pg_current_xact_id()::text, count(*) FROM journal").execute(&mut *tx).await?;
        sleep(length).await;
        Ok(tx.rollback().await?)
    }

    async fn mark(address: &str) -> Result<(), Failure> {
        let producers = Self::pool(address, Side::Producers, 1)?;
        sqlx::query("INSERT INTO mark DEFAULT VALUES").execute(&producers).await?;
        Ok(())
    }
}

/// As many as there are: who comes then is turned away.
async fn hold_connections(address: &str, length: Duration) -> Result<(), Failure> {
    let side = if length.subsec_millis().is_multiple_of(2) { Side::Producers } else { Side::Consumers };
    let (options, mut connections) = (part(address, side).parse()?, Vec::new());
    while let Ok(connection) = PgConnection::connect_with(&options).await {
        connections.push(connection);
    }
    sleep(length).await;
    Ok(())
}

async fn insert(connection: &mut PgConnection, event: &Counted, random: &mut Random) -> Result<EventId, Failure> {
    let (id, (event_type, payload)) = (EventId::generate(&SystemClock), as_strangers_write(event, random));
    let statement = "INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, payload)
                     VALUES ($1::uuid, 'chaos', $2, $3, $4)";
    let insert = sqlx::query(statement).bind(id.as_str()).bind(&event.key).bind(event_type).bind(payload);
    insert.execute(connection).await?;
    Ok(id)
}

impl Naive for Postgres {
    type Claim = sqlx::Transaction<'static, sqlx::Postgres>;

    async fn claim(pool: &PgPool, limit: i64) -> Result<(Self::Claim, Vec<[String; 3]>), Failure> {
        let mut tx = pool.begin().await?;
        let claim = "SELECT at, id::text AS id, aggregateid, payload FROM event_outbox
                     ORDER BY at LIMIT $1 FOR UPDATE SKIP LOCKED";
        let rows = sqlx::query(claim).bind(limit).fetch_all(&mut *tx).await?;
        let event = |row: &sqlx::postgres::PgRow| {
            Ok([row.try_get("id")?, row.try_get("aggregateid")?, row.try_get("payload")?])
        };
        let events = rows.iter().map(event).collect::<Result<_, sqlx::Error>>()?;
        Ok((tx, events))
    }

    async fn settle(mut claim: Self::Claim, sent: &[String]) -> Result<(), Failure> {
        let delete = sqlx::query("DELETE FROM event_outbox WHERE id = ANY ($1::text[]::uuid[])").bind(sent);
        delete.execute(&mut *claim).await?;
        Ok(claim.commit().await?)
    }
}
