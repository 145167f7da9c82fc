//! What can be seen of relays and consumers: metrics, spans, health.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "observing/health.rs"]
mod health;
#[path = "observing/hooks.rs"]
mod hooks;
#[path = "observing/meter.rs"]
mod meter;
#[path = "observing/metrics.rs"]
mod metrics;
#[path = "observing/spans.rs"]
mod spans;
