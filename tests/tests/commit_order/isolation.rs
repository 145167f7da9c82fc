//! SERIALIZABLE and REPEATABLE READ: events add no failure to what a service does, and take none away.

use std::sync::Arc;

use sqlx::postgres::PgPoolOptions;
use sqlx::{PgPool, Postgres};

use crate::outbox::{Outbox, code, enqueue, key_in, run};

const LEVELS: [&str; 2] = ["SERIALIZABLE", "REPEATABLE READ"];

/// What is compared: a business that writes events, and the same without.
const WITH_AND_WITHOUT: [bool; 2] = [true, false];

const WRITERS: i32 = 4;

const ACCOUNTS: i32 = 4;

const ROUNDS: i32 = 25;

type Tx = event_sqlx::Transaction<'static, Postgres>;

/// A pool whose transactions are of `level`. An index is used however small the table is: else a transaction reads all
/// rows, and then no rows are disjoint.
async fn pool_of(outbox: &Outbox, level: &str) -> PgPool {
    let level = level.to_lowercase();
    let options = [("default_transaction_isolation", level.as_str()), ("enable_seqscan", "off")];
    let options = outbox.options().options(options);
    PgPoolOptions::new().max_connections(4).connect_with(options).await.unwrap()
}

/// A partition for each writer, four accounts in each: two rows on one page of an index are not disjoint to PostgreSQL once
/// the page of their table is full.
async fn accounts(outbox: &Outbox) {
    outbox.run("CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL) PARTITION BY RANGE (id)").await;
    for writer in 0..WRITERS {
        let (first, end) = (writer * ACCOUNTS, (writer + 1) * ACCOUNTS);
        let partition =
            format!("CREATE TABLE account_{writer} PARTITION OF account FOR VALUES FROM ({first}) TO ({end})");
        outbox.run(partition).await;
    }
    outbox.run(format!("INSERT INTO account SELECT g, 0 FROM generate_series(0, {}) g", WRITERS * ACCOUNTS - 1)).await;
}

async fn read(tx: &mut Tx, account: i32) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar("SELECT balance FROM account WHERE id = $1").bind(account).fetch_one(tx.connection()).await
}

async fn add(tx: &mut Tx, account: i32) -> Result<(), sqlx::Error> {
    let add = sqlx::query("UPDATE account SET balance = balance + 1 WHERE id = $1").bind(account);
    add.execute(tx.connection()).await.map(drop)
}

/// Four writers with accounts of their own. All events go into one slot, so the commits meet.
async fn failures_on_disjoint_rows(pool: &PgPool, with_events: bool) -> usize {
    let key = Arc::new(key_in(11));
    let writers = (0..WRITERS).map(|writer| {
        let (pool, key) = (pool.clone(), Arc::clone(&key));
        tokio::spawn(async move {
            let mut failures = 0;
            for round in 0..ROUNDS {
                let mut tx = event_sqlx::begin(&pool).await.unwrap();
                let account = writer * ACCOUNTS + round % ACCOUNTS;
                read(&mut tx, account).await.unwrap();
                add(&mut tx, account).await.unwrap();
                if with_events {
                    enqueue(&mut tx, &key, 1).await;
                }
                failures += usize::from(tx.commit().await.is_err());
            }
            failures
        })
    });
    let mut failures = 0;
    for writer in writers.collect::<Vec<_>>() {
        failures += writer.await.unwrap();
    }
    failures
}

pub(crate) async fn on_disjoint_rows_events_make_no_transaction_fail(server: &str) {
    let outbox = Outbox::on(server).await;
    accounts(&outbox).await;
    for level in LEVELS {
        let pool = pool_of(&outbox, level).await;
        let found: String =
            sqlx::query_scalar("SELECT current_setting('transaction_isolation')").fetch_one(&pool).await.unwrap();
        assert_eq!(found, level.to_lowercase());
        for with_events in WITH_AND_WITHOUT {
            assert_eq!(failures_on_disjoint_rows(&pool, with_events).await, 0, "{level}, events: {with_events}");
        }
    }
    assert_eq!(outbox.counts().await, [i64::from(2 * WRITERS * ROUNDS); 3]);
}

/// How the first and the second transaction end: `ok`, or what PostgreSQL calls the error.
async fn ends(pool: &PgPool, with_events: bool, written: [i32; 2]) -> [String; 2] {
    let mut first = event_sqlx::begin(pool).await.unwrap();
    let mut second = event_sqlx::begin(pool).await.unwrap();
    read(&mut first, 1).await.unwrap();
    read(&mut second, 2).await.unwrap();
    if with_events {
        enqueue(&mut first, &key_in(11), 1).await;
        enqueue(&mut second, &key_in(11), 2).await;
    }
    let first = end(first, written[0]).await;
    [first, end(second, written[1]).await]
}

async fn end(mut tx: Tx, account: i32) -> String {
    if let Err(error) = add(&mut tx, account).await {
        run(&mut **tx, "ROLLBACK").await;
        return code(&error);
    }
    tx.commit().await.map_or_else(|error| code(&error), |()| "ok".to_owned())
}

pub(crate) async fn on_the_same_rows_the_same_transactions_fail(server: &str) {
    let outbox = Outbox::on(server).await;
    accounts(&outbox).await;
    for level in LEVELS {
        let pool = pool_of(&outbox, level).await;
        for with_events in WITH_AND_WITHOUT {
            let lost_update = ends(&pool, with_events, [5, 5]).await;
            assert_eq!(lost_update, ["ok", "40001"], "{level}, events: {with_events}");
            let skew = ends(&pool, with_events, [2, 1]).await;
            let expected = if level == "SERIALIZABLE" { ["ok", "40001"] } else { ["ok", "ok"] };
            assert_eq!(skew, expected, "{level}, events: {with_events}");
        }
    }
    let committed = 1 + 1 + 1 + 2;
    assert_eq!(outbox.counts().await, [committed; 3]);
}
