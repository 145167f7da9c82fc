//! For tests: a bench for handlers over any store ([`Kit`]), a store in memory that can fail on command, and a clock that is
//! moved by hand.

mod blobs;
mod clock;
mod context;
mod gauges;
mod kit;
mod letters;
mod marks;
mod memory;
mod state;
mod streams;
mod transaction;

pub use blobs::MemoryBlobs;
pub use clock::ManualClock;
pub use context::MemoryContext;
pub use kit::{Difference, Disorder, Expected, Failing, FailingTransaction, Interrupted, Kit, KitError};
pub use memory::{Fault, MemoryBackup, MemoryStore};
pub use transaction::MemoryTransaction;
