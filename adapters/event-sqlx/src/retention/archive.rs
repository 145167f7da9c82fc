//! What becomes of events before they are deleted, where there are no partitions.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use event_core::{Record, Timestamp};

use super::Retention;
use crate::database::Database;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Keeps the events of a batch elsewhere before they are deleted: a file, an object store, a warehouse.
///
/// ```
/// use event_core::{Record, Timestamp};
/// use event_sqlx::ArchiveEvents;
///
/// struct Warehouse;
///
/// impl ArchiveEvents for Warehouse {
///     async fn archive(&self, events: &[Record]) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
///         for event in events {
///             self.put(event.id.as_str(), &event.payload).await?;
///         }
///         Ok(())
///     }
/// }
/// # impl Warehouse {
/// #     async fn put(&self, _: &str, _: &str) -> std::io::Result<()> { Ok(()) }
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` archives no events",
    note = "write `impl ArchiveEvents for {Self} {{ async fn archive(&self, events: &[Record]) -> Result<(), BoxError> {{ … }} }}`"
)]
pub trait ArchiveEvents: Send + Sync + 'static {
    /// Copies the events, in the order in which they were written. Every sink has passed them. No lock is held meanwhile.
    ///
    /// An event may come again: when the process ends before the batch is deleted, when a sink is registered meanwhile that
    /// wants it, and when two relays work at once. So write each under its id, and nothing is kept twice.
    ///
    /// # Errors
    /// When the copy isn't safe: the batch stays, and the archive is called again later.
    ///
    /// # Cancel safety
    /// It may be dropped when the relay is stopped.
    fn archive(&self, events: &[Record]) -> impl Future<Output = Result<(), BoxError>> + Send;
}

type Archiving<'a> = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send + 'a>>;

/// [`ArchiveEvents`], for any of them.
pub(crate) trait Hook: Send + Sync {
    fn call<'a>(&'a self, events: &'a [Record]) -> Archiving<'a>;
}

impl<A: ArchiveEvents> Hook for A {
    fn call<'a>(&'a self, events: &'a [Record]) -> Archiving<'a> {
        Box::pin(self.archive(events))
    }
}

impl<DB: Database<Disposal = Batches>> Retention<DB> {
    /// Calls `archive` with each batch before it is deleted. While it fails the batch stays, and what comes after it.
    #[must_use]
    pub fn archive_events(mut self, archive: impl ArchiveEvents) -> Self {
        self.disposal.archive = Some(Arc::new(archive));
        self
    }
}

/// Events go in batches: the archive, and where the walk through the outbox has come to.
#[derive(Default)]
pub struct Batches {
    pub(super) archive: Option<Arc<dyn Hook>>,
    walked: AtomicI64,
    rests_until: AtomicI64,
}

impl Batches {
    /// What the walk has seen up to; 0 before it begins.
    pub(super) fn walked(&self) -> i64 {
        self.walked.load(Ordering::Relaxed)
    }

    pub(super) fn walk_on(&self, from: i64) {
        self.walked.store(from, Ordering::Relaxed);
    }

    /// When the next walk begins, after one that came to its end. A relay may ask much more often.
    pub(super) fn rests_until(&self) -> Timestamp {
        Timestamp::from_unix_micros(self.rests_until.load(Ordering::Relaxed))
    }

    pub(super) fn rest(&self, until: Timestamp) {
        self.rests_until.store(until.unix_micros(), Ordering::Relaxed);
    }
}

/// The setting is copied; the walk is one store's.
impl Clone for Batches {
    fn clone(&self) -> Self {
        Self { archive: self.archive.clone(), ..Self::default() }
    }
}

impl fmt::Debug for Batches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batches").field("archive", &self.archive.is_some()).finish_non_exhaustive()
    }
}
