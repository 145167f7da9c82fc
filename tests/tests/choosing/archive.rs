use std::path::PathBuf;
use std::time::Duration;

use event_core::Record;
use event_sqlx::{ArchiveEvents, Retention, Store};
use sqlx::SqlitePool;

/// A file for each event, named for its id: an event that comes again is written over itself.
pub struct Folder(pub PathBuf);

impl ArchiveEvents for Folder {
    async fn archive(&self, events: &[Record]) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        for event in events {
            tokio::fs::write(self.0.join(event.id.as_str()), &event.payload).await?;
        }
        Ok(())
    }
}

pub fn store(pool: SqlitePool, folder: PathBuf) -> Store<sqlx::Sqlite> {
    let ninety_days = Duration::from_secs(90 * 24 * 60 * 60);
    Store::new(pool).retention(Retention::keep(ninety_days).archive_events(Folder(folder)))
}
