//! The claim check of versioned domain events: data that is too large for a broker goes to an object store.
//!
//! ```no_run
//! use std::sync::Arc;
//! use event_blob::Blobs;
//! use event_core::runtime::{BlobStore, Outbox, Relay, Transport};
//!
//! # fn example(store: impl Outbox, transport: impl Transport, bucket: Arc<dyn object_store::ObjectStore>) {
//! let blobs = Blobs::new(bucket, "events");
//! let relay = Relay::new(store, transport).blobs(blobs.clone(), 256 * 1024);
//! # drop(relay);
//! # }
//! ```
//!
//! Any store of the crate [`object_store`] will do: a bucket of a cloud, a folder with the feature `fs`, memory in tests.

mod blobs;

pub use blobs::Blobs;
