//! Large data on its way through a folder, from the relay of one service to the consumer of another.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use event_blob::Blobs;
use event_core::testing::MemoryStore;
use event_core::{Consumer, Relay, in_process};
use event_tests::events::Placed;
use event_tests::script::Script;
use event_tests::setup::noon;
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn large_data_goes_through_a_folder_and_is_applied() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = || Blobs::folder(folder.path()).unwrap();
    let (sender, receiver) = (MemoryStore::new(noon()), MemoryStore::new(noon()));
    let mut transaction = sender.transaction().await.unwrap();
    for step in 1..=3 {
        transaction.enqueue(&Placed { note: Some("x".repeat(100_000)), ..Placed::new("o-1", step) }).unwrap();
    }
    transaction.commit().await.unwrap();
    let (shutdown, (transport, subscription)) = (CancellationToken::new(), in_process());
    let relay = Relay::new(sender, transport).blobs(blobs(), 50_000);
    let consumer = Consumer::new(receiver.clone(), Script::default()).blobs(blobs());
    let running =
        [tokio::spawn(relay.run(shutdown.clone())), tokio::spawn(consumer.run(subscription, shutdown.clone()))];
    let applied = async {
        while receiver.written().await.len() < 3 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), applied).await.expect("everything is applied in time");
    shutdown.cancel();
    for task in running {
        task.await.unwrap().unwrap();
    }
    assert_eq!(receiver.written().await, ["o-1/1", "o-1/2", "o-1/3"]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
}
