//! A reader with a cursor in each slot, as a relay is one, and what it may hold against the outbox.

use std::collections::BTreeMap;

use event_core::runtime::Outbox as _;
use event_core::{Cursor, Sequence, Sink, Slot};
use event_sqlx::Store;
use serde_json::Value;
use sqlx::Postgres;

use crate::outbox::Outbox;

/// So few that a cursor stops in the middle of transactions.
const LIMIT: u32 = 7;

/// What a reader has passed, and where it stands.
pub(crate) struct Reader {
    store: Store<Postgres>,
    cursors: Vec<Cursor>,
    passed: Vec<(i16, i64)>,
    tags: BTreeMap<String, Vec<String>>,
}

impl Reader {
    pub(crate) fn of(outbox: &Outbox) -> Self {
        let beginning = Sequence::START;
        let cursors = Slot::all().map(|slot| Cursor::new(slot, beginning, beginning)).collect();
        Self { store: Store::new(outbox.pool.clone()), cursors, passed: Vec::new(), tags: BTreeMap::new() }
    }

    /// Reads on in every slot by one statement, and moves the cursors. Tells how many events there were.
    pub(crate) async fn read(&mut self) -> usize {
        let records = self.store.read(&Sink::new("reader"), &self.cursors, LIMIT).await.unwrap();
        for record in &records {
            let cursor = &mut self.cursors[usize::from(record.slot.number())];
            assert!(cursor.position < record.position, "a slot is read in ascending order");
            cursor.position = record.position;
            let position = i64::try_from(record.position.number()).unwrap();
            self.passed.push((i16::from(record.slot.number()), position));
            let data: Value = serde_json::from_str(&record.payload).unwrap();
            let tag = data["note"].as_str().unwrap_or_default().to_owned();
            self.tags.entry(record.key.as_ref().unwrap().as_str().to_owned()).or_default().push(tag);
        }
        records.len()
    }

    /// Reads to the end.
    pub(crate) async fn drain(&mut self) {
        while self.read().await > 0 {}
    }

    /// The positions that came behind the cursors.
    pub(crate) async fn skipped(&self, outbox: &Outbox) -> Vec<(i16, i64)> {
        let log = sqlx::query_as("SELECT slot, position FROM event_outbox_log ORDER BY slot, position");
        let log: Vec<(i16, i64)> = log.fetch_all(&outbox.pool).await.unwrap();
        let mut passed = self.passed.clone();
        passed.sort_unstable();
        log.into_iter().filter(|row| passed.binary_search(row).is_err()).collect()
    }

    /// The keys whose events were read in another order than that of the commits.
    pub(crate) async fn out_of_order(&self, outbox: &Outbox) -> Vec<String> {
        let committed = sqlx::query_as("SELECT key, tag FROM committed ORDER BY key, n");
        let committed: Vec<(String, String)> = committed.fetch_all(&outbox.pool).await.unwrap();
        let mut expected: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (key, tag) in committed {
            expected.entry(key).or_default().push(tag);
        }
        let keys = expected.keys().chain(self.tags.keys().filter(|key| !expected.contains_key(*key)));
        keys.filter(|key| expected.get(*key) != self.tags.get(*key)).cloned().collect()
    }
}
