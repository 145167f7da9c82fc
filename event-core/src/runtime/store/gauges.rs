//! What a store counts, for metrics and health reports.

use std::future::Future;

use super::StoreError;
use crate::health::Census;

/// What a store counts for a consumer, in one statement that reads no more than it must.
pub trait Gauges: Send + Sync {
    /// What `consumer` has taken and not applied, at most [`Census::AT_MOST`] letters of it, by the store's clock.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn census(&self, consumer: &str) -> impl Future<Output = Result<Census, StoreError>> + Send;
}
