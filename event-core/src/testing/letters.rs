//! Letters of the store in memory, as people look for them.

use super::memory::MemoryStore;
use super::state::same_key;
use crate::audit::Action;
use crate::backlog::{Letter, LetterId, Place};
use crate::runtime::{Letters, StoreError};
use crate::selection::Selection;

impl Letters for MemoryStore {
    async fn find(&self, selection: &Selection, after: LetterId, limit: u32) -> Result<Vec<Letter>, StoreError> {
        let state = self.state.lock().await;
        let found = state.letters.values().filter(|letter| letter.id > after && selection.holds(letter));
        Ok(found.take(usize::try_from(limit).unwrap_or(usize::MAX)).cloned().collect())
    }

    async fn count(&self, selection: &Selection) -> Result<u64, StoreError> {
        let state = self.state.lock().await;
        Ok(state.letters.values().filter(|letter| selection.holds(letter)).count() as u64)
    }

    async fn read(&self, ids: &[LetterId]) -> Result<Vec<Letter>, StoreError> {
        let state = self.state.lock().await;
        Ok(state.letters.values().filter(|letter| ids.contains(&letter.id)).cloned().collect())
    }

    async fn behind(&self, ids: &[LetterId]) -> Result<Vec<u64>, StoreError> {
        let state = self.state.lock().await;
        let behind = |first: &Letter| {
            let held = state.letters.values().filter(|letter| letter.place == Place::Held && letter.id > first.id);
            held.filter(|letter| first.blocks && letter.blocks && same_key(first, letter)).count() as u64
        };
        Ok(ids.iter().map(|id| state.letters.get(id).map_or(0, behind)).collect())
    }

    async fn ended(&self, ids: &[LetterId]) -> Result<Vec<(LetterId, Action)>, StoreError> {
        let state = self.state.lock().await;
        let ends = |action| matches!(action, Action::Replayed | Action::Discarded);
        let own = state.audit.iter().filter(|entry| ends(entry.action));
        Ok(own.filter_map(|entry| Some((entry.letter?, entry.action))).filter(|(id, _)| ids.contains(id)).collect())
    }
}
