//! When a relay reads next: at once after a commit, together with its neighbours when commits come in a crowd, and now
//! and then when nothing wakes it.

use std::time::Duration;

/// How long a relay waits at least, and at most, when there was nothing to do.
const IDLE: (Duration, Duration) = (Duration::from_millis(5), Duration::from_secs(1));

/// How long a relay that is woken in a crowd waits for more, at least and at most.
const GATHER: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(10));

/// A crowd: one read found this many events, and at least one for each two milliseconds since the read before.
const CROWD: (usize, u128) = (4, 2);

/// The pace of one relay. Times are those since it began.
///
/// A read per commit would cost busy writers dearly, for the relay's statements compete with theirs. A single commit must
/// not wait, for nothing comes that it could wait for. Only what the last read found tells the two apart. Ten milliseconds
/// are enough: with eight writers at full speed, further ones save next to nothing, for the events themselves cost more.
#[derive(Debug)]
pub(crate) struct Pace {
    idle: Duration,
    gather: Duration,
    last_read: Duration,
    next_read: Duration,
}

impl Pace {
    pub(crate) fn new() -> Self {
        Self { idle: IDLE.0, gather: Duration::ZERO, last_read: Duration::ZERO, next_read: Duration::ZERO }
    }

    /// When to read next.
    pub(crate) fn next_read(&self) -> Duration {
        self.next_read
    }

    /// Somebody has committed at `now`.
    pub(crate) fn woken(&mut self, now: Duration) {
        self.idle = IDLE.0;
        self.next_read = self.next_read.min(now + self.gather);
    }

    /// There is more to read, at once.
    pub(crate) fn hurry(&mut self, now: Duration) {
        self.next_read = self.next_read.min(now);
    }

    /// A read at `now` found so many events; none also where there was no slot to read.
    pub(crate) fn found(&mut self, events: usize, now: Duration) {
        let elapsed = now.saturating_sub(self.last_read).as_millis();
        let crowd = events >= CROWD.0 && events as u128 * CROWD.1 >= elapsed;
        self.gather = if crowd { (self.gather * 2).clamp(GATHER.0, GATHER.1) } else { self.gather / 2 };
        if self.gather < GATHER.0 {
            self.gather = Duration::ZERO;
        }
        self.last_read = now;
        self.next_read = now + if events > 0 { IDLE.0.max(self.gather) } else { self.idle };
        self.idle = if events > 0 { IDLE.0 } else { (self.idle * 2).min(IDLE.1) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// Reads at these times found these many events; when a commit right behind the last one is read.
    fn after(reads: &[(u64, usize)]) -> (Pace, Duration) {
        let mut pace = Pace::new();
        reads.iter().for_each(|(at, events)| pace.found(*events, ms(*at)));
        let last = ms(reads.last().map_or(0, |(at, _)| *at));
        pace.woken(last);
        let delay = pace.next_read().saturating_sub(last);
        (pace, delay)
    }

    #[test]
    fn a_commit_after_quiet_is_read_at_once() {
        assert_eq!(after(&[(1, 0), (6, 0), (500, 0)]).1, Duration::ZERO);
    }

    #[test]
    fn commits_one_by_one_are_read_one_by_one_however_fast_they_come() {
        let reads: Vec<_> = (1..200).map(|at| (at, 1)).collect();
        assert_eq!(after(&reads).1, Duration::ZERO);
    }

    #[test]
    fn commits_in_a_crowd_are_gathered_ever_longer_but_not_for_long() {
        assert_eq!(after(&[(2, 8)]).1, ms(1));
        assert_eq!(after(&[(2, 8), (5, 8)]).1, ms(2));
        let (pace, delay) = after(&[(2, 8), (5, 8), (9, 8), (15, 20), (25, 20), (35, 20)]);
        assert_eq!((pace.gather, delay), (ms(10), ms(10)));
    }

    #[test]
    fn a_crowd_that_has_gone_is_waited_for_no_longer() {
        let crowd = [(2, 8), (5, 8), (9, 8)];
        let calm = |reads: &[(u64, usize)]| after(&[&crowd[..], reads].concat()).1;
        assert_eq!(calm(&[(30, 5)]), ms(2), "five in twenty milliseconds are no crowd");
        assert_eq!(calm(&[(30, 5), (40, 1), (41, 1)]), Duration::ZERO);
    }

    #[test]
    fn polls_become_rare_when_nothing_comes_and_dense_once_something_does() {
        let mut pace = Pace::new();
        let mut waits = Vec::new();
        for _ in 0..10 {
            let now = pace.next_read();
            pace.found(0, now);
            waits.push(pace.next_read() - now);
        }
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 1000, 1000].map(ms));
        let now = pace.next_read();
        pace.found(1, now);
        assert_eq!(pace.next_read() - now, ms(5));
    }

    #[test]
    fn what_is_left_is_read_at_once() {
        let (mut pace, _) = after(&[(2, 8), (5, 8)]);
        pace.found(50, ms(7));
        pace.hurry(ms(8));
        assert_eq!(pace.next_read(), ms(8));
    }
}
