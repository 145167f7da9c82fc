//! What a metric is called, what it counts, and in which unit.

use metrics::Unit;

use super::{consumer, relay};

/// How a metric moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It is a level.
    Gauge,
    /// It is a distribution.
    Histogram,
}

impl Kind {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// A metric that relays or consumers write through the facade of the crate `metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metric {
    /// The name.
    pub name: &'static str,
    /// How it moves.
    pub kind: Kind,
    /// What is counted: `events`, `seconds`, or no unit.
    pub unit: &'static str,
    /// Its labels.
    pub labels: &'static [&'static str],
    /// What it tells.
    pub help: &'static str,
}

impl Metric {
    pub(super) const fn counter(name: &'static str, unit: &'static str, labels: &'static [&'static str]) -> Self {
        Self { name, kind: Kind::Counter, unit, labels, help: "" }
    }

    pub(super) const fn gauge(name: &'static str, unit: &'static str, labels: &'static [&'static str]) -> Self {
        Self { name, kind: Kind::Gauge, unit, labels, help: "" }
    }

    pub(super) const fn histogram(name: &'static str, unit: &'static str, labels: &'static [&'static str]) -> Self {
        Self { name, kind: Kind::Histogram, unit, labels, help: "" }
    }

    pub(super) const fn tells(self, help: &'static str) -> Self {
        Self { help, ..self }
    }

    fn unit(&self) -> Unit {
        if self.unit == "seconds" { Unit::Seconds } else { Unit::Count }
    }
}

/// Every metric of this crate, for dashboards and documentation.
pub const METRICS: &[Metric] = &[
    consumer::CONSUMER_EVENTS,
    consumer::CONSUMER_HANDLER_DURATION,
    consumer::CONSUMER_EVENT_AGE,
    consumer::CONSUMER_BATCH,
    consumer::CONSUMER_LETTERS,
    consumer::CONSUMER_DEAD_LETTERS,
    consumer::CONSUMER_DEAD_LETTER_AGE,
    consumer::CONSUMER_RETRIES_DUE,
    consumer::CONSUMER_HELD_KEYS,
    consumer::CONSUMER_GAPS,
    consumer::CONSUMER_GAP_AGE,
    consumer::CONSUMER_EPOCHS,
    consumer::CONSUMER_LEASES_LOST,
    consumer::CONSUMER_HEALTH,
    relay::RELAY_PUBLISHED,
    relay::RELAY_PARKED,
    relay::RELAY_SLOTS,
    relay::RELAY_LEASES_LOST,
    relay::RELAY_LAG,
    relay::RELAY_BREAKER,
];

/// Tells the recorder what the metrics mean; again if it was told, for it may be another one by now.
pub(in crate::runtime) fn describe() {
    metrics::with_recorder(|recorder| {
        for metric in METRICS {
            let (name, unit, help) = (metric.name.into(), Some(metric.unit()), metric.help.into());
            match metric.kind {
                Kind::Counter => recorder.describe_counter(name, unit, help),
                Kind::Gauge => recorder.describe_gauge(name, unit, help),
                Kind::Histogram => recorder.describe_histogram(name, unit, help),
            }
        }
    });
}
