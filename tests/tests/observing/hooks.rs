//! What hooks hear of streams: gaps that are skipped, and epochs that begin.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_core::GapPolicy;
use event_core::runtime::Happening;
use event_core::testing::{Kit, MemoryStore};
use event_tests::events::Placed;
use event_tests::script::Script;
use event_tests::setup::noon;

type Heard = Arc<Mutex<Vec<String>>>;

/// A bench whose hooks write down what is about streams.
fn bench(gaps: GapPolicy) -> (Kit<MemoryStore, Script>, Heard) {
    let (clock, heard) = (noon(), Heard::default());
    let ear = Arc::clone(&heard);
    let hooks = move |_: &str, happening: &Happening| {
        let line = match happening {
            Happening::EpochBegun { old, new, .. } => format!("{new} after {old}"),
            Happening::GapOpened { gap, .. } => format!("opened up to {}", gap.previous.number()),
            Happening::GapSkipped { gap, .. } => format!("skipped up to {}", gap.previous.number()),
            _ => return,
        };
        ear.lock().unwrap().push(line);
    };
    let kit = Kit::new(MemoryStore::new(clock.clone()), Script::default(), clock);
    (kit.configure(|consumer| consumer.gaps(gaps).hooks(hooks)), heard)
}

#[tokio::test]
async fn a_new_epoch_of_a_restored_producer_is_told_once() {
    let (kit, heard) = bench(GapPolicy::wait());
    kit.deliver(&Placed::new("o-1", 1)).await.unwrap();
    let backup = kit.producer().backup().await;
    kit.deliver(&Placed::new("o-1", 2)).await.unwrap();
    kit.producer().restore(&backup).await;
    kit.deliver(&Placed::new("o-1", 3)).await.unwrap();
    kit.deliver(&Placed::new("o-1", 4)).await.unwrap();
    assert_eq!(*heard.lock().unwrap(), ["/memory?epoch=2 after /memory?epoch=1"]);
}

#[tokio::test]
async fn a_gap_is_told_when_it_opens_and_when_it_is_skipped() {
    let (kit, heard) = bench(GapPolicy::skip_after(Duration::from_secs(60)));
    let body = br#"{"specversion":"1.0","id":"1","source":"/shop","type":"trial.placed","subject":"o-1",
        "sequence":"00000000000000000009","previous":"00000000000000000005","data":{"order_id":"o-1","step":1}}"#;
    assert_eq!(kit.deliver_message(body).await.unwrap().gaps, 1);
    kit.after(Duration::from_secs(61)).await.unwrap();
    assert_eq!(kit.deliver_message(body).await.unwrap().applied, 1);
    assert_eq!(*heard.lock().unwrap(), ["opened up to 5", "skipped up to 5"]);
}
