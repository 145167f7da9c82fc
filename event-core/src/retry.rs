//! When a failed event is tried again.

use std::time::Duration;

use crate::clock::Timestamp;

/// How often and when a failed event is tried again, before it becomes a dead letter.
///
/// The default is five attempts, with at most 1 s, 5 s, 30 s and 5 min between them, each multiplied by a jitter.
///
/// ```
/// use event_core::{RetryPolicy, Timestamp};
///
/// let policy = RetryPolicy::default();
/// let now = Timestamp::from_unix_micros(0);
/// assert_eq!(policy.next_attempt(1, now, 1.0), Some(Timestamp::from_unix_micros(1_000_000)));
/// assert_eq!(policy.next_attempt(5, now, 1.0), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    delays: Vec<Duration>,
    max_attempts: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new(5, [1, 5, 30, 300].map(Duration::from_secs))
    }
}

impl RetryPolicy {
    /// A policy of at most `max_attempts` attempts; the last delay repeats where there are more attempts than delays.
    #[must_use]
    pub fn new(max_attempts: u32, delays: impl IntoIterator<Item = Duration>) -> Self {
        Self { delays: delays.into_iter().collect(), max_attempts }
    }

    /// A policy of at most `max_attempts` attempts, with `first` between the first two, twice as long before each next one, and
    /// never longer than `longest`. As in every policy a jitter shortens each delay: with [`FullJitter`](crate::FullJitter) any
    /// time up to it is as likely as another.
    ///
    /// ```
    /// use std::time::Duration;
    /// use event_core::{RetryPolicy, Timestamp};
    ///
    /// let policy = RetryPolicy::exponential(20, Duration::from_secs(1), Duration::from_secs(60));
    /// let seconds = |attempts| policy.next_attempt(attempts, Timestamp::from_unix_micros(0), 1.0).map(|at| at.unix_micros() / 1_000_000);
    /// assert_eq!([1, 2, 6, 7, 19, 20].map(seconds), [Some(1), Some(2), Some(32), Some(60), Some(60), None]);
    /// ```
    #[must_use]
    pub fn exponential(max_attempts: u32, first: Duration, longest: Duration) -> Self {
        // A delay of zero stays zero, however often it is doubled.
        let doubled = std::iter::successors(Some(first), |delay| delay.checked_mul(2)).take(64);
        let shorter = doubled.take_while(|delay| *delay < longest);
        Self::new(max_attempts, shorter.chain([longest]))
    }

    /// The policy of a handler that has delays or a number of attempts of its own. Delays without a number are each waited for once.
    #[cfg(feature = "runtime")]
    pub(crate) fn of_handler(&self, delays: Option<&[Duration]>, attempts: Option<u32>) -> Self {
        let policy = match delays {
            Some(delays) => {
                let retries = u32::try_from(delays.len()).unwrap_or(u32::MAX);
                Self::new(retries.saturating_add(1), delays.iter().copied())
            }
            None => self.clone(),
        };
        attempts.map_or(policy.clone(), |attempts| policy.with_max_attempts(attempts))
    }

    /// The same delays with another number of attempts.
    #[must_use]
    pub fn with_max_attempts(mut self, max_attempts: u32) -> Self {
        self.max_attempts = max_attempts;
        self
    }

    /// When to try again after `attempts` failed ones, or `None` once they are spent. `jitter` is within `0.0..=1.0`;
    /// what is no number counts as 1.
    #[must_use]
    pub fn next_attempt(&self, attempts: u32, now: Timestamp, jitter: f64) -> Option<Timestamp> {
        (attempts < self.max_attempts).then(|| now + spread(self.delay(attempts), jitter))
    }

    fn delay(&self, attempts: u32) -> Duration {
        let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
        self.delays.get(index).or(self.delays.last()).copied().unwrap_or_default()
    }
}

/// Never more than `delay`, whatever rounding does to it.
fn spread(delay: Duration, jitter: f64) -> Duration {
    Duration::try_from_secs_f64(delay.as_secs_f64() * jitter.clamp(0.0, 1.0)).map_or(delay, |spread| spread.min(delay))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_micros(0);

    #[test]
    fn the_default_schedule_is_1_5_30_and_300_seconds() {
        let policy = RetryPolicy::default();
        let seconds: Vec<_> =
            (1..=5).map(|n| policy.next_attempt(n, NOW, 1.0).map(|at| at.unix_micros() / 1_000_000)).collect();
        assert_eq!(seconds, [Some(1), Some(5), Some(30), Some(300), None]);
    }

    #[test]
    fn the_last_delay_repeats_and_jitter_shortens() {
        let policy = RetryPolicy::new(9, [Duration::from_secs(2)]);
        assert_eq!(policy.next_attempt(8, NOW, 0.5), Some(Timestamp::from_unix_micros(1_000_000)));
    }

    #[test]
    fn a_delay_is_doubled_up_to_the_longest_also_where_it_is_none() {
        let policy = RetryPolicy::exponential(100, Duration::ZERO, Duration::from_secs(1));
        assert_eq!(policy.next_attempt(63, NOW, 1.0), Some(NOW));
        let policy = RetryPolicy::exponential(100, Duration::MAX, Duration::from_secs(1));
        assert_eq!(policy.next_attempt(1, NOW, 1.0), Some(NOW + Duration::from_secs(1)));
    }

    #[cfg(feature = "runtime")]
    #[test]
    fn a_handler_has_delays_or_attempts_of_its_own_and_else_those_of_its_consumer() {
        let seconds = |policy: &RetryPolicy| -> Vec<_> {
            (1..=4).map(|n| policy.next_attempt(n, NOW, 1.0).map(|at| at.unix_micros() / 1_000_000)).collect()
        };
        let own = [2, 7].map(Duration::from_secs);
        let consumer = RetryPolicy::default();
        assert_eq!(seconds(&consumer.of_handler(Some(&own), None)), [Some(2), Some(7), None, None]);
        assert_eq!(seconds(&consumer.of_handler(Some(&own), Some(4))), [Some(2), Some(7), Some(7), None]);
        assert_eq!(seconds(&consumer.of_handler(None, Some(2))), [Some(1), None, None, None]);
        assert_eq!(consumer.of_handler(None, None), consumer);
    }

    #[test]
    fn no_delay_and_no_jitter_is_too_odd() {
        let policy = RetryPolicy::new(2, [Duration::MAX]);
        assert_eq!(policy.next_attempt(1, NOW, 1.0), Some(Timestamp::from_unix_micros(i64::MAX)));
        assert_eq!(RetryPolicy::default().next_attempt(1, NOW, f64::NAN), Some(NOW + Duration::from_secs(1)));
    }

    #[test]
    fn one_attempt_means_no_retry() {
        assert_eq!(RetryPolicy::default().with_max_attempts(1).next_attempt(1, NOW, 1.0), None);
    }
}
