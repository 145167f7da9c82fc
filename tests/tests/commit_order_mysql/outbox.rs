//! An outbox in a database of its own, and what can be asked about it.

use std::time::Duration;

use event_core::{EventId, Slot, SystemClock};
use event_sqlx::{Enqueue, Transaction};
use event_tests::events::Placed;
use event_tests::mysql;
use event_tests::setup::mysql_database;
use sqlx::{AssertSqlSafe, Connection, Executor, MySql, MySqlConnection, MySqlPool};

/// How long a fact may take to come true.
const LIMIT: Duration = Duration::from_secs(30);

pub(crate) type Tx = Transaction<'static, MySql>;

/// An outbox in a database of its own.
pub(crate) struct Outbox {
    pub(crate) pool: MySqlPool,
}

impl Outbox {
    pub(crate) async fn on(server: &str) -> Self {
        Self { pool: mysql_database(&mysql::url(server)).await }
    }

    /// A connection beside the pool's.
    pub(crate) async fn connect(&self) -> MySqlConnection {
        MySqlConnection::connect_with(&self.pool.connect_options()).await.unwrap()
    }

    pub(crate) async fn begin(&self) -> Tx {
        event_sqlx::begin(&self.pool).await.unwrap()
    }

    pub(crate) async fn run(&self, statement: impl Into<String>) {
        run(&self.pool, statement).await;
    }

    pub(crate) async fn number(&self, question: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(question.to_owned())).fetch_one(&self.pool).await.unwrap()
    }

    /// The steps of a key as its readers get them.
    pub(crate) async fn steps(&self, key: &str) -> Vec<i64> {
        let steps = "SELECT CAST(JSON_EXTRACT(o.payload, '$.step') AS SIGNED)
                     FROM event_outbox_log l JOIN event_outbox o ON o.number = l.number
                     WHERE o.aggregateid = ? ORDER BY l.position";
        sqlx::query_scalar(steps).bind(key).fetch_all(&self.pool).await.unwrap()
    }

    /// Rows of the outbox, rows of the log, and pairs of them: three equal numbers when each row is stamped once.
    pub(crate) async fn counts(&self) -> [i64; 3] {
        [
            self.number("SELECT COUNT(*) FROM event_outbox").await,
            self.number("SELECT COUNT(*) FROM event_outbox_log").await,
            self.number(
                "SELECT COUNT(DISTINCT o.number) FROM event_outbox_log l
                 JOIN event_outbox o ON o.number = l.number AND o.slot = l.slot",
            )
            .await,
        ]
    }

    /// The name of the lock of a slot.
    pub(crate) async fn lock(&self, slot: u8) -> String {
        let name = "SELECT CONCAT('event_outbox.', LEFT(MD5(DATABASE()), 24), '.', ?)";
        sqlx::query_scalar(name).bind(slot).fetch_one(&self.pool).await.unwrap()
    }

    /// Waits until so many sessions of this database wait for a named lock.
    pub(crate) async fn waits(&self, sessions: i64) {
        let waiting =
            "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND state = 'User lock'";
        until("a session waits for a lock", async || self.number(waiting).await == sessions).await;
    }

    /// Waits until nobody has a lock of a slot.
    pub(crate) async fn is_free(&self) {
        until("all slots are free", async || {
            let taken = "WITH RECURSIVE slots (slot) AS (SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < 63)
                         SELECT COUNT(IS_USED_LOCK(CONCAT('event_outbox.', LEFT(MD5(DATABASE()), 24), '.', slot))) FROM slots";
            self.number(taken).await == 0
        })
        .await;
    }
}

/// Runs statements that the test wrote.
pub(crate) async fn run<'c>(executor: impl Executor<'c, Database = MySql>, statement: impl Into<String>) {
    sqlx::raw_sql(AssertSqlSafe(statement.into())).execute(executor).await.unwrap();
}

pub(crate) async fn session(connection: &mut MySqlConnection) -> u64 {
    sqlx::query_scalar("SELECT CONNECTION_ID()").fetch_one(connection).await.unwrap()
}

/// Enqueues one step of a key.
pub(crate) async fn enqueue(tx: &mut Transaction<'_, MySql>, key: &str, step: u32) {
    Placed::new(key, step).enqueue(tx).await.unwrap();
}

/// Inserts one step of a key as a writer in another language does; tells its id.
pub(crate) async fn insert(connection: &mut MySqlConnection, key: &str, step: u32) -> String {
    let id = EventId::generate(&SystemClock).to_string();
    let insert = "INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, version, payload)
                  VALUES (?, 'trial', ?, 'trial.placed', 2, ?)";
    let payload = format!(r#"{{"order_id": "{key}", "step": {step}}}"#);
    sqlx::query(insert).bind(&id).bind(key).bind(payload).execute(connection).await.unwrap();
    id
}

/// The first `count` keys whose events go into `slot`.
pub(crate) fn keys_in(slot: u8, count: usize) -> Vec<String> {
    let keys = (0..).map(|number| format!("k{number}"));
    keys.filter(|key| Slot::of(&format!("trial/{key}")).number() == slot).take(count).collect()
}

pub(crate) fn key_in(slot: u8) -> String {
    keys_in(slot, 1).remove(0)
}

/// Waits for a fact.
pub(crate) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let so = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(LIMIT, so).await.unwrap_or_else(|_| panic!("not in time: {what}"));
}

/// The server's number of the error.
pub(crate) fn code(error: &sqlx::Error) -> u16 {
    let error = error.as_database_error().unwrap_or_else(|| panic!("not the database's: {error:?}"));
    error.downcast_ref::<sqlx::mysql::MySqlDatabaseError>().number()
}
