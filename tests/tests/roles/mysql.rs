//! The accounts of MariaDB and MySQL.

use std::time::Duration;

use event_core::runtime::Origin;
use event_core::{Consumer, Relay, Slot};
use event_sqlx::{Enqueue, Retention, Store};
use event_tests::events::Placed;
use event_tests::mysql::{database, url};
use event_tests::recorder::Recorder;
use event_tests::script::Script;
use event_tests::setup::{mysql_pool, unique_name};
use sqlx::mysql::MySqlConnectOptions;
use sqlx::{AssertSqlSafe, MySqlPool};

/// A database with its accounts on a server.
struct Accounts {
    prefix: String,
    options: MySqlConnectOptions,
    owner: MySqlPool,
}

impl Accounts {
    async fn on(server: &str) -> Self {
        let options = database(&url(server)).await;
        let owner = mysql_pool(options.clone()).await;
        event_sqlx::migrate(&owner).await.unwrap();
        let name = options.get_database().unwrap().to_owned();
        // An account's name has at most 32 characters.
        let prefix = unique_name("r").split_at(20).0.to_owned();
        for work in ["writer", "relay", "consumer", "operator"] {
            let grants = super::guide("### On MySQL and MariaDB");
            let ours = |line: &&str| line.ends_with(&format!("outbox_{work};"));
            for grant in grants.lines().filter(ours) {
                let grant = grant.replace(&format!("outbox_{work};"), &format!("{prefix}_{work};"));
                let grant = grant.replace(" events.", &format!(" {name}."));
                sqlx::raw_sql(AssertSqlSafe(grant)).execute(&owner).await.unwrap();
            }
        }
        Self { prefix, options, owner }
    }

    /// A pool as the account of this work.
    async fn as_account(&self, work: &str) -> MySqlPool {
        mysql_pool(self.options.clone().username(&format!("{}_{work}", self.prefix))).await
    }

    async fn count(&self, table: &str) -> i64 {
        let count = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        sqlx::query_scalar(count).fetch_one(&self.owner).await.unwrap()
    }

    async fn end(self) {
        for work in ["writer", "relay", "consumer", "operator"] {
            let drop = AssertSqlSafe(format!("DROP USER {}_{work}", self.prefix));
            sqlx::raw_sql(drop).execute(&self.owner).await.unwrap();
        }
    }
}

async fn write(pool: &MySqlPool) {
    let mut tx = event_sqlx::begin(pool).await.unwrap();
    Placed::new("o-1", 1).enqueue(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn an_account_that_writes_can_do_nothing_else(server: &str) {
    let accounts = Accounts::on(server).await;
    let writer = accounts.as_account("writer").await;
    write(&writer).await;
    assert_eq!(accounts.count("event_outbox_log").await, 1);
    for refused in [
        "SELECT * FROM event_outbox_log",
        "DELETE FROM event_outbox",
        "UPDATE event_outbox SET type = 'x'",
        "SELECT * FROM event_sink",
        "DROP PROCEDURE event_outbox_commit",
    ] {
        let error = sqlx::raw_sql(refused).execute(&writer).await.unwrap_err();
        assert!(error.to_string().contains("denied"), "{refused}: {error}");
    }
    accounts.end().await;
}

async fn an_account_that_relays_sends_sweeps_and_deletes(server: &str) {
    let accounts = Accounts::on(server).await;
    write(&accounts.owner).await;
    let mut raw = accounts.owner.begin().await.unwrap();
    let row =
        "INSERT INTO event_outbox (id, aggregatetype, type, payload) VALUES ('raw', 'order', 'order.placed', '{}')";
    sqlx::query(row).execute(&mut *raw).await.unwrap();
    raw.commit().await.unwrap();
    let relay = accounts.as_account("relay").await;
    let store = Store::new(relay.clone()).retention(Retention::keep(Duration::from_secs(60)));
    store.tend().await.unwrap();
    assert_eq!(accounts.count("event_outbox_log").await, 2, "what a raw COMMIT left is swept");
    let recorder = Recorder::default();
    Relay::new(store.clone(), recorder.clone()).step().await.unwrap();
    assert_eq!(recorder.sent().len(), 2);
    sqlx::query("UPDATE event_outbox SET at = at - 3600000000").execute(&accounts.owner).await.unwrap();
    Store::new(relay).retention(Retention::keep(Duration::from_secs(60))).tend().await.unwrap();
    assert_eq!(accounts.count("event_outbox").await, 0, "what is old goes");
    store.kept(Slot::all().next().unwrap()).await.unwrap();
    accounts.end().await;
}

async fn an_account_that_consumes_applies_what_comes(server: &str) {
    let accounts = Accounts::on(server).await;
    write(&accounts.owner).await;
    let recorder = Recorder::default();
    Relay::new(Store::new(accounts.owner.clone()), recorder.clone()).step().await.unwrap();
    let table = "CREATE TABLE written (place BIGINT PRIMARY KEY AUTO_INCREMENT, line LONGTEXT NOT NULL)";
    sqlx::query(table).execute(&accounts.owner).await.unwrap();
    // Its handler enqueues an event, so it is a writer as well.
    let name = accounts.options.get_database().unwrap();
    for grant in ["INSERT ON {n}.written", "SELECT, INSERT ON {n}.event_outbox", "INSERT ON {n}.event_outbox_log"] {
        let grant = format!("GRANT {} TO {}_consumer", grant.replace("{n}", name), accounts.prefix);
        sqlx::raw_sql(AssertSqlSafe(grant)).execute(&accounts.owner).await.unwrap();
    }
    for procedure in ["commit", "unlock"] {
        let grant =
            format!("GRANT EXECUTE ON PROCEDURE {name}.event_outbox_{procedure} TO {}_consumer", accounts.prefix);
        sqlx::raw_sql(AssertSqlSafe(grant)).execute(&accounts.owner).await.unwrap();
    }
    let store = Store::new(accounts.as_account("consumer").await);
    super::do_all(&store).await;
    let consumer = Consumer::new(store, Script::default());
    let bodies = recorder.bodies();
    let bodies: Vec<_> = bodies.iter().map(Vec::as_slice).collect();
    consumer.apply(&bodies).await.unwrap();
    consumer.work_letters().await.unwrap();
    assert_eq!(accounts.count("written").await, 1);
    accounts.end().await;
}

event_tests::on_every_mysql!(
    an_account_that_writes_can_do_nothing_else,
    an_account_that_relays_sends_sweeps_and_deletes,
    an_account_that_consumes_applies_what_comes,
);
