//! The names of metrics and log fields, in one place.

/// Events that a relay has sent; label `sink`.
pub(super) const RELAY_PUBLISHED: &str = "event_relay_published_total";
/// Events that a transport refused for good; label `sink`.
pub(super) const RELAY_PARKED: &str = "event_relay_parked_total";
/// Slots that another owner took while this one counted them as its own; label `sink`.
pub(super) const RELAY_LEASES_LOST: &str = "event_relay_leases_lost_total";
/// How many slots a relay holds; label `sink`.
pub(super) const RELAY_SLOTS: &str = "event_relay_slots";
/// Whether a destination is left alone: 0 no, 1 it is tried with one event, 2 yes; label `sink`.
pub(super) const RELAY_BREAKER: &str = "event_relay_breaker";
/// Events by what became of them; labels `consumer`, `outcome`.
pub(super) const CONSUMER_EVENTS: &str = "event_consumer_events_total";

/// New epochs of a source that a consumer knew: its producer's database was restored or failed over; label `consumer`.
pub(super) const CONSUMER_EPOCHS: &str = "event_consumer_epochs_total";
/// Batches that were rolled back because the transport gave their messages to another; label `consumer`.
pub(super) const CONSUMER_LEASES_LOST: &str = "event_consumer_leases_lost_total";

/// Adds to a counter of a relay.
pub(super) fn relay_count(name: &'static str, sink: &crate::Sink, count: usize) {
    if count > 0 {
        metrics::counter!(name, "sink" => sink.as_str().to_owned()).increment(count.try_into().unwrap_or(u64::MAX));
    }
}

/// Sets a level of a relay.
pub(super) fn relay_level(name: &'static str, sink: &crate::Sink, level: usize) {
    metrics::gauge!(name, "sink" => sink.as_str().to_owned()).set(f64::from(u32::try_from(level).unwrap_or(u32::MAX)));
}

/// Adds to a counter of a consumer.
pub(super) fn consumer_count(consumer: &'static str, outcome: &'static str, count: usize) {
    if count > 0 {
        let count = count.try_into().unwrap_or(u64::MAX);
        metrics::counter!(CONSUMER_EVENTS, "consumer" => consumer, "outcome" => outcome).increment(count);
    }
}

/// Adds to another counter of a consumer.
pub(super) fn consumer_add(name: &'static str, consumer: &'static str, count: u64) {
    metrics::counter!(name, "consumer" => consumer).increment(count);
}
