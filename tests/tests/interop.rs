//! Our envelopes are CloudEvents to others, and theirs are to us. The oracle is `cloudevents-sdk`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use cloudevents::event::{Data, ExtensionValue};
use cloudevents::{AttributesReader, Event, EventBuilder, EventBuilderV10};
use event_core::{Envelope, Relay, Sequence};
use event_tests::events::Placed;
use event_tests::recorder::Recorder;
use event_tests::setup::{Memory, Setup, noon};
use serde_json::json;

/// An envelope as a relay sends it.
async fn ours() -> Envelope {
    let setup = Memory::fresh(noon()).await;
    setup.commit(&[Placed::new("ö/1", 1)]).await;
    let recorder = Recorder::default();
    Relay::new(setup.store(), recorder.clone()).step().await.unwrap();
    recorder.sent().first().unwrap().clone()
}

#[tokio::test]
async fn the_sdk_reads_what_we_write() {
    let envelope = ours().await;
    let event: Event = serde_json::from_slice(&envelope.to_json()).unwrap();
    assert_eq!(event.id(), envelope.id.as_str());
    assert_eq!(event.ty(), "trial.placed");
    assert_eq!(event.source(), "/memory?epoch=1");
    assert_eq!(event.subject(), Some("ö/1"));
    assert_eq!(event.datacontenttype(), Some("application/json"));
    assert_eq!(event.dataschema().unwrap().as_str(), "urn:event:trial.placed:2");
    assert_eq!(event.time().unwrap().to_rfc3339(), "2026-03-01T12:00:00+00:00");
    let text = |name| match event.extension(name) {
        Some(ExtensionValue::String(text)) => text.clone(),
        other => panic!("{name} is {other:?}"),
    };
    assert_eq!(text("sequence"), "00000000000000000001");
    assert_eq!(text("previous"), "00000000000000000000");
    assert_eq!(text("partitionkey"), "trial/ö/1");
    assert_eq!(event.extension("eventversion"), Some(&ExtensionValue::Integer(2)));
    assert_eq!(event.extension("readablesince"), Some(&ExtensionValue::Integer(2)));
    let Some(Data::Json(data)) = event.data() else { panic!("the data is JSON") };
    assert_eq!(data, &json!({"order_id": "ö/1", "step": 1, "note": null}));
}

#[test]
fn we_read_what_the_sdk_writes() {
    let event = EventBuilderV10::new()
        .id("not a uuid")
        .source("https://example.com/shop")
        .ty("trial.placed")
        .subject("o-1")
        .extension("colour", "red")
        .extension("eventversion", 2)
        .extension("sequence", "00000000000000000009")
        .data("application/json", json!({"order_id": "o-1", "step": 3}))
        .build()
        .unwrap();
    let envelope = Envelope::from_json(&serde_json::to_vec(&event).unwrap()).unwrap();
    assert_eq!((envelope.id.as_str(), envelope.event_version), ("not a uuid", 2));
    assert_eq!(envelope.sequence, Some(Sequence::new(9)));
    assert_eq!(envelope.extensions.get("colour").map(|raw| raw.get()), Some("\"red\""));
    let placed: Placed = event_core::read("trial.placed", 2, envelope.data.as_ref().unwrap()).unwrap();
    assert_eq!((placed.order_id.as_str(), placed.step), ("o-1", 3));
}

#[tokio::test]
async fn an_event_survives_the_way_through_the_sdk_and_back() {
    let envelope = ours().await;
    let event: Event = serde_json::from_slice(&envelope.to_json()).unwrap();
    let back = Envelope::from_json(&serde_json::to_vec(&event).unwrap()).unwrap();
    let value = |envelope: &Envelope| serde_json::from_slice::<serde_json::Value>(&envelope.to_json()).unwrap();
    assert_eq!(value(&back), value(&envelope), "only the order of keys in `data` may differ: the SDK parses it");
}
