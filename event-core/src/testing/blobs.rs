//! A blob store in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::runtime::{BlobError, BlobStore};

/// A blob store in memory that can be away. Clones share their content.
#[derive(Debug, Clone, Default)]
pub struct MemoryBlobs(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    blobs: HashMap<String, Vec<u8>>,
    away: bool,
}

impl MemoryBlobs {
    /// Can't be reached, or can again.
    pub fn set_away(&self, away: bool) {
        self.with(|state| state.away = away);
    }

    /// How many blobs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.with(|state| state.blobs.len())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Loses every blob.
    pub fn clear(&self) {
        self.with(|state| state.blobs.clear());
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn reach<T>(&self, act: impl FnOnce(&mut State) -> T) -> Result<T, BlobError> {
        self.with(|state| if state.away { Err(BlobError::new("connection lost")) } else { Ok(act(state)) })
    }
}

impl BlobStore for MemoryBlobs {
    async fn put(&self, key: &str, bytes: &[u8]) -> Result<(), BlobError> {
        self.reach(|state| drop(state.blobs.insert(key.to_owned(), bytes.to_vec())))
    }

    async fn get(&self, key: &str) -> Result<Vec<u8>, BlobError> {
        self.reach(|state| state.blobs.get(key).cloned())?.ok_or_else(|| BlobError::new("there is no such blob"))
    }
}
