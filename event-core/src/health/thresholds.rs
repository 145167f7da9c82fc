//! From when on a state is worth a warning, and from when on somebody gets up at night.

use std::time::Duration;

/// From what on a number is a warning, and from what on it is critical. Equal counts as over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limit<T> {
    /// A warning.
    pub warn: T,
    /// Critical.
    pub critical: T,
}

impl<T> Limit<T> {
    /// A limit.
    pub const fn new(warn: T, critical: T) -> Self {
        Self { warn, critical }
    }
}

/// What the health report of a consumer is judged by.
///
/// ```
/// use std::time::Duration;
/// use event_core::{Limit, Thresholds};
///
/// let mut thresholds = Thresholds::default();
/// thresholds.dead_letters = Limit::new(10, 1000);
/// thresholds.gap_age = Limit::new(Duration::from_secs(5), Duration::from_secs(60));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Thresholds {
    /// How many dead letters there are; 1 and 100 unless set.
    pub dead_letters: Limit<usize>,
    /// For how long the oldest of them has been one; an hour and a day unless set.
    pub dead_letter_age: Limit<Duration>,
    /// For how long events have been missing on a stream; 1 and 15 minutes unless set.
    pub gap_age: Limit<Duration>,
    /// For how long an event has awaited the deploy of its version; an hour and a day unless set.
    pub awaiting_deploy_age: Limit<Duration>,
    /// For how long the first retry has been due; 1 and 10 minutes unless set.
    pub retry_delay: Limit<Duration>,
    /// How many events wait for an earlier one of their key; 1,000 and 50,000 unless set.
    pub held: Limit<usize>,
}

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            dead_letters: Limit::new(1, 100),
            dead_letter_age: Limit::new(HOUR, DAY),
            gap_age: Limit::new(MINUTE, Duration::from_secs(15 * 60)),
            awaiting_deploy_age: Limit::new(HOUR, DAY),
            retry_delay: Limit::new(MINUTE, Duration::from_secs(10 * 60)),
            held: Limit::new(1_000, 50_000),
        }
    }
}
