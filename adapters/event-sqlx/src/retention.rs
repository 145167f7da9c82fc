//! How long events are kept: what every sink has passed and is old enough goes, a partition or a batch at a time.

#[cfg(any(feature = "sqlite", feature = "mysql"))]
mod archive;
#[cfg(any(feature = "sqlite", feature = "mysql"))]
mod decide;
#[cfg(any(feature = "sqlite", feature = "mysql"))]
mod walk;

use std::fmt;
use std::time::Duration;

use crate::database::Database;

#[cfg(any(feature = "sqlite", feature = "mysql"))]
pub use archive::ArchiveEvents;
#[cfg(any(feature = "sqlite", feature = "mysql"))]
pub(crate) use archive::Batches;
#[cfg(any(feature = "sqlite", feature = "mysql"))]
pub(crate) use decide::Kept;
#[cfg(any(feature = "sqlite", feature = "mysql"))]
pub(crate) use walk::{Batched, retain};

/// How long the outbox keeps events. By default for ever.
///
/// An event goes once it has been in the outbox for longer than [`keep`](Retention::keep) says, every registered sink has
/// passed it, and it is parked for none. Without a registered sink nothing goes. Relays do it, every five minutes.
///
/// - **PostgreSQL** drops a partition (a month of events) once that holds for all of it, and each of its events has its place
///   in the log. Dropping holds up writers for a tenth of a second at most: where a transaction is in the way it is tried
///   again later.
/// - **SQLite** deletes at most 256 events at a time, each batch in a transaction of its own, which keeps other writers out for
///   about 10 ms; between two batches they have 25 ms. The file keeps its size, and what was freed is used again; `VACUUM`
///   makes it smaller.
/// - **MariaDB and MySQL** delete in the same batches, and lock the rows of a batch alone. An event that has no position yet
///   stays.
///
/// ```no_run
/// # async fn example(pool: sqlx::SqlitePool) {
/// use std::time::Duration;
/// use event_sqlx::{Retention, Store};
///
/// let store = Store::new(pool).retention(Retention::keep(Duration::from_secs(90 * 24 * 60 * 60)));
/// # }
/// ```
pub struct Retention<DB: Database> {
    pub(crate) keep: Option<Duration>,
    pub(crate) disposal: DB::Disposal,
}

impl<DB: Database> Retention<DB> {
    /// Keeps every event. The default.
    #[must_use]
    pub fn for_ever() -> Self {
        Self::default()
    }

    /// Keeps each event for at least `age`, counted from when it was written to the outbox.
    #[must_use]
    pub fn keep(age: Duration) -> Self {
        Self { keep: Some(age), ..Self::default() }
    }
}

// Not derived: that would ask for `DB: Default` and `DB: Clone`.
impl<DB: Database> Default for Retention<DB> {
    fn default() -> Self {
        Self { keep: None, disposal: DB::Disposal::default() }
    }
}

impl<DB: Database> Clone for Retention<DB> {
    fn clone(&self) -> Self {
        Self { keep: self.keep, disposal: self.disposal.clone() }
    }
}

impl<DB: Database> fmt::Debug for Retention<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retention").field("keep", &self.keep).field("disposal", &self.disposal).finish()
    }
}
