//! Random business transactions that write events, and the order of their commits as the business itself sees it.

use event_sqlx::{Enqueue, Transaction};
use event_tests::events::Placed;
use sqlx::postgres::PgPoolOptions;
use sqlx::{PgPool, Postgres};

use crate::outbox::{Outbox, keys_in, run};

pub(crate) const WRITERS: u64 = 8;

/// The same numbers for the same seed (SplitMix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

/// Twelve keys in three slots: keys meet in a slot, and slots in a transaction.
pub(crate) fn keys() -> Vec<String> {
    [7, 20, 41].into_iter().flat_map(|slot| keys_in(slot, 4)).collect()
}

/// The tables of the business. The row of a key is locked from its change to the commit, so its number counts the commits.
pub(crate) async fn prepare(outbox: &Outbox) {
    outbox.run("CREATE TABLE counter (key text PRIMARY KEY, n int NOT NULL) WITH (fillfactor = 50)").await;
    outbox.run("CREATE TABLE committed (key text, n int, tag text, PRIMARY KEY (key, n))").await;
    for key in keys() {
        outbox.run(format!("INSERT INTO counter VALUES ('{key}', 0)")).await;
    }
}

/// Eight writers at once, through connections of `pool`'s kind, each with this many transactions.
pub(crate) async fn write_at_once(pool: &PgPool, seed: u64, transactions: u32) {
    let options = PgPoolOptions::new().max_connections(u32::try_from(WRITERS).unwrap());
    let pool = options.connect_with((*pool.connect_options()).clone()).await.unwrap();
    let writers = (0..WRITERS).map(|writer| {
        let pool = pool.clone();
        tokio::spawn(async move {
            let mut dice = Dice::new(seed ^ (writer << 32));
            for number in 0..transactions {
                transact(&pool, &mut dice, &format!("{writer}-{number}")).await;
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
}

/// One to three keys; an event before or after its row is changed; sometimes savepoints that are taken back, a pause in the
/// middle, stamping before the commit, and no commit.
async fn transact(pool: &PgPool, dice: &mut Dice, tag: &str) {
    let mut tx = event_sqlx::begin(pool).await.unwrap();
    for key in some_keys(dice) {
        if dice.one_in(4) {
            let mut taken_back = tx.savepoint().await.unwrap();
            enqueue(&mut taken_back, &key, "taken back").await;
            taken_back.rollback().await.unwrap();
        }
        let early = dice.one_in(2);
        if early {
            enqueue(&mut tx, &key, tag).await;
        }
        change(&mut tx, &key, tag).await;
        if !early {
            enqueue(&mut tx, &key, tag).await;
        }
    }
    if dice.one_in(8) {
        run(tx.connection(), "SET CONSTRAINTS ALL IMMEDIATE").await;
        run(tx.connection(), "SELECT pg_sleep(0.002)").await;
    }
    if dice.one_in(6) { tx.rollback().await.unwrap() } else { tx.commit().await.unwrap() }
}

/// In one order for everybody: the business has no deadlocks of its own.
fn some_keys(dice: &mut Dice) -> Vec<String> {
    let keys = keys();
    let mut places: Vec<_> = (0..=dice.below(3)).map(|_| dice.below(keys.len())).collect();
    places.sort_unstable();
    places.dedup();
    places.into_iter().map(|place| keys[place].clone()).collect()
}

pub(crate) async fn enqueue(tx: &mut Transaction<'_, Postgres>, key: &str, tag: &str) {
    let event = Placed { note: Some(tag.to_owned()), ..Placed::new(key, 0) };
    event.enqueue(tx).await.unwrap();
}

/// Counts a commit of the key, if it comes to that.
pub(crate) async fn change(tx: &mut Transaction<'_, Postgres>, key: &str, tag: &str) {
    let change = "WITH c AS (UPDATE counter SET n = n + 1 WHERE key = $1 RETURNING key, n)
                  INSERT INTO committed SELECT key, n, $2 FROM c";
    sqlx::query(change).bind(key).bind(tag).execute(tx.connection()).await.unwrap();
}
