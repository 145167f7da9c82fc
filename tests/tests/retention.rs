//! Retention: what it promises on every database, and on PostgreSQL what holds a partition and what dropping one does to those who
//! write and read meanwhile.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_core::runtime::Origin;
use event_core::testing::ManualClock;
use event_core::{Relay, Sink, Timestamp};
use event_sqlx::{Archive, Retention, Store};
use event_tests::postgres::url;
use event_tests::recorder::{Answer, Recorder};
use event_tests::setup::postgres_schema;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, PgPool, Postgres};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// An outbox with events of January, February and today, and a clock in April.
struct Old {
    pool: PgPool,
    clock: ManualClock,
}

impl Old {
    async fn on(server: &str) -> Self {
        let pool = postgres_schema(&url(server)).await;
        let old = Self { pool, clock: ManualClock::new("2026-04-15T00:00:00Z".parse::<Timestamp>().unwrap()) };
        for month in ["2026-01-01", "2026-02-01"] {
            old.run(&format!("SELECT event_outbox_month('{month}', 10000)")).await;
        }
        for (at, key) in [("2026-01-31T23:59:59Z", "jan"), ("2026-02-01T00:00:00Z", "feb"), ("now", "new")] {
            old.insert(at, key).await;
        }
        old
    }

    async fn insert(&self, at: &str, key: &str) {
        self.run(&format!(
            "INSERT INTO event_outbox (id, at, aggregatetype, aggregateid, type, payload)
             VALUES (gen_random_uuid(), '{at}', 'trial', '{key}', 'trial.placed', '{{}}')"
        ))
        .await;
    }

    async fn run(&self, statement: &str) {
        sqlx::query(AssertSqlSafe(statement.to_owned())).execute(&self.pool).await.unwrap();
    }

    fn store(&self) -> Store<Postgres> {
        Store::new(self.pool.clone()).clock(self.clock.clone())
    }

    fn keeping(&self) -> Store<Postgres> {
        self.store().retention(Retention::keep(30 * DAY))
    }

    fn relay(&self, sink: &str, recorder: &Recorder) -> Relay<Store<Postgres>, Recorder> {
        Relay::new(self.store(), recorder.clone()).sink(Sink::new(sink))
    }

    async fn send_all(&self, sink: &str) -> Recorder {
        // The leases of the relay before are over.
        self.clock.advance(Duration::from_secs(60));
        let recorder = Recorder::default();
        let relay = self.relay(sink, &recorder);
        while relay.step().await.unwrap().sent > 0 {}
        recorder
    }

    /// The old partitions that are there.
    async fn months(&self) -> Vec<String> {
        let names = "SELECT substr(name, 14) FROM event_partition
                     WHERE CASE parent WHEN 'event_outbox' THEN upper::timestamptz END < '2026-04-01' ORDER BY name";
        sqlx::query_scalar(names).fetch_all(&self.pool).await.unwrap()
    }

    async fn log_parts(&self) -> Vec<String> {
        let names = "SELECT substr(name, 18) FROM event_partition WHERE parent = 'event_outbox_log' AND upper IS NOT NULL ORDER BY 1";
        sqlx::query_scalar(names).fetch_all(&self.pool).await.unwrap()
    }
}

const BOTH: [&str; 2] = ["2026_01", "2026_02"];

async fn a_partition_goes_when_it_is_old_enough(server: &str) {
    let old = Old::on(server).await;
    old.send_all("default").await;
    old.store().retention(Retention::keep(60 * DAY)).tend().await.unwrap();
    assert_eq!(old.months().await, ["2026_02"], "March began 45 days ago");
}

async fn a_parked_event_holds_its_partition(server: &str) {
    let old = Old::on(server).await;
    let recorder = Recorder::default();
    recorder.answer([Answer::Refuse, Answer::Refuse, Answer::Refuse]);
    let relay = old.relay("default", &recorder);
    relay.step().await.unwrap();
    let parked: i64 = sqlx::query_scalar("SELECT count(*) FROM event_parked").fetch_one(&old.pool).await.unwrap();
    assert_eq!(parked, 3);
    old.keeping().tend().await.unwrap();
    assert_eq!(old.months().await, BOTH);
    old.run("DELETE FROM event_parked").await;
    old.keeping().tend().await.unwrap();
    assert_eq!(old.months().await, [""; 0]);
}

/// The planner may look at the bounds of all partitions first, and those of the log are no times. In a catalog with many
/// tables it does so by itself.
async fn the_order_in_which_the_planner_looks_changes_nothing(server: &str) {
    let mut old = Old::on(server).await;
    old.send_all("default").await;
    let schema: String = sqlx::query_scalar("SELECT current_schema()").fetch_one(&old.pool).await.unwrap();
    let options = url(server).parse::<PgConnectOptions>().unwrap();
    let options = options.options([("search_path", schema.as_str()), ("join_collapse_limit", "1")]);
    old.pool = PgPool::connect_with(options).await.unwrap();
    old.keeping().tend().await.unwrap();
    assert_eq!(old.months().await, [""; 0]);
}

async fn an_unstamped_event_holds_its_partition(server: &str) {
    let old = Old::on(server).await;
    old.send_all("default").await;
    old.run("DELETE FROM event_outbox_log WHERE at < '2026-02-01'").await;
    old.keeping().tend().await.unwrap();
    assert_eq!(old.months().await, BOTH);
    old.run("SELECT event_outbox_stamp_missing()").await;
    assert_eq!(old.send_all("default").await.sent().len(), 1);
    old.keeping().tend().await.unwrap();
    assert_eq!(old.months().await, [""; 0]);
}

/// What the archive saw, and whether it fails.
#[derive(Clone, Default)]
struct Shelf {
    seen: Arc<Mutex<Vec<(String, i64)>>>,
    fails: bool,
}

impl Archive for Shelf {
    async fn archive(&self, partition: &str, pool: &PgPool) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let count = AssertSqlSafe(format!("SELECT count(*) FROM {partition}"));
        let count = sqlx::query_scalar(count).fetch_one(pool).await?;
        self.seen.lock().unwrap().push((partition.to_owned(), count));
        if self.fails { Err("the shelf is full".into()) } else { Ok(()) }
    }
}

async fn the_archive_sees_each_partition_before_it_goes_the_oldest_first(server: &str) {
    let old = Old::on(server).await;
    old.send_all("default").await;
    let shelf = Shelf::default();
    old.store().retention(Retention::keep(30 * DAY).archive(shelf.clone())).tend().await.unwrap();
    let seen = shelf.seen.lock().unwrap().clone();
    assert_eq!(seen, [("event_outbox_2026_01".to_owned(), 1), ("event_outbox_2026_02".to_owned(), 1)]);
    assert_eq!(old.months().await, [""; 0]);
}

async fn an_archive_that_fails_keeps_the_partition(server: &str) {
    let old = Old::on(server).await;
    old.send_all("default").await;
    let shelf = Shelf { fails: true, ..Shelf::default() };
    let error = old.store().retention(Retention::keep(30 * DAY).archive(shelf.clone())).tend().await.unwrap_err();
    assert_eq!(event_core::error_chain(&error), ["cannot archive a partition of the outbox", "the shelf is full"]);
    assert_eq!(old.months().await, BOTH);
    assert_eq!(shelf.seen.lock().unwrap().len(), 1, "later partitions wait");
}

async fn a_detached_partition_stays_as_a_table(server: &str) {
    let old = Old::on(server).await;
    old.send_all("default").await;
    old.store().retention(Retention::keep(30 * DAY).detach()).tend().await.unwrap();
    assert_eq!(old.months().await, [""; 0]);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM event_outbox_2026_01").fetch_one(&old.pool).await.unwrap();
    assert_eq!(left, 1);
}

async fn whoever_works_with_the_outbox_is_not_held_up(server: &str) {
    let old = Old::on(server).await;
    old.send_all("default").await;
    let mut reader = old.pool.begin().await.unwrap();
    sqlx::query("SELECT count(*) FROM event_outbox").execute(&mut *reader).await.unwrap();
    old.keeping().tend().await.unwrap();
    assert_eq!(old.months().await, BOTH, "a reader has the partitions: later");
    old.insert("now", "meanwhile").await;
    reader.rollback().await.unwrap();
    let mut writer = old.pool.begin().await.unwrap();
    let insert = "INSERT INTO event_outbox (id, aggregatetype, type, payload) VALUES (gen_random_uuid(), 'trial', 'trial.viewed', '{}')";
    sqlx::query(insert).execute(&mut *writer).await.unwrap();
    old.keeping().tend().await.unwrap();
    assert_eq!(old.months().await, BOTH, "a writer is at work: later");
    writer.commit().await.unwrap();
    old.send_all("default").await;
    old.keeping().tend().await.unwrap();
    assert_eq!(old.months().await, [""; 0]);
}

async fn the_log_goes_after_its_events(server: &str) {
    let old = Old::on(server).await;
    // The old events have the first part of the log to themselves.
    old.run("DELETE FROM event_outbox WHERE at > '2026-03-01'").await;
    old.run("DELETE FROM event_outbox_log WHERE at > '2026-03-01'").await;
    old.run("SELECT setval('event_outbox_position', 20000000)").await;
    old.run("SELECT event_outbox_partitions()").await;
    old.insert("now", "new").await;
    assert_eq!(old.log_parts().await, ["0", "1", "2", "3", "4"]);
    old.keeping().tend().await.unwrap();
    assert_eq!(old.log_parts().await, ["0", "1", "2", "3", "4"], "nobody has passed it");
    old.send_all("default").await;
    old.keeping().tend().await.unwrap();
    assert_eq!(old.months().await, [""; 0]);
    assert_eq!(old.log_parts().await, ["2", "3", "4"]);
    assert_eq!(old.send_all("late").await.sent().len(), 1);
}

async fn partitions_are_made_ahead_across_months_and_years(server: &str) {
    let old = Old::on(server).await;
    old.run("SELECT event_outbox_partitions('400 days')").await;
    let gaps: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM (SELECT name, lower::timestamptz, lag(upper::timestamptz) OVER (ORDER BY upper::timestamptz) AS before
           FROM event_partition
           WHERE CASE parent WHEN 'event_outbox' THEN lower::timestamptz END >= date_trunc('month', now(), 'UTC')) p
         WHERE before IS NOT NULL AND before <> lower",
    )
    .fetch_all(&old.pool)
    .await
    .unwrap();
    assert_eq!(gaps, [""; 0]);
    let ahead: bool = sqlx::query_scalar(
        "SELECT max(upper::timestamptz) >= now() + interval '400 days' AND count(*) >= 13
         FROM event_partition WHERE parent = 'event_outbox'",
    )
    .fetch_one(&old.pool)
    .await
    .unwrap();
    assert!(ahead);
    old.run("SET timezone = 'Pacific/Auckland'").await;
    let made: i32 =
        sqlx::query_scalar("SELECT event_outbox_partitions('400 days')").fetch_one(&old.pool).await.unwrap();
    assert_eq!(made, 0, "a session's time zone changes nothing");
}

/// A partition is attached while a writer is in the middle of its transaction.
async fn partitions_are_made_while_writers_write(server: &str) {
    let old = Old::on(server).await;
    let mut writer = old.pool.begin().await.unwrap();
    let insert = "INSERT INTO event_outbox (id, aggregatetype, type, payload) VALUES (gen_random_uuid(), 'trial', 'trial.viewed', '{}')";
    sqlx::query(insert).execute(&mut *writer).await.unwrap();
    let made: i32 =
        sqlx::query_scalar("SELECT event_outbox_partitions('100 days')").fetch_one(&old.pool).await.unwrap();
    assert!(made >= 2, "{made}");
    sqlx::query(insert).execute(&mut *writer).await.unwrap();
    writer.commit().await.unwrap();
}

/// Rows that found no partition move into it when it is made, and keep their place.
async fn rows_of_the_default_partition_move_into_the_partition_that_is_made(server: &str) {
    let old = Old::on(server).await;
    let next_year = "now() + interval '1 year'";
    let insert = format!(
        "INSERT INTO event_outbox (id, at, aggregatetype, type, payload)
         VALUES (gen_random_uuid(), {next_year}, 'trial', 'trial.viewed', '{{}}')"
    );
    old.run(&insert).await;
    let in_default = "SELECT count(*) FROM event_outbox_default";
    assert_eq!(sqlx::query_scalar::<_, i64>(in_default).fetch_one(&old.pool).await.unwrap(), 1);
    old.run("SELECT event_outbox_partitions('400 days')").await;
    assert_eq!(sqlx::query_scalar::<_, i64>(in_default).fetch_one(&old.pool).await.unwrap(), 0);
    assert_eq!(old.send_all("default").await.sent().len(), 4);
}

mod promised {
    event_tests::retention!(sqlite, event_tests::setup::SqliteFile, in batches);
    event_tests::retention!(mariadb_10_6, event_tests::setup::MySqlDatabase<event_tests::setup::MariaDb10_6>, in batches);
    event_tests::retention!(mariadb_10_11, event_tests::setup::MySqlDatabase<event_tests::setup::MariaDb10_11>, in batches);
    event_tests::retention!(mariadb_11_8, event_tests::setup::MySqlDatabase<event_tests::setup::MariaDb11_8>, in batches);
    event_tests::retention!(mysql_8_0, event_tests::setup::MySqlDatabase<event_tests::setup::MySql8_0>, in batches);
    event_tests::retention!(mysql_8_4, event_tests::setup::MySqlDatabase<event_tests::setup::MySql8_4>, in batches);
    event_tests::retention!(postgres_13, event_tests::setup::PostgresSchema<13>);
    event_tests::retention!(postgres_15, event_tests::setup::PostgresSchema<15>);
    event_tests::retention!(postgres_17, event_tests::setup::PostgresSchema<17>);
    event_tests::retention!(postgres_18, event_tests::setup::PostgresSchema<18>);
}

event_tests::on_every_postgres!(
    a_partition_goes_when_it_is_old_enough,
    a_parked_event_holds_its_partition,
    the_order_in_which_the_planner_looks_changes_nothing,
    an_unstamped_event_holds_its_partition,
    the_archive_sees_each_partition_before_it_goes_the_oldest_first,
    an_archive_that_fails_keeps_the_partition,
    a_detached_partition_stays_as_a_table,
    whoever_works_with_the_outbox_is_not_held_up,
    the_log_goes_after_its_events,
    partitions_are_made_ahead_across_months_and_years,
    partitions_are_made_while_writers_write,
    rows_of_the_default_partition_move_into_the_partition_that_is_made,
);
