//! An outbox in a schema of its own, and what can be asked about it.

use std::time::Duration;

use event_core::Slot;
use event_sqlx::{Enqueue, OutboxTx};
use event_tests::events::Placed;
use event_tests::postgres;
use event_tests::setup::postgres_schema;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool, Postgres};

/// How long a fact may take to come true.
const LIMIT: Duration = Duration::from_secs(30);

/// An outbox in a schema of its own.
pub(crate) struct Outbox {
    pub(crate) pool: PgPool,
    pub(crate) schema: String,
}

impl Outbox {
    pub(crate) async fn on(server: &str) -> Self {
        Self::of(postgres_schema(&postgres::url(server)).await).await
    }

    /// The outbox that the connections of `pool` see.
    pub(crate) async fn of(pool: PgPool) -> Self {
        let schema = sqlx::query_scalar("SELECT current_schema()::text").fetch_one(&pool).await.unwrap();
        Self { pool, schema }
    }

    pub(crate) fn options(&self) -> PgConnectOptions {
        (*self.pool.connect_options()).clone()
    }

    /// A connection beside the pool's.
    pub(crate) async fn connect(&self) -> PgConnection {
        PgConnection::connect_with(&self.options()).await.unwrap()
    }

    pub(crate) async fn run(&self, statement: impl Into<String>) {
        run(&self.pool, statement).await;
    }

    /// The steps of a key as its readers get them.
    pub(crate) async fn steps(&self, key: &str) -> Vec<i32> {
        let steps =
            "SELECT (o.payload::json ->> 'step')::int FROM event_outbox_log l JOIN event_outbox o USING (at, id)
                     WHERE o.aggregateid = $1 ORDER BY l.position";
        sqlx::query_scalar(steps).bind(key).fetch_all(&self.pool).await.unwrap()
    }

    /// Rows of the outbox, rows of the log, and pairs of them: three equal numbers when each row is stamped once.
    pub(crate) async fn counts(&self) -> [i64; 3] {
        let counts = "SELECT ARRAY[(SELECT count(*) FROM event_outbox), (SELECT count(*) FROM event_outbox_log),
                      (SELECT count(DISTINCT (at, id)) FROM event_outbox_log l JOIN event_outbox o USING (at, id)
                       WHERE l.slot = o.slot)]";
        sqlx::query_scalar::<_, Vec<i64>>(counts).fetch_one(&self.pool).await.unwrap().try_into().unwrap()
    }

    /// Waits until the backend waits for the lock of a slot.
    pub(crate) async fn waits_for_a_slot(&self, backend: i32) {
        let waits = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'advisory'";
        until("the backend waits for a slot", async || {
            sqlx::query_scalar::<_, i64>(waits).bind(backend).fetch_one(&self.pool).await.unwrap() == 1
        })
        .await;
    }

    /// The slots that a prepared transaction has locked.
    pub(crate) async fn locked_by_prepared(&self, name: &str) -> Vec<i64> {
        let locked = "SELECT l.objid::bigint FROM pg_prepared_xacts p
                        JOIN pg_locks x ON x.locktype = 'transactionid' AND x.transactionid = p.transaction
                        JOIN pg_locks l ON l.locktype = 'advisory' AND l.virtualtransaction = x.virtualtransaction
                      WHERE p.gid = $1 AND l.pid IS NULL ORDER BY 1";
        sqlx::query_scalar(locked).bind(name).fetch_all(&self.pool).await.unwrap()
    }

    /// A name for a prepared transaction, which all databases of a server share.
    pub(crate) fn prepared(&self, name: &str) -> String {
        format!("{}_{name}", self.schema)
    }
}

/// Runs statements that the test wrote.
pub(crate) async fn run<'c>(executor: impl Executor<'c, Database = Postgres>, statement: impl Into<String>) {
    sqlx::raw_sql(AssertSqlSafe(statement.into())).execute(executor).await.unwrap();
}

pub(crate) async fn backend(connection: &mut PgConnection) -> i32 {
    sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(connection).await.unwrap()
}

/// Enqueues one step of a key.
pub(crate) async fn enqueue<'a>(tx: impl OutboxTx<'a>, key: &str, step: u32) {
    Placed::new(key, step).enqueue(tx).await.unwrap();
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
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(LIMIT, so).await.unwrap_or_else(|_| panic!("not in time: {what}"));
}

/// What PostgreSQL calls the error.
pub(crate) fn code(error: &sqlx::Error) -> String {
    let code = error.as_database_error().and_then(|error| error.code());
    code.unwrap_or_else(|| panic!("not the database's: {error:?}")).into_owned()
}
