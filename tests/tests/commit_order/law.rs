//! The law: what a reader has passed never gets a new row before it, and each key's events come in the order of its commits.

use sqlx::AssertSqlSafe;

use crate::load::{self, WRITERS};
use crate::outbox::{Outbox, keys_in, run};
use crate::reader::Reader;

const TRANSACTIONS: u32 = 250;

const SEED: u64 = 20_260_301;

pub(crate) async fn what_a_reader_has_passed_never_gets_a_new_row_before_it(server: &str) {
    let outbox = Outbox::on(server).await;
    load::prepare(&outbox).await;
    assert_the_law(&outbox, &outbox.pool).await;
}

/// Reads with a cursor while eight writers write through `pool`.
pub(crate) async fn assert_the_law(outbox: &Outbox, pool: &sqlx::PgPool) {
    let mut reader = Reader::of(outbox);
    let pool = pool.clone();
    let writing = tokio::spawn(async move { load::write_at_once(&pool, SEED, TRANSACTIONS).await });
    let mut reads = 0;
    while !writing.is_finished() {
        reader.read().await;
        reads += 1;
    }
    writing.await.unwrap();
    reader.drain().await;
    assert!(reads > 100, "the reader was there meanwhile: {reads}");
    assert_eq!(reader.skipped(outbox).await, [], "seed {SEED}");
    assert_eq!(reader.out_of_order(outbox).await, [""; 0], "seed {SEED}");
    let committed: i64 = sqlx::query_scalar("SELECT count(*) FROM committed").fetch_one(&outbox.pool).await.unwrap();
    assert_eq!(outbox.counts().await, [committed; 3]);
    assert!(committed > i64::try_from(WRITERS).unwrap() * i64::from(TRANSACTIONS), "{committed} events");
}

/// Has the log written without any lock, as it would be by a plain sequence.
async fn without_locks(outbox: &Outbox) {
    let schema = &outbox.schema;
    outbox
        .run(format!(
            "CREATE OR REPLACE FUNCTION event_outbox_stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
               INSERT INTO {schema}.event_outbox_log (slot, position, at, id)
               VALUES (NEW.slot, nextval('{schema}.event_outbox_position'), NEW.at, NEW.id);
               RETURN NULL;
             END $$"
        ))
        .await;
}

/// The one commits in the middle of the other's commit. With the lock it would wait, as
/// `immediate_constraints_keep_the_order_of_commits` shows.
pub(crate) async fn without_the_lock_the_law_is_broken(server: &str) {
    let outbox = Outbox::on(server).await;
    load::prepare(&outbox).await;
    without_locks(&outbox).await;
    let [slow_key, fast_key]: [String; 2] = keys_in(20, 2).try_into().unwrap();
    let mut reader = Reader::of(&outbox);
    let mut slow = event_sqlx::begin(&outbox.pool).await.unwrap();
    load::enqueue(&mut slow, &slow_key, "slow").await;
    run(slow.connection(), "SET CONSTRAINTS ALL IMMEDIATE").await;
    let mut fast = event_sqlx::begin(&outbox.pool).await.unwrap();
    load::enqueue(&mut fast, &fast_key, "fast").await;
    fast.commit().await.unwrap();
    reader.drain().await;
    slow.commit().await.unwrap();
    reader.drain().await;
    let first: i64 =
        sqlx::query_scalar("SELECT min(position) FROM event_outbox_log").fetch_one(&outbox.pool).await.unwrap();
    assert_eq!(reader.skipped(&outbox).await, [(20, first)], "the slow one's event came behind the cursor");
}

/// Positions that are taken when a row is written follow the order of writing.
pub(crate) async fn with_positions_taken_on_insert_the_law_is_broken(server: &str) {
    let outbox = Outbox::on(server).await;
    load::prepare(&outbox).await;
    without_locks(&outbox).await;
    outbox.run("ALTER TABLE event_outbox DISABLE TRIGGER event_outbox_stamp").await;
    let trigger =
        "CREATE TRIGGER on_insert AFTER INSERT ON event_outbox FOR EACH ROW EXECUTE FUNCTION event_outbox_stamp()";
    sqlx::raw_sql(AssertSqlSafe(trigger.to_owned())).execute(&outbox.pool).await.unwrap();
    let key = &load::keys()[0];
    let mut first_written = event_sqlx::begin(&outbox.pool).await.unwrap();
    load::enqueue(&mut first_written, key, "first written").await;
    let mut first_committed = event_sqlx::begin(&outbox.pool).await.unwrap();
    load::enqueue(&mut first_committed, key, "first committed").await;
    for (mut tx, tag) in [(first_committed, "first committed"), (first_written, "first written")] {
        load::change(&mut tx, key, tag).await;
        tx.commit().await.unwrap();
    }
    let mut reader = Reader::of(&outbox);
    reader.drain().await;
    assert_eq!(reader.skipped(&outbox).await, []);
    assert_eq!(reader.out_of_order(&outbox).await, [key.as_str()]);
}
