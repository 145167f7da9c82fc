//! The names of metrics, spans and their fields, in one place.

mod consumer;
mod metric;
mod relay;
mod span;

pub(super) use consumer::{
    CONSUMER_EPOCHS, CONSUMER_LEASES_LOST, census, consumer_add, consumer_applied, consumer_batch, consumer_count,
    consumer_handled, consumer_health,
};
pub(super) use metric::describe;
pub use metric::{Kind, METRICS, Metric};
pub(super) use relay::{
    RELAY_BREAKER, RELAY_LAG, RELAY_LEASES_LOST, RELAY_PARKED, RELAY_PUBLISHED, RELAY_SLOTS, relay_count, relay_level,
    relay_seconds,
};
use span::outcome_of;
pub(super) use span::{Link, ended, process, publish};
