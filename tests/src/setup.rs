//! What a store brings so that the suite runs over it.

mod mysql;
mod postgres;

use std::future::Future;
use std::time::Duration;

use event_core::runtime::{Inbox, InboxTransaction, Letters, Outbox, Restart, Sinks, Streams};
use event_core::testing::{ManualClock, MemoryContext, MemoryStore};
use event_core::{Action, EventId, Publish, Registration, Sink, Timestamp};
use event_sqlx::{ArchiveEvents, Enqueue, Retention};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{Sqlite, SqlitePool};

use crate::batching::Batching;
use crate::events::{Invoiced, Placed};
use crate::retaining::{MONTH, Retaining};

pub use mysql::{
    MariaDb10_6, MariaDb10_11, MariaDb11_8, MySql8_0, MySql8_4, MySqlDatabase, mysql_database, mysql_pool,
};
pub use postgres::{PostgresSchema, postgres_pool, postgres_schema, unique_name};

/// The context type of a setup's store.
pub type ContextOf<'c, S> = <<S as Inbox>::Transaction as InboxTransaction>::Context<'c>;

/// What the handlers of the suite do in a context.
pub trait Effects: Send {
    fn write(&mut self, line: String) -> impl Future<Output = ()> + Send;
    fn invoice(&mut self, event: Invoiced) -> impl Future<Output = EventId> + Send;
    fn attempt(&self) -> u32;
    /// Breaks the savepoint, if this store lets a handler do that.
    fn sabotage(&mut self) -> impl Future<Output = ()> + Send;
}

/// A fresh store on a clock that is moved by hand.
pub trait Setup: Clone + Send + Sync + Sized + 'static {
    type Store: Outbox + Inbox<Transaction: Restart> + Letters + Streams + Clone;

    /// Whether one transaction waits for the other.
    const ONE_WRITER: bool = false;

    /// Whether a handler can break its transaction.
    const CAN_BREAK: bool = true;

    fn fresh(clock: ManualClock) -> impl Future<Output = Self> + Send;

    fn store(&self) -> Self::Store;

    /// What another process would see.
    fn other_process(&self) -> Self::Store;

    /// Enqueues in one transaction and commits it.
    fn commit<E: Publish>(&self, events: &[E]) -> impl Future<Output = Vec<EventId>> + Send;

    /// Enqueues in one transaction and rolls it back.
    fn abandon(&self, event: &Placed) -> impl Future<Output = ()> + Send;

    /// What handlers wrote and committed, in order.
    fn written(&self) -> impl Future<Output = Vec<String>> + Send;

    /// How many events are parked, and the reasons of what was decided.
    fn parked(&self) -> impl Future<Output = usize> + Send;
    fn audited(&self, action: Action) -> impl Future<Output = Vec<String>> + Send;
}

pub fn noon() -> ManualClock {
    ManualClock::new("2026-03-01T12:00:00Z".parse::<Timestamp>().unwrap())
}

// ---- memory

#[derive(Clone)]
pub struct Memory(MemoryStore);

impl Setup for Memory {
    type Store = MemoryStore;

    const ONE_WRITER: bool = true;
    const CAN_BREAK: bool = false;

    async fn fresh(clock: ManualClock) -> Self {
        Self(MemoryStore::new(clock))
    }

    fn store(&self) -> MemoryStore {
        self.0.clone()
    }

    fn other_process(&self) -> MemoryStore {
        self.0.as_owner("another")
    }

    async fn commit<E: Publish>(&self, events: &[E]) -> Vec<EventId> {
        let mut transaction = self.0.transaction().await.unwrap();
        let ids = events.iter().map(|event| transaction.enqueue(event).unwrap()).collect();
        transaction.commit().await.unwrap();
        ids
    }

    async fn abandon(&self, event: &Placed) {
        self.0.transaction().await.unwrap().enqueue(event).unwrap();
    }

    async fn written(&self) -> Vec<String> {
        self.0.written().await
    }

    async fn parked(&self) -> usize {
        self.0.parked().await
    }

    async fn audited(&self, action: Action) -> Vec<String> {
        let audit = self.0.audit().await.into_iter();
        audit.filter(|entry| entry.action == action).map(|entry| entry.reason).collect()
    }
}

impl Effects for MemoryContext<'_> {
    async fn write(&mut self, line: String) {
        MemoryContext::write(self, line);
    }

    async fn invoice(&mut self, event: Invoiced) -> EventId {
        self.enqueue(&event).unwrap()
    }

    fn attempt(&self) -> u32 {
        self.message().attempt()
    }

    async fn sabotage(&mut self) {
        panic!("a savepoint in memory can't be broken, so the handler fails");
    }
}

// ---- databases

/// What is the same on every database, once there is a pool and a clock.
macro_rules! on_a_pool {
    ($db:ty) => {
        type Store = event_sqlx::Store<$db>;

        fn store(&self) -> Self::Store {
            event_sqlx::Store::new(self.pool.clone()).clock(self.clock.clone())
        }

        fn other_process(&self) -> Self::Store {
            self.store()
        }

        async fn commit<E: Publish>(&self, events: &[E]) -> Vec<EventId> {
            let mut tx = event_sqlx::begin(&self.pool).await.unwrap();
            let ids = event_sqlx::enqueue_all(events, &mut tx).await.unwrap();
            tx.commit().await.unwrap();
            ids
        }

        async fn abandon(&self, event: &Placed) {
            let mut tx = event_sqlx::begin(&self.pool).await.unwrap();
            event.enqueue(&mut tx).await.unwrap();
            tx.rollback().await.unwrap();
        }

        async fn written(&self) -> Vec<String> {
            sqlx::query_scalar("SELECT line FROM written ORDER BY place").fetch_all(&self.pool).await.unwrap()
        }

        async fn parked(&self) -> usize {
            let count: i64 =
                sqlx::query_scalar("SELECT count(*) FROM event_parked").fetch_one(&self.pool).await.unwrap();
            usize::try_from(count).unwrap()
        }

        async fn audited(&self, action: event_core::Action) -> Vec<String> {
            let entries = "SELECT action, reason FROM event_audit ORDER BY id";
            let entries: Vec<(String, String)> = sqlx::query_as(entries).fetch_all(&self.pool).await.unwrap();
            entries.into_iter().filter(|(word, _)| word == action.as_str()).map(|(_, reason)| reason).collect()
        }
    };
}
use on_a_pool;

/// What handlers do in the context of a database.
macro_rules! effects_of {
    ($db:ty, $write:literal) => {
        impl Effects for event_sqlx::Context<'_, $db> {
            async fn write(&mut self, line: String) {
                sqlx::query($write).bind(line).execute(self.connection()).await.unwrap();
            }

            async fn invoice(&mut self, event: Invoiced) -> EventId {
                self.enqueue(event).await.unwrap()
            }

            fn attempt(&self) -> u32 {
                self.message().attempt()
            }

            async fn sabotage(&mut self) {
                sqlx::query("ROLLBACK").execute(self.connection()).await.unwrap();
            }
        }
    };
}
use effects_of;

/// What retention needs of every database.
macro_rules! retaining_on_a_pool {
    () => {
        fn keeping(&self) -> Self::Store {
            self.store().retention(event_sqlx::Retention::keep($crate::retaining::MONTH))
        }

        async fn commit_late(&self, order: &str) {
            let mut tx = event_sqlx::begin(&self.pool).await.unwrap();
            let at = "1999-12-31T23:59:59Z".parse().unwrap();
            Placed::new(order, 1).enqueue(&mut tx).occurred_at(at).await.unwrap();
            tx.commit().await.unwrap();
        }

        async fn kept(&self) -> Vec<String> {
            let keys = "SELECT aggregateid FROM event_outbox ORDER BY aggregateid";
            sqlx::query_scalar(keys).fetch_all(&self.pool).await.unwrap()
        }

        async fn unpark(&self) {
            sqlx::query("DELETE FROM event_parked").execute(&self.pool).await.unwrap();
        }
    };
}
use retaining_on_a_pool;

// ---- SQLite

#[derive(Clone)]
pub struct SqliteFile {
    pool: SqlitePool,
    clock: ManualClock,
    _folder: std::sync::Arc<tempfile::TempDir>,
}

/// A pool on a file in WAL mode.
pub async fn sqlite_pool(path: &std::path::Path) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(Duration::from_secs(10));
    SqlitePoolOptions::new().max_connections(4).connect_with(options).await.unwrap()
}

impl Setup for SqliteFile {
    on_a_pool!(Sqlite);

    const ONE_WRITER: bool = true;

    async fn fresh(clock: ManualClock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pool = sqlite_pool(&folder.path().join("test.db")).await;
        let table = "CREATE TABLE written (place INTEGER PRIMARY KEY, line TEXT NOT NULL)";
        sqlx::query(table).execute(&pool).await.unwrap();
        event_sqlx::migrate(&pool).await.unwrap();
        Self { pool, clock, _folder: folder.into() }
    }
}

effects_of!(Sqlite, "INSERT INTO written (line) VALUES (?1)");

/// Four months in microseconds.
const LONG_AGO: i64 = 120 * 24 * 60 * 60 * 1_000_000;

impl Retaining for SqliteFile {
    retaining_on_a_pool!();

    async fn write_old(&self, order: &str) {
        self.commit(&[Placed::new(order, 1)]).await;
        let age = "UPDATE event_outbox SET at = at - ?1 WHERE aggregateid = ?2 AND at > ?1";
        sqlx::query(age).bind(LONG_AGO).bind(order).execute(&self.pool).await.unwrap();
    }
}

impl Batching for SqliteFile {
    fn archiving(&self, archive: impl ArchiveEvents) -> Self::Store {
        self.store().retention(Retention::keep(MONTH).archive_events(archive))
    }

    async fn write_many_old(&self, count: usize) {
        let insert = "WITH RECURSIVE steps (step) AS (SELECT 1 UNION ALL SELECT step + 1 FROM steps WHERE step < ?1)
             INSERT INTO event_outbox (id, slot, aggregatetype, aggregateid, type, version, occurred_at, payload, at)
             SELECT lower(hex(randomblob(16))), step % 64, 'trial', 'old-' || step, 'trial.placed', 2, 0,
                    json_object('order_id', 'old-' || step, 'step', step), unixepoch() * 1000000 - ?2 FROM steps";
        let count = i64::try_from(count).unwrap();
        sqlx::query(insert).bind(count).bind(LONG_AGO).execute(&self.pool).await.unwrap();
    }

    async fn write_at_once(&self, order: &str) {
        let file: String =
            sqlx::query_scalar("SELECT file FROM pragma_database_list").fetch_one(&self.pool).await.unwrap();
        let options = SqliteConnectOptions::new().filename(file).busy_timeout(Duration::ZERO);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
        let mut tx = event_sqlx::begin(&pool).await.unwrap();
        Placed::new(order, 1).enqueue(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn count(&self) -> usize {
        self.kept().await.len()
    }

    async fn pass_all(&self) {
        self.store().register(&Sink::default(), &Registration::default()).await.unwrap();
        let pass = "UPDATE event_relay_slot SET position = (SELECT max(position) FROM event_outbox)";
        sqlx::query(pass).execute(&self.pool).await.unwrap();
    }

    async fn park_all(&self) {
        let park =
            "INSERT INTO event_parked SELECT 'default', position, id, aggregatetype || '/' || aggregateid, '[]', 0
                    FROM event_outbox";
        sqlx::query(park).execute(&self.pool).await.unwrap();
    }
}
