//! What people ask a store of letters.

use std::future::Future;

use super::StoreError;
use crate::audit::Action;
use crate::backlog::{Letter, LetterId};
use crate::selection::Selection;

/// Letters, as people look for them. Nothing here waits for a consumer that is at work on one.
pub trait Letters: Send + Sync + 'static {
    /// Those of a selection in the order in which they came, at most `limit` with an id above `after`.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn find(
        &self,
        selection: &Selection,
        after: LetterId,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Letter>, StoreError>> + Send;

    /// How many there are of a selection.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn count(&self, selection: &Selection) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Those of these letters that are there.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn read(&self, ids: &[LetterId]) -> impl Future<Output = Result<Vec<Letter>, StoreError>> + Send;

    /// How many events are held behind each of these letters.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn behind(&self, ids: &[LetterId]) -> impl Future<Output = Result<Vec<u64>, StoreError>> + Send;

    /// Those of these letters that somebody has replayed or discarded, by the audit.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn ended(&self, ids: &[LetterId]) -> impl Future<Output = Result<Vec<(LetterId, Action)>, StoreError>> + Send;
}
