//! The grants of the operator's guide, typed as they stand there: each role does its work with them and no more.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::time::Duration;

use event_core::runtime::{Audit, Backlog, Epochs, Gaps, Inbox, InboxTransaction, Marks, NewLetter, Origin};
use event_core::{
    Action, Consumer, Entry, Gap, Kept, LetterId, Mark, PartitionKey, Passage, Past, Place, Relay, Sequence, Slot,
    Stream, digests,
};
use event_sqlx::{Enqueue, Retention, Store, migrate_in};
use event_tests::events::Placed;
use event_tests::postgres::url;
use event_tests::recorder::Recorder;
use event_tests::script::Script;
use event_tests::setup::{postgres_pool, unique_name};
use sqlx::{AssertSqlSafe, PgPool};

#[path = "roles/mysql.rs"]
mod mysql;

/// The schema with its roles on a server.
struct Roles {
    server: String,
    name: String,
    owner: PgPool,
}

impl Roles {
    async fn on(server: &str) -> Self {
        let name = unique_name("roles");
        let owner = postgres_pool(&url(server), &name).await;
        migrate_in(&owner, &name).await.unwrap();
        let grants = guide("## Roles")
            .replace("outbox_", &format!("{name}_"))
            .replace(&format!("event_{name}_"), "event_outbox_");
        let grants =
            grants.replace("SCHEMA events", &format!("SCHEMA {name}")).replace(" events.", &format!(" {name}."));
        sqlx::raw_sql(AssertSqlSafe(grants)).execute(&owner).await.unwrap();
        Self { server: server.to_owned(), name, owner }
    }

    /// A pool as the role of this work.
    async fn as_role(&self, work: &str) -> PgPool {
        let role = format!("{}_{work}", self.name);
        sqlx::raw_sql(AssertSqlSafe(format!("ALTER ROLE {role} LOGIN"))).execute(&self.owner).await.unwrap();
        postgres_pool(&url(&self.server).replace("postgres@", &format!("{role}@")), &self.name).await
    }
}

/// The block of SQL under a heading of the guide.
fn guide(heading: &str) -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/guides/operating-the-outbox.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let (_, roles) = guide.split_once(heading).unwrap();
    let (_, sql) = roles.split_once("```sql\n").unwrap();
    sql.split_once("```").unwrap().0.to_owned()
}

async fn write(pool: &PgPool) {
    let mut tx = event_sqlx::begin(pool).await.unwrap();
    Placed::new("o-1", 1).enqueue(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_writer_needs_insert_and_has_no_more(server: &str) {
    let roles = Roles::on(server).await;
    let writer = roles.as_role("writer").await;
    write(&writer).await;
    let stamped: i64 =
        sqlx::query_scalar("SELECT count(*) FROM event_outbox_log").fetch_one(&roles.owner).await.unwrap();
    assert_eq!(stamped, 1);
    for refused in [
        "SELECT * FROM event_outbox",
        "SELECT * FROM event_outbox_log",
        "DELETE FROM event_outbox",
        "SELECT event_outbox_partitions()",
        "SELECT event_outbox_drop('x', false)",
        "SELECT nextval('event_outbox_position')",
    ] {
        let error = sqlx::query(refused).execute(&writer).await.unwrap_err();
        assert!(error.to_string().contains("permission denied"), "{refused}: {error}");
    }
}

async fn a_relay_sends_makes_partitions_and_drops_them(server: &str) {
    let roles = Roles::on(server).await;
    write(&roles.owner).await;
    sqlx::raw_sql("SELECT event_outbox_month('2025-01-01', 0)").execute(&roles.owner).await.unwrap();
    let relay = roles.as_role("relay").await;
    let store = Store::new(relay).retention(Retention::keep(Duration::from_secs(60)));
    let recorder = Recorder::default();
    Relay::new(store.clone(), recorder.clone()).step().await.unwrap();
    assert_eq!(recorder.sent().len(), 1);
    store.tend().await.unwrap();
    store.kept(Slot::all().next().unwrap()).await.unwrap();
    let old = "SELECT count(*) FROM event_partition WHERE name = 'event_outbox_2025_01'";
    assert_eq!(sqlx::query_scalar::<_, i64>(old).fetch_one(&roles.owner).await.unwrap(), 0);
}

/// Everything that a running consumer does to its store, whatever comes.
async fn do_all<S: Inbox>(store: &S) {
    let (consumer, now) = ("billing", store.now());
    let stream = Stream::new("/roles?epoch=2".into(), Slot::all().next().unwrap());
    let at = Sequence::new;
    let mut transaction = store.begin().await.unwrap();
    assert!(transaction.mark(consumer, &stream).await.unwrap().is_none());
    transaction.move_mark(consumer, &stream, &Mark::new(at(1), "a".into())).await.unwrap();
    let passage = Passage::new(stream.clone(), at(1), at(2), "b".into());
    assert_eq!(transaction.advance(consumer, &[passage]).await.unwrap(), [true]);
    transaction.remember(consumer, &stream.source, &"c".into()).await.unwrap();
    transaction.other_epochs(consumer, &stream).await.unwrap();
    let mut moved = transaction.mark(consumer, &stream).await.unwrap().unwrap();
    moved.recent_after = at(2);
    transaction.move_mark(consumer, &stream, &moved).await.unwrap();
    transaction.keep(consumer, &stream, &Kept::new(at(0), at(2), digests(&["b".into()]))).await.unwrap();
    assert_eq!(transaction.past(consumer, &stream, at(1), &"b".into()).await.unwrap(), Past::Taken);
    let gap = Gap::new(stream.clone(), at(2), at(3), at(4), "d".into());
    transaction.missing(consumer, &gap, now).await.unwrap();
    transaction.blocked(consumer, &[("/roles".into(), PartitionKey::from("a/1".to_owned()))]).await.unwrap();
    let id = transaction.add(consumer, &NewLetter::new(Place::Retry, b"{}".to_vec(), None)).await.unwrap();
    let letter = transaction.load(id).await.unwrap().unwrap();
    transaction.update(&letter).await.unwrap();
    transaction.remove(&letter).await.unwrap();
    transaction.record(&Entry::about(Action::Discarded, &letter, "a test")).await.unwrap();
    transaction.commit().await.unwrap();
    store.due(consumer, now, 1).await.unwrap();
    store.letters(consumer, Place::AwaitingDeploy, LetterId::new(0), 1).await.unwrap();
    assert_eq!(store.census(consumer).await.unwrap().gaps, 1);
    store.forget(consumer, now + Duration::from_secs(60)).await.unwrap();
}

async fn a_consumer_applies_what_comes(server: &str) {
    let roles = Roles::on(server).await;
    write(&roles.owner).await;
    let table = "CREATE TABLE written (place bigint GENERATED ALWAYS AS IDENTITY, line text NOT NULL)";
    sqlx::query(table).execute(&roles.owner).await.unwrap();
    let consumer = roles.as_role("consumer").await;
    // Its handler enqueues an event, so it is a writer as well.
    let grant = format!("GRANT INSERT ON written TO {0}_consumer; GRANT {0}_writer TO {0}_consumer", roles.name);
    sqlx::raw_sql(AssertSqlSafe(grant)).execute(&roles.owner).await.unwrap();
    let recorder = Recorder::default();
    Relay::new(Store::new(roles.owner.clone()), recorder.clone()).step().await.unwrap();
    do_all(&Store::new(consumer.clone())).await;
    let consumer = Consumer::new(Store::new(consumer), Script::default());
    let bodies = recorder.bodies();
    let bodies: Vec<_> = bodies.iter().map(Vec::as_slice).collect();
    consumer.apply(&bodies).await.unwrap();
    consumer.work_letters().await.unwrap();
    let written: i64 = sqlx::query_scalar("SELECT count(*) FROM written").fetch_one(&roles.owner).await.unwrap();
    assert_eq!(written, 1);
}

event_tests::on_every_postgres!(
    a_writer_needs_insert_and_has_no_more,
    a_relay_sends_makes_partitions_and_drops_them,
    a_consumer_applies_what_comes,
);
