//! The law: what a reader has passed never gets a new row before it, and each key's events come in the order of its commits.

use std::collections::BTreeMap;

use event_core::runtime::Outbox as _;
use event_core::{Cursor, Sequence, Sink, Slot};
use event_sqlx::{Enqueue, Store};
use event_tests::events::Placed;
use sqlx::mysql::MySqlPoolOptions;
use sqlx::{MySql, MySqlPool};

use crate::outbox::{Outbox, Tx, insert, key_in, keys_in, run};

const WRITERS: u64 = 6;
const TRANSACTIONS: u32 = 120;
const SEED: u64 = 20_261_127;

/// So few that a cursor stops in the middle of transactions.
const LIMIT: u32 = 7;

/// The same numbers for the same seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }
}

/// A reader with a cursor in each slot, as a relay is one.
struct Reader {
    store: Store<MySql>,
    cursors: Vec<Cursor>,
    passed: Vec<(u8, u64)>,
    tags: BTreeMap<String, Vec<String>>,
}

impl Reader {
    fn of(outbox: &Outbox) -> Self {
        let cursors = Slot::all().map(|slot| Cursor::new(slot, Sequence::START, Sequence::START)).collect();
        Self { store: Store::new(outbox.pool.clone()), cursors, passed: Vec::new(), tags: BTreeMap::new() }
    }

    async fn read(&mut self) -> usize {
        let records = self.store.read(&Sink::new("reader"), &self.cursors, LIMIT).await.unwrap();
        for record in &records {
            let cursor = &mut self.cursors[usize::from(record.slot.number())];
            assert!(cursor.position < record.position, "a slot is read in ascending order");
            cursor.position = record.position;
            self.passed.push((record.slot.number(), record.position.number()));
            let data: serde_json::Value = serde_json::from_str(&record.payload).unwrap();
            let tag = data["note"].as_str().unwrap_or_default().to_owned();
            self.tags.entry(record.key.as_ref().unwrap().as_str().to_owned()).or_default().push(tag);
        }
        records.len()
    }

    async fn drain(&mut self) {
        while self.read().await > 0 {}
    }

    /// The positions that came behind the cursors.
    async fn skipped(&self, outbox: &Outbox) -> Vec<(u8, u64)> {
        let log = sqlx::query_as("SELECT CAST(slot AS UNSIGNED), CAST(position AS UNSIGNED) FROM event_outbox_log");
        let log: Vec<(u64, u64)> = log.fetch_all(&outbox.pool).await.unwrap();
        let log = log.into_iter().map(|(slot, position)| (u8::try_from(slot).unwrap(), position));
        log.filter(|row| !self.passed.contains(row)).collect()
    }
}

/// The row of a key is locked from its change to the commit, so its number counts the commits.
async fn prepare(outbox: &Outbox, keys: &[String]) {
    outbox.run("CREATE TABLE counter (name VARCHAR(50) PRIMARY KEY, n INT NOT NULL)").await;
    outbox.run("CREATE TABLE committed (name VARCHAR(50), n INT, tag VARCHAR(50), PRIMARY KEY (name, n))").await;
    for key in keys {
        outbox.run(format!("INSERT INTO counter VALUES ('{key}', 0)")).await;
    }
}

async fn change(tx: &mut Tx, key: &str, tag: &str) {
    let count = sqlx::query("UPDATE counter SET n = n + 1 WHERE name = ?").bind(key);
    count.execute(tx.connection()).await.unwrap();
    let note = "INSERT INTO committed SELECT name, n, ? FROM counter WHERE name = ?";
    sqlx::query(note).bind(tag).bind(key).execute(tx.connection()).await.unwrap();
}

async fn enqueue(tx: &mut event_sqlx::Transaction<'_, MySql>, key: &str, tag: &str) {
    let event = Placed { note: Some(tag.to_owned()), ..Placed::new(key, 0) };
    event.enqueue(tx).await.unwrap();
}

/// One to three keys, in one order for everybody; an event before or after its row is changed; sometimes savepoints that are
/// taken back, and no commit.
async fn transact(pool: &MySqlPool, dice: &mut Dice, keys: &[String], tag: &str) {
    let mut tx = event_sqlx::begin(pool).await.unwrap();

    let mut places: Vec<_> = (0..=dice.below(3)).map(|_| dice.below(keys.len())).collect();
    places.sort_unstable();
    places.dedup();
    for key in places.into_iter().map(|place| &keys[place]) {
        if dice.below(4) == 0 {
            let mut taken_back = tx.savepoint().await.unwrap();
            enqueue(&mut taken_back, key, "taken back").await;
            taken_back.rollback().await.unwrap();
        }
        if dice.below(2) == 0 {
            enqueue(&mut tx, key, tag).await;
            change(&mut tx, key, tag).await;
        } else {
            change(&mut tx, key, tag).await;
            enqueue(&mut tx, key, tag).await;
        }
    }
    if dice.below(6) == 0 { tx.rollback().await.unwrap() } else { tx.commit().await.unwrap() }
}

pub(crate) async fn what_a_reader_has_passed_never_gets_a_new_row_before_it(server: &str) {
    let outbox = Outbox::on(server).await;
    let keys: Vec<_> = [7, 20, 41].into_iter().flat_map(|slot| keys_in(slot, 4)).collect();
    prepare(&outbox, &keys).await;
    // Under REPEATABLE READ MySQL makes a lock of the gap out of the lock of a row that a savepoint takes back, in any table.
    let pool = MySqlPoolOptions::new().max_connections(6).after_connect(|connection, _| {
        Box::pin(async {
            run(connection, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await;
            Ok(())
        })
    });
    let pool = pool.connect_with((*outbox.pool.connect_options()).clone()).await.unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (pool, keys) = (pool.clone(), keys.clone());
            tokio::spawn(async move {
                let mut dice = Dice(SEED ^ (writer << 32));
                for number in 0..TRANSACTIONS {
                    transact(&pool, &mut dice, &keys, &format!("{writer}-{number}")).await;
                }
            })
        })
        .collect();
    let (mut reader, mut reads) = (Reader::of(&outbox), 0);
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        reader.read().await;
        reads += 1;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    reader.drain().await;
    assert!(reads > 30, "the reader was there meanwhile: {reads}");
    assert_eq!(reader.skipped(&outbox).await, [], "seed {SEED}");
    let committed = sqlx::query_as("SELECT name, tag FROM committed ORDER BY name, n");
    let committed: Vec<(String, String)> = committed.fetch_all(&outbox.pool).await.unwrap();
    let mut expected: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, tag) in &committed {
        expected.entry(key.clone()).or_default().push(tag.clone());
    }
    assert_eq!(reader.tags, expected, "seed {SEED}");
    assert_eq!(outbox.counts().await, [i64::try_from(committed.len()).unwrap(); 3]);
}

/// The one commits in the middle of the other's commit, which a lock would keep waiting.
pub(crate) async fn without_the_lock_the_law_is_broken(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut reader = Reader::of(&outbox);
    let mut slow = outbox.connect().await;
    run(&mut slow, "START TRANSACTION").await;
    let id = insert(&mut slow, &key_in(20), 1).await;
    run(
        &mut slow,
        format!("INSERT INTO event_outbox_log (slot, number) SELECT slot, number FROM event_outbox WHERE id = '{id}'"),
    )
    .await;
    let mut fast = outbox.begin().await;
    enqueue(&mut fast, &keys_in(20, 2)[1], "fast").await;
    fast.commit().await.unwrap();
    reader.drain().await;
    run(&mut slow, "COMMIT").await;
    reader.drain().await;
    assert_eq!(reader.skipped(&outbox).await.len(), 1, "the slow one's event came behind the cursor");
}
