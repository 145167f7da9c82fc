//! The metrics of a relay.

use std::time::Duration;

use super::metric::Metric;
use crate::relay::Sink;

const SINK: &[&str] = &["sink"];

pub(in crate::runtime) const RELAY_PUBLISHED: Metric =
    Metric::counter("event_relay_published_total", "events", SINK).tells("events that a relay has sent");
pub(in crate::runtime) const RELAY_PARKED: Metric =
    Metric::counter("event_relay_parked_total", "events", SINK).tells("events that the transport refused for good");
pub(in crate::runtime) const RELAY_LEASES_LOST: Metric =
    Metric::counter("event_relay_leases_lost_total", "slots", SINK)
        .tells("slots that another relay took while this one counted them as its own");
pub(in crate::runtime) const RELAY_SLOTS: Metric = Metric::gauge("event_relay_slots", "slots", SINK)
    .tells("slots that this relay holds; 64 over all relays of a sink");
pub(in crate::runtime) const RELAY_LAG: Metric = Metric::gauge("event_relay_lag_seconds", "seconds", SINK)
    .tells("for how long the oldest event waits that this relay has read and not sent, by its `time`; 0 without any");
pub(in crate::runtime) const RELAY_BREAKER: Metric = Metric::gauge("event_relay_breaker", "", SINK)
    .tells("whether the destination is left alone: 0 no, 1 it is tried with one event, 2 yes");

/// Adds to a counter of a relay.
pub(in crate::runtime) fn relay_count(metric: Metric, sink: &Sink, count: usize) {
    if count > 0 {
        metrics::counter!(metric.name, "sink" => sink.as_str().to_owned())
            .increment(count.try_into().unwrap_or(u64::MAX));
    }
}

/// Sets a length of time of a relay.
pub(in crate::runtime) fn relay_seconds(metric: Metric, sink: &Sink, length: Duration) {
    metrics::gauge!(metric.name, "sink" => sink.as_str().to_owned()).set(length.as_secs_f64());
}

/// Sets a level of a relay.
pub(in crate::runtime) fn relay_level(metric: Metric, sink: &Sink, level: usize) {
    let level = f64::from(u32::try_from(level).unwrap_or(u32::MAX));
    metrics::gauge!(metric.name, "sink" => sink.as_str().to_owned()).set(level);
}
