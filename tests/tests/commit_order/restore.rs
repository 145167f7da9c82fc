//! Dump and restore, by `pg_dump`, `pg_restore` and `psql`: an outbox goes on where it was under a new epoch, and no row is
//! stamped twice.

use event_core::runtime::{Origin, Relay};
use event_core::{Envelope, Sequence, Source};
use event_sqlx::Store;
use event_tests::postgres;
use event_tests::recorder::Recorder;
use event_tests::setup::unique_name;
use serde_json::Value;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::outbox::{Outbox, enqueue, run, until};
use crate::psql;

/// Databases of their own on a server, and a folder for dumps.
struct Place {
    options: PgConnectOptions,
    databases: Vec<String>,
    dumps: TempDir,
}

impl Place {
    fn on(server: &str) -> Self {
        let options = postgres::url(server).parse().unwrap();
        Self { options, databases: Vec::new(), dumps: tempfile::tempdir().unwrap() }
    }

    async fn database(&mut self) -> String {
        let name = unique_name("dump");
        run(&mut self.options.connect().await.unwrap(), format!("CREATE DATABASE {name}")).await;
        self.databases.push(name.clone());
        name
    }

    async fn outbox(&self, database: &str) -> Outbox {
        let options = self.options.clone().database(database);
        Outbox::of(PgPoolOptions::new().max_connections(4).connect_with(options).await.unwrap()).await
    }

    /// Runs a client; tells whether it ended well.
    fn client(&self, name: &str, arguments: &[&str]) -> Result<(), String> {
        let output = psql::run(name, &self.options, "postgres", arguments);
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    }

    /// Dumps a database into a file.
    fn dump(&self, database: &str, how: &[&str]) -> String {
        let file = self.dumps.path().join(how.join("_").replace('-', "")).display().to_string();
        self.client("pg_dump", &[how, &["--file", &file, database]].concat()).unwrap();
        file
    }

    async fn drop(self) {
        let mut connection = self.options.connect().await.unwrap();
        for database in &self.databases {
            run(&mut connection, format!("DROP DATABASE {database} WITH (FORCE)")).await;
        }
    }
}

async fn commit(outbox: &Outbox, steps: std::ops::Range<u32>) {
    for step in steps {
        let mut tx = event_sqlx::begin(&outbox.pool).await.unwrap();
        enqueue(&mut tx, "a", step).await;
        enqueue(&mut tx, "b", step).await;
        tx.commit().await.unwrap();
    }
}

/// Has a relay run until it has sent so many events, and end in order.
async fn send(outbox: &Outbox, count: usize) -> Vec<Envelope> {
    let (recorder, shutdown) = (Recorder::default(), CancellationToken::new());
    let relay = Relay::new(Store::new(outbox.pool.clone()), recorder.clone());
    let relay = tokio::spawn(relay.run(shutdown.clone()));
    until("the events are sent", async || recorder.sent().len() >= count).await;
    shutdown.cancel();
    relay.await.unwrap().unwrap();
    recorder.sent()
}

fn steps(sent: &[Envelope], key: &str) -> Vec<i64> {
    let of_key = sent.iter().filter(|event| event.subject.as_ref().is_some_and(|subject| subject.as_str() == key));
    let step =
        |event: &Envelope| serde_json::from_str::<Value>(event.data.as_ref().unwrap().get()).unwrap()["step"].as_i64();
    of_key.map(|event| step(event).unwrap()).collect()
}

async fn source(outbox: &Outbox) -> Source {
    Origin::source(&Store::new(outbox.pool.clone())).await.unwrap()
}

/// Three events of each key are sent and two are not, when the dump is made.
async fn original(place: &mut Place) -> String {
    let database = place.database().await;
    let outbox = place.outbox(&database).await;
    event_sqlx::migrate(&outbox.pool).await.unwrap();
    commit(&outbox, 1..4).await;
    assert_eq!(steps(&send(&outbox, 6).await, "a"), [1, 2, 3]);
    commit(&outbox, 4..6).await;
    outbox.pool.close().await;
    database
}

/// What was restored goes on: the events that were not sent, then new ones, on streams that begin anew.
async fn assert_goes_on(restored: &Outbox, before: &Source) {
    assert_eq!(restored.counts().await, [10; 3], "no row is stamped twice");
    let now = source(restored).await;
    assert_eq!(now.as_str(), before.as_str().replace("epoch=1", "epoch=2"));
    commit(restored, 6..7).await;
    let sent = send(restored, 6).await;
    for key in ["a", "b"] {
        assert_eq!(steps(&sent, key), [4, 5, 6]);
    }
    assert!(sent.iter().all(|event| event.source == now));
    let first = sent.iter().find(|event| event.subject.as_ref().unwrap().as_str() == "a").unwrap();
    assert_eq!(first.previous, Some(Sequence::START));
    assert_eq!(restored.counts().await, [12; 3]);
}

pub(crate) async fn a_full_dump_goes_on_under_a_new_epoch(server: &str) {
    let mut place = Place::on(server);
    let original = original(&mut place).await;
    let before = source(&place.outbox(&original).await).await;
    let archive = place.dump(&original, &["--format=custom"]);
    let script = place.dump(&original, &["--format=plain"]);
    let (by_restore, by_psql) = (place.database().await, place.database().await);
    place.client("pg_restore", &["--exit-on-error", "--dbname", &by_restore, &archive]).unwrap();
    assert_goes_on(&place.outbox(&by_restore).await, &before).await;
    place.client("psql", &["--no-psqlrc", "--set=ON_ERROR_STOP=1", "--dbname", &by_psql, "--file", &script]).unwrap();
    assert_goes_on(&place.outbox(&by_psql).await, &before).await;
    place.drop().await;
}

/// The system, its timeline and the database are the same; positions are used again all the same.
pub(crate) async fn a_dump_restored_in_place_begins_a_new_epoch(server: &str) {
    let mut place = Place::on(server);
    let original = original(&mut place).await;
    let archive = place.dump(&original, &["--format=custom"]);
    let outbox = place.outbox(&original).await;
    let before = source(&outbox).await;
    commit(&outbox, 100..103).await;
    assert_eq!(steps(&send(&outbox, 10).await, "a"), [4, 5, 100, 101, 102]);
    outbox.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
    outbox.pool.close().await;
    place.client("pg_restore", &["--exit-on-error", "--dbname", &original, &archive]).unwrap();
    assert_goes_on(&place.outbox(&original).await, &before).await;
    place.drop().await;
}

/// Rows that are copied into tables with triggers are new rows. A whole restore in one transaction is refused, for there is
/// an identity already; where that was taken away, each row is there twice, and without triggers once.
pub(crate) async fn a_data_only_restore_stamps_twice_unless_triggers_are_off(server: &str) {
    let mut place = Place::on(server);
    let original = original(&mut place).await;
    let data = place.dump(&original, &["--data-only"]);
    let quiet = place.dump(&original, &["--data-only", "--disable-triggers"]);
    let mut found = Vec::new();
    for script in [data, quiet] {
        let database = place.database().await;
        let restored = place.outbox(&database).await;
        event_sqlx::migrate(&restored.pool).await.unwrap();
        restored.run("TRUNCATE event_migration").await;
        let arguments =
            ["--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction", "--dbname", &database, "--file", &script];
        let said = place.client("psql", &arguments).unwrap_err();
        assert!(said.contains("event_outbox_identity_pkey"), "{said}");
        assert_eq!(restored.counts().await, [0; 3]);
        restored.run("TRUNCATE event_outbox_identity").await;
        place.client("psql", &arguments).unwrap();
        found.push(restored.counts().await);
        restored.run("SELECT event_outbox_stamp_once()").await;
        assert_eq!(restored.counts().await, [10; 3], "the mend leaves one place to each");
    }
    assert_eq!(found, [[10, 20, 10], [10, 10, 10]]);
    place.drop().await;
}
