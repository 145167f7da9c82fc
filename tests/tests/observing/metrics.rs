//! Metrics, and the table of the guide that promises them.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use event_core::runtime::{Happening, Kind, METRICS, Metric};
use event_core::testing::MemoryStore;
use event_core::{Consumer, Relay, in_process};
use event_tests::events::Placed;
use event_tests::recorder::Recorder;
use event_tests::script::{Act, Script};
use event_tests::setup::noon;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::meter::Meter;

const GUIDE: &str = "../docs/guides/observing.md";

/// The row of a metric in the guide.
fn row(metric: &Metric) -> String {
    let labels: Vec<_> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
    let unit = if metric.unit.is_empty() { "–" } else { metric.unit };
    format!("| `{}` | {} | {unit} | {} | {} |", metric.name, metric.kind.as_str(), labels.join(", "), metric.help)
}

#[test]
fn the_guide_has_the_metrics_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(GUIDE);
    let guide = std::fs::read_to_string(path).unwrap();
    let written: Vec<&str> = guide.lines().filter(|line| line.starts_with("| `event_")).collect();
    let expected: Vec<String> = METRICS.iter().map(row).collect();
    assert_eq!(written, expected, "the table of {GUIDE} should be:\n{}", expected.join("\n"));
}

/// Runs a relay and a consumer until `enough` of what happens was told.
async fn run(meter: &Meter, script: Script, events: &[Placed], enough: impl Fn(&[Happening]) -> bool) {
    let _recorder = metrics::set_default_local_recorder(meter);
    let store = MemoryStore::new(noon());
    let mut transaction = store.transaction().await.unwrap();
    events.iter().for_each(|event| drop(transaction.enqueue(event).unwrap()));
    transaction.commit().await.unwrap();
    let (transport, subscription) = in_process();
    let stop = CancellationToken::new();
    let (tell, mut heard) = mpsc::unbounded_channel();
    let hooks = move |_: &str, happening: &Happening| drop(tell.send(happening.clone()));
    let consumer =
        Consumer::new(store.clone(), script).hooks(hooks).watch(Duration::ZERO).poll(Duration::from_millis(1));
    let watching = async {
        let mut happenings = Vec::new();
        while !enough(&happenings) {
            happenings.push(heard.recv().await.unwrap());
        }
        stop.cancel();
    };
    let relay = Relay::new(store, transport);
    let (relayed, consumed, ()) =
        tokio::join!(relay.run(stop.clone()), consumer.run(subscription, stop.clone()), watching);
    relayed.unwrap();
    consumed.unwrap();
}

fn is_alarmed(happenings: &[Happening]) -> bool {
    happenings.iter().any(|happening| matches!(happening, Happening::Health { .. }))
}

#[tokio::test]
async fn each_metric_that_is_written_is_described_and_has_its_labels() {
    let meter = Meter::default();
    let script = Script::default().on("o-1", 1, [Act::FailForGood]);
    let events = [Placed::new("o-1", 1), Placed::new("o-1", 2), Placed::new("o-2", 1)];
    let enough = |happenings: &[Happening]| {
        let applied = happenings.iter().any(|happening| matches!(happening, Happening::Applied { .. }));
        applied && is_alarmed(happenings)
    };
    run(&meter, script, &events, enough).await;
    let described: BTreeSet<String> = meter.described().into_keys().collect();
    assert_eq!(described, METRICS.iter().map(|metric| metric.name.to_owned()).collect());
    for name in meter.values().keys() {
        let (name, labels) = name.trim_end_matches('}').split_once('{').unwrap();
        let metric = METRICS.iter().find(|metric| metric.name == name).unwrap();
        let labels: Vec<_> = labels.split(',').map(|label| label.split_once('=').unwrap().0).collect();
        assert_eq!(labels, metric.labels, "{name}");
    }
}

#[tokio::test]
async fn the_levels_say_what_was_not_applied() {
    let meter = Meter::default();
    let script = Script::default().on("o-1", 1, [Act::FailForGood]);
    // Of one slot, so that they come in one batch.
    run(&meter, script, &[Placed::new("o-1", 1), Placed::new("o-1", 2)], is_alarmed).await;
    let is_level = |name: &str| {
        METRICS
            .iter()
            .any(|metric| metric.kind == Kind::Gauge && name.starts_with(&format!("{}{{consumer=", metric.name)))
    };
    let levels = meter.values().into_iter().filter(|(name, _)| is_level(name));
    let lines: String = levels.map(|(name, value)| format!("{name} {value}\n")).collect();
    insta::assert_snapshot!(lines);
}

/// The events of the store's clock are of March 2026, so they have waited for long by the clock of the machine.
#[tokio::test(flavor = "current_thread")]
async fn the_lag_of_a_relay_grows_while_nothing_gets_through_and_goes_when_it_does() {
    let meter = Meter::default();
    let _guard = metrics::set_default_local_recorder(&meter);
    let store = MemoryStore::new(noon());
    let mut transaction = store.transaction().await.unwrap();
    transaction.enqueue(&Placed::new("o-1", 1)).unwrap();
    transaction.commit().await.unwrap();
    let recorder = Recorder::default();
    recorder.set_down(true);
    let (relay, stop) = (Relay::new(store, recorder.clone()), CancellationToken::new());
    let lag = || meter.values().iter().find(|(name, _)| name.contains("relay_lag")).map(|(_, value)| *value);
    let watching = async {
        while lag().is_none_or(|lag| lag < 1.0) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        recorder.set_down(false);
        while lag() != Some(0.0) || recorder.bodies().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stop.cancel();
    };
    let watching = tokio::time::timeout(Duration::from_secs(60), watching);
    let (relayed, watched) = tokio::join!(relay.run(stop.clone()), watching);
    relayed.unwrap();
    watched.expect("the lag is told in time");
}
