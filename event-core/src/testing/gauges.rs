//! What the store in memory counts.

use super::memory::{Fault, MemoryStore};
use crate::backlog::{Letter, Place};
use crate::clock::Timestamp;
use crate::health::Census;
use crate::runtime::{Gauges, StoreError};

impl Gauges for MemoryStore {
    async fn census(&self, consumer: &str) -> Result<Census, StoreError> {
        self.lost(Fault::Begin)?;
        let (state, now) = (self.state.lock().await, self.clock.now());
        let mut census = Census::default();
        let own: Vec<&Letter> = state.letters.values().filter(|letter| letter.consumer == consumer).collect();
        for letter in &own {
            census.add(letter.place, letter.class, 1, Some(letter.since));
        }
        let due = || own.iter().filter(|letter| letter.place == Place::Retry).filter_map(|letter| letter.due_at);
        census.first_retry_due = due().min();
        census.retries_due = due().filter(|due| *due <= now).count();
        let mut keys: Vec<_> = own.iter().filter(|letter| letter.place == Place::Held).collect();
        keys.sort_by_key(|letter| (&letter.source, &letter.partition_key));
        keys.dedup_by_key(|letter| (&letter.source, &letter.partition_key));
        census.held_keys = keys.len();
        let since: Vec<Timestamp> = state.open_gaps(consumer).into_iter().map(|(_, since)| since).collect();
        (census.gaps, census.oldest_gap) = (since.len(), since.into_iter().min());
        Ok(census)
    }
}
