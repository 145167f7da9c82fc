//! How many events a second a consumer takes at most.

use std::time::Duration;

/// A bucket that fills evenly and holds what a second brings.
#[derive(Debug, Clone)]
pub(super) struct Rate {
    per_second: f64,
    left: f64,
    at: Duration,
}

impl Rate {
    /// At most so many events in a second, on average.
    pub(super) fn new(per_second: u32) -> Self {
        let per_second = f64::from(per_second.max(1));
        Self { per_second, left: per_second, at: Duration::ZERO }
    }

    /// How many events may be taken at `now`, at most `wanted`; if none, how long to wait for one.
    pub(super) fn allowed(&mut self, wanted: usize, now: Duration) -> Result<usize, Duration> {
        let passed = now.saturating_sub(self.at).as_secs_f64();
        self.left = (self.left + passed * self.per_second).min(self.per_second);
        self.at = now;
        if self.left < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - self.left) / self.per_second));
        }
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is at most what a u32 holds, and not negative"
        )]
        let whole = self.left as usize;
        Ok(wanted.min(whole))
    }

    /// So many were taken.
    pub(super) fn took(&mut self, events: usize) {
        self.left -= f64::from(u32::try_from(events).unwrap_or(u32::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_second_takes_more_than_the_rate_after_the_first() {
        let mut rate = Rate::new(10);
        let at = Duration::from_millis;
        assert_eq!(rate.allowed(100, at(0)), Ok(10));
        rate.took(10);
        assert_eq!(rate.allowed(100, at(0)), Err(at(100)));
        assert_eq!(rate.allowed(100, at(250)), Ok(2));
        rate.took(2);
        assert_eq!(rate.allowed(1, at(60_000)), Ok(1));
        assert_eq!(rate.allowed(100, at(120_000)), Ok(10), "what was not used is not saved up");
    }
}
