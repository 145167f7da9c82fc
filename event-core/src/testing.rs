//! For tests: a store in memory that can fail on command, and a clock that is moved by hand.

mod blobs;
mod clock;
mod context;
mod gauges;
mod letters;
mod marks;
mod memory;
mod state;
mod transaction;

pub use blobs::MemoryBlobs;
pub use clock::ManualClock;
pub use context::MemoryContext;
pub use memory::{Fault, MemoryBackup, MemoryStore};
pub use transaction::MemoryTransaction;
