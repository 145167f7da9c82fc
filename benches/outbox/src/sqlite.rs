//! The outbox in a SQLite file, beside the same work by hand on the same tables and the same kind of connection.

mod drain;
mod file;
mod write;

use crate::Result;
use crate::apply::sqlite as apply;
use crate::database::Mode;
use crate::measure::Name;
use crate::table::Row;

/// What is measured here, of what was asked for.
pub async fn measure(name: Name, mode: Mode, rounds: usize) -> Result<Vec<Row>> {
    match name {
        Name::Single => write::single(mode, rounds).await,
        Name::Hundred => write::hundred(mode, rounds).await,
        Name::Drain => drain::drain(mode, rounds).await,
        Name::Dedup | Name::Batch => {
            let file = file::File::new(mode).await?;
            apply::inbox(&file.pool).await?;
            match name {
                Name::Dedup => apply::dedup(&file.pool, mode, rounds).await,
                _ => apply::batch(&file.pool, mode, rounds).await,
            }
        }
        _ => Ok(Vec::new()),
    }
}

pub use file::about;
