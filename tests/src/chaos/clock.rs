//! The clocks of the workers: some are minutes off, and some jump.

use std::sync::atomic::{AtomicBool, Ordering};

use event_core::{Clock, SystemClock, Timestamp};

use super::random::Random;

/// A clock that is off by one of these, each for a while.
#[derive(Debug, Clone)]
pub struct Wrong {
    /// In microseconds.
    offsets: Vec<i64>,
    /// How long it is off by one of them, in microseconds.
    pace: i64,
}

const SECOND: i64 = 1_000_000;

/// How far a clock may be off, in seconds.
const MOST: i64 = 300;

/// How far ahead every clock is when nothing goes wrong any more: beyond all that was due by any clock.
const AHEAD: i64 = 2 * MOST * SECOND;

static CALM: AtomicBool = AtomicBool::new(false);

/// From now on the clocks of this process are ahead of all others: what is due by any clock is due.
pub fn calm() {
    CALM.store(true, Ordering::Relaxed);
}

impl Wrong {
    /// A clock by chance: most are right, and the others are behind for good, or jump. What is due by one that is ahead must wait for
    /// another one that is: so these jump there again and again.
    pub fn any(random: &mut Random) -> Self {
        let mut off = || i64::try_from(random.below(2 * MOST.unsigned_abs())).unwrap() - MOST;
        let all: Vec<i64> = (0..4).map(|_| off() * SECOND).collect();
        let pace = SECOND + i64::try_from(random.below(4)).unwrap() * SECOND;
        let offsets = match random.below(6) {
            0..4 => vec![0],
            4 => all.into_iter().take(1).map(|offset| -offset.abs()).collect(),
            _ => all.into_iter().flat_map(|offset| [offset, MOST * SECOND]).collect(),
        };
        Self { offsets, pace }
    }

    fn at(&self, now: i64) -> i64 {
        let turn = usize::try_from(now / self.pace).unwrap_or_default();
        now + self.offsets[turn % self.offsets.len()]
    }
}

impl Clock for Wrong {
    fn now(&self) -> Timestamp {
        let now = SystemClock.now().unix_micros();
        let is_calm = CALM.load(Ordering::Relaxed);
        Timestamp::from_unix_micros(if is_calm { now + AHEAD } else { self.at(now) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_clocks_are_right_some_are_off_and_some_jump() {
        let mut random = Random::of(1, "clock");
        let clocks: Vec<Wrong> = (0..100).map(|_| Wrong::any(&mut random)).collect();
        assert!(clocks.iter().any(|clock| clock.at(7) == 7));
        assert!(clocks.iter().any(|clock| clock.offsets.len() == 1 && (clock.at(7) - 7).abs() > 60 * SECOND));
        assert!(clocks.iter().any(|clock| clock.at(7) != clock.at(7 + clock.pace) - clock.pace));
        assert!(clocks.iter().all(|clock| (clock.at(7) - 7).abs() <= MOST * SECOND));
    }
}
