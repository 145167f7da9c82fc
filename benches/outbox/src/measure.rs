//! The measurements, in the order of the table.

mod counting;
mod drain;
mod hot;
mod kept;
mod latency;
mod peers;
mod reading;
mod snapshot;
mod wal;
mod write;

use clap::ValueEnum;

use crate::Result;
use crate::apply::postgres as apply;
use crate::database::{Mode, Target};
use crate::table::Row;

pub use counting::Counting;
pub(crate) use reading::read_slots;

/// How many transactions a side has in each round, of one event and of a hundred.
pub const SINGLE: u32 = 200;
pub const HUNDREDS: u32 = 20;

/// What is drained, and how many rows are read at a time.
pub const EVENTS: i64 = 20_000;
pub const BATCH: u32 = 100;

/// What can be measured alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Name {
    /// One event and a business row
    Single,
    /// Both in one round trip
    Fused,
    /// A hundred events in a transaction
    Hundred,
    /// What the triggers cost by themselves
    Triggers,
    /// One hot slot, 20 ms of work in each transaction
    Hot,
    /// A relay that drains, beside a bare ordered read
    Drain,
    /// A relay that drains, beside other queues
    Peers,
    /// Bytes of write-ahead log
    Wal,
    /// Draining behind many kept rows
    Kept,
    /// Reading under an old snapshot
    Snapshot,
    /// From the commit to the handler
    Latency,
    /// Whether an event is new, by mark and by id
    Dedup,
    /// A batch of the consumer, beside one event after the other
    Batch,
}

impl Name {
    /// Those that were asked for, or all.
    pub fn chosen(only: &[Self]) -> Vec<Self> {
        let all = Self::value_variants().iter().copied();
        all.filter(|name| only.is_empty() || only.contains(name)).collect()
    }

    /// Bytes, and what a reader does, don't depend on how commits are made.
    pub fn modes(self, modes: &[Mode]) -> Vec<Mode> {
        match self {
            Self::Wal | Self::Kept | Self::Snapshot => modes.iter().copied().take(1).collect(),
            _ => modes.to_vec(),
        }
    }

    pub async fn measure(self, target: &Target, mode: Mode) -> Result<Vec<Row>> {
        match self {
            Self::Single => write::single(target, mode).await,
            Self::Fused => write::fused(target, mode).await,
            Self::Hundred => write::hundred(target, mode).await,
            Self::Triggers => write::triggers(target, mode).await,
            Self::Hot => hot::hot(target, mode).await,
            Self::Drain => drain::drain(target, mode).await,
            Self::Peers => peers::peers(target, mode).await,
            Self::Wal => wal::wal(target, mode).await,
            Self::Kept => kept::kept(target, mode).await,
            Self::Snapshot => snapshot::snapshot(target, mode).await,
            Self::Latency => latency::latency(target, mode).await,
            Self::Dedup | Self::Batch => {
                let schema = target.schema(mode).await?;
                apply::inbox(&schema.pool).await?;
                let rows = match self {
                    Self::Dedup => apply::dedup(&schema.pool, mode, target.rounds).await?,
                    _ => apply::batch(&schema.pool, mode, target.rounds).await?,
                };
                schema.drop().await?;
                Ok(rows)
            }
        }
    }
}
