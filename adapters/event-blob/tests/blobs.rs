//! What is put away comes back, from memory and from a folder.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use event_blob::Blobs;
use event_core::error_chain;
use event_core::runtime::BlobStore;
use object_store::memory::InMemory;

async fn what_is_put_comes_back(blobs: &Blobs) {
    let large = vec![b'7'; 3 * 1024 * 1024];
    for bytes in [&large[..], b"{}", b"[1,2]"] {
        for _ in 0..2 {
            blobs.put("0123abcd", bytes).await.unwrap();
            assert_eq!(blobs.get("0123abcd").await.unwrap(), bytes);
        }
    }
    let error = blobs.get("ffff").await.unwrap_err();
    let chain = error_chain(&error);
    assert_eq!(chain.first().map(String::as_str), Some("cannot reach the data of an event"));
    assert!(chain.iter().any(|cause| cause.contains("not found")), "{chain:?}");
}

#[tokio::test]
async fn a_bucket_keeps_blobs_below_a_name_of_its_own() {
    let bucket = Arc::new(InMemory::new());
    let blobs = Blobs::new(bucket.clone(), "events/large");
    what_is_put_comes_back(&blobs).await;
    assert!(Blobs::new(bucket.clone(), "events").get("0123abcd").await.is_err());
    assert!(Blobs::new(bucket, "events/large").get("0123abcd").await.is_ok());
}

#[cfg(feature = "fs")]
#[tokio::test]
async fn a_folder_keeps_blobs_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    what_is_put_comes_back(&Blobs::folder(folder.path()).unwrap()).await;
    assert_eq!(Blobs::folder(folder.path()).unwrap().get("0123abcd").await.unwrap(), b"[1,2]");
    assert!(Blobs::folder(folder.path().join("missing")).is_err());
}

/// A key that is no name of ours can't lead out of the folder.
#[cfg(feature = "fs")]
#[tokio::test]
async fn no_key_leads_out_of_the_folder() {
    let outside = tempfile::tempdir().unwrap();
    let inside = outside.path().join("inside");
    std::fs::create_dir(&inside).unwrap();
    let blobs = Blobs::folder(&inside).unwrap();
    for key in ["../escaped", "/etc/escaped", "..", "a/../../escaped"] {
        // Whether such a key is taken at all is the store's affair.
        let _ = blobs.put(key, b"{}").await;
        assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1, "{key}");
    }
}
