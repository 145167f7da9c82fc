//! An object store as a blob store.

use std::sync::Arc;

use event_core::runtime::{BlobError, BlobStore};
use object_store::path::Path;
use object_store::{GetOptions, ObjectStore, PutOptions, PutPayload};

/// An object store that keeps the data of events, all below one name. Clones share it.
///
/// Nothing is ever removed: give the bucket a rule that lets objects expire, later than the broker and every backlog
/// forget an event.
#[derive(Debug, Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    below: Path,
}

impl Blobs {
    /// The blobs below `name` in `store`, a bucket for instance.
    #[must_use]
    pub fn new(store: Arc<dyn ObjectStore>, below: &str) -> Self {
        Self { store, below: Path::from(below) }
    }

    /// The blobs in a folder, which is there. A blob is on the disk before its event is sent.
    ///
    /// # Errors
    /// When there is no such folder.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let folder = tempfile::tempdir()?;
    /// let blobs = event_blob::Blobs::folder(folder.path())?;
    /// # drop(blobs);
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "fs")]
    pub fn folder(folder: impl AsRef<std::path::Path>) -> Result<Self, BlobError> {
        let store = object_store::local::LocalFileSystem::new_with_prefix(folder).map_err(BlobError::new)?;
        Ok(Self::new(Arc::new(store.with_fsync(true)), ""))
    }

    fn path(&self, key: &str) -> Path {
        self.below.clone().join(key)
    }
}

impl BlobStore for Blobs {
    async fn put(&self, key: &str, bytes: &[u8]) -> Result<(), BlobError> {
        let (path, payload) = (self.path(key), PutPayload::from(bytes.to_vec()));
        let put = self.store.put_opts(&path, payload, PutOptions::default()).await;
        put.map(drop).map_err(BlobError::new)
    }

    async fn get(&self, key: &str) -> Result<Vec<u8>, BlobError> {
        let got = self.store.get_opts(&self.path(key), GetOptions::default()).await.map_err(BlobError::new)?;
        got.bytes().await.map(Into::into).map_err(BlobError::new)
    }
}
