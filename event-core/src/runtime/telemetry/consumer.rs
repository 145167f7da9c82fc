//! The metrics of a consumer.

use std::time::Duration;

use super::metric::Metric;
use crate::backlog::{Class, Place};
use crate::clock::Timestamp;
use crate::handler::HandlerResult;
use crate::health::{Census, Level};

const CONSUMER: &[&str] = &["consumer"];

pub(super) const CONSUMER_EVENTS: Metric =
    Metric::counter("event_consumer_events_total", "events", &["consumer", "outcome"])
        .tells("events by what became of them; letters count each time that they are tried");
pub(super) const CONSUMER_HANDLER_DURATION: Metric =
    Metric::histogram("event_consumer_handler_duration_seconds", "seconds", &["consumer", "handler", "outcome"])
        .tells("how long a handler took for one event, also where its batch was rolled back later");
pub(super) const CONSUMER_EVENT_AGE: Metric =
    Metric::histogram("event_consumer_event_age_seconds", "seconds", CONSUMER)
        .tells("from an event's `time` until what its handler wrote was committed");
pub(super) const CONSUMER_BATCH: Metric = Metric::histogram("event_consumer_batch_events", "events", CONSUMER)
    .tells("how many events one transaction was about");
pub(super) const CONSUMER_LETTERS: Metric = Metric::gauge("event_consumer_letters", "events", &["consumer", "place"])
    .tells("events that are taken and not applied, by where they are");
pub(super) const CONSUMER_DEAD_LETTERS: Metric =
    Metric::gauge("event_consumer_dead_letters", "events", &["consumer", "class"])
        .tells("dead letters, by the kind of failure");
pub(super) const CONSUMER_DEAD_LETTER_AGE: Metric =
    Metric::gauge("event_consumer_dead_letter_age_seconds", "seconds", CONSUMER)
        .tells("for how long the oldest dead letter has been one; 0 without any");
pub(super) const CONSUMER_RETRIES_DUE: Metric = Metric::gauge("event_consumer_retries_due", "events", CONSUMER)
    .tells("retries whose time has come; more than a few for long mean that the consumer doesn't keep up");
pub(super) const CONSUMER_HELD_KEYS: Metric = Metric::gauge("event_consumer_held_keys", "keys", CONSUMER)
    .tells("keys of which events are held behind an earlier one");
pub(super) const CONSUMER_GAPS: Metric =
    Metric::gauge("event_consumer_gaps", "streams", CONSUMER).tells("streams on which events are missing");
pub(super) const CONSUMER_GAP_AGE: Metric = Metric::gauge("event_consumer_gap_age_seconds", "seconds", CONSUMER)
    .tells("for how long the oldest gap has been open; 0 without any");
pub(in crate::runtime) const CONSUMER_EPOCHS: Metric =
    Metric::counter("event_consumer_epochs_total", "epochs", CONSUMER)
        .tells("new epochs of a source that was known: its producer's database was restored or failed over");
pub(in crate::runtime) const CONSUMER_LEASES_LOST: Metric =
    Metric::counter("event_consumer_leases_lost_total", "batches", CONSUMER)
        .tells("batches that were rolled back because the transport gave their messages to another");
pub(super) const CONSUMER_HEALTH: Metric =
    Metric::gauge("event_consumer_health", "", CONSUMER).tells("the health report: 0 ok, 1 warn, 2 critical");

/// Adds to the counter of events.
pub(in crate::runtime) fn consumer_count(consumer: &'static str, outcome: &'static str, count: usize) {
    if count > 0 {
        let count = count.try_into().unwrap_or(u64::MAX);
        metrics::counter!(CONSUMER_EVENTS.name, "consumer" => consumer, "outcome" => outcome).increment(count);
    }
}

/// Adds to another counter of a consumer.
pub(in crate::runtime) fn consumer_add(metric: Metric, consumer: &'static str, count: u64) {
    metrics::counter!(metric.name, "consumer" => consumer).increment(count);
}

/// One attempt of a handler is over.
pub(in crate::runtime) fn consumer_handled(
    consumer: &'static str,
    handler: &'static str,
    result: &HandlerResult,
    took: Duration,
) {
    let outcome = super::outcome_of(result);
    let name = CONSUMER_HANDLER_DURATION.name;
    metrics::histogram!(name, "consumer" => consumer, "handler" => handler, "outcome" => outcome).record(took);
}

/// What happened at `time` was applied at `now`.
pub(in crate::runtime) fn consumer_applied(consumer: &'static str, time: Timestamp, now: Timestamp) {
    metrics::histogram!(CONSUMER_EVENT_AGE.name, "consumer" => consumer).record(now.since(time));
}

/// A transaction about so many events was committed.
pub(in crate::runtime) fn consumer_batch(consumer: &'static str, events: usize) {
    metrics::histogram!(CONSUMER_BATCH.name, "consumer" => consumer).record(number(events));
}

/// Sets the levels that a census tells. What there is none of is 0, not left as it was.
pub(in crate::runtime) fn census(consumer: &'static str, census: &Census, now: Timestamp) {
    let set = |metric: Metric, level: f64| metrics::gauge!(metric.name, "consumer" => consumer).set(level);
    for place in Place::ALL {
        let letters = number(census.letters(place));
        metrics::gauge!(CONSUMER_LETTERS.name, "consumer" => consumer, "place" => place.as_str()).set(letters);
    }
    for class in Class::ALL.map(Some).into_iter().chain([None]) {
        let (word, letters) = (class.map_or("unknown", Class::as_str), number(census.dead_letters(class)));
        metrics::gauge!(CONSUMER_DEAD_LETTERS.name, "consumer" => consumer, "class" => word).set(letters);
    }
    let age = |since: Option<Timestamp>| since.map_or(0.0, |since| now.since(since).as_secs_f64());
    set(CONSUMER_DEAD_LETTER_AGE, age(census.oldest_dead_letter));
    set(CONSUMER_RETRIES_DUE, number(census.retries_due));
    set(CONSUMER_HELD_KEYS, number(census.held_keys));
    set(CONSUMER_GAPS, number(census.gaps));
    set(CONSUMER_GAP_AGE, age(census.oldest_gap));
}

/// Sets the health.
pub(in crate::runtime) fn consumer_health(consumer: &'static str, level: Level) {
    let level = match level {
        Level::Ok => 0.0,
        Level::Warn => 1.0,
        Level::Critical => 2.0,
    };
    metrics::gauge!(CONSUMER_HEALTH.name, "consumer" => consumer).set(level);
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
