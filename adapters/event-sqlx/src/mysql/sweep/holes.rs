//! Which numbers of the outbox a sweep has not seen yet: a function of what it saw.

use serde::{Deserialize, Serialize};

/// How many microseconds a hole is left alone before somebody looks whether a transaction is open in it: a number is drawn
/// some time before its row can be found locked.
const REST: i64 = 60_000_000;
/// The same where there are many.
const SHORT_REST: i64 = 5_000_000;
const MANY: usize = 500;

/// How many holes are kept.
const MOST: usize = 1_000;

/// Numbers below the end of the sweep that nobody has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(i64, i64, i64)", into = "(i64, i64, i64)")]
pub(super) struct Hole {
    pub(super) first: i64,
    pub(super) last: i64,
    /// When it was first seen to be one, in microseconds.
    since: i64,
}

impl From<(i64, i64, i64)> for Hole {
    fn from((first, last, since): (i64, i64, i64)) -> Self {
        Self { first, last, since }
    }
}

impl From<Hole> for (i64, i64, i64) {
    fn from(hole: Hole) -> Self {
        (hole.first, hole.last, hole.since)
    }
}

impl Hole {
    pub(super) fn width(&self) -> i64 {
        self.last - self.first + 1
    }
}

/// How far a sweep has come: all that is at or below `swept` was seen, but for what is in a hole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Progress {
    pub(super) swept: i64,
    pub(super) holes: Vec<Hole>,
}

impl Progress {
    /// Goes on to numbers behind the end of the sweep, in ascending order; what lies between them are holes. The server draws
    /// each number `step` after the last.
    pub(super) fn go_on(&mut self, numbers: impl IntoIterator<Item = i64>, step: i64, now: i64) {
        for number in numbers {
            if number > self.swept + step.max(1) {
                self.holes.push(Hole { first: self.swept + 1, last: number - 1, since: now });
            }
            self.swept = self.swept.max(number);
        }
    }

    /// Takes a number that was seen out of the holes.
    pub(super) fn close(&mut self, number: i64) {
        let Some(place) = self.holes.iter().position(|hole| (hole.first..=hole.last).contains(&number)) else { return };
        let hole = self.holes.remove(place);
        let parts = [Hole { last: number - 1, ..hole }, Hole { first: number + 1, ..hole }];
        for part in parts.into_iter().rev().filter(|part| part.first <= part.last) {
            self.holes.insert(place, part);
        }
    }

    /// The holes that have been there for long.
    pub(super) fn old(&self, now: i64) -> Vec<Hole> {
        let rest = if self.holes.len() > MANY { SHORT_REST } else { REST };
        self.holes.iter().filter(|hole| now.saturating_sub(hole.since) >= rest).copied().collect()
    }

    /// A hole in which nothing will come to light: its numbers were rolled back.
    pub(super) fn fill(&mut self, hole: Hole) {
        self.holes.retain(|other| *other != hole);
    }

    /// Gives up the oldest holes beyond what can be kept, and tells how many those are.
    pub(super) fn shed(&mut self) -> usize {
        let surplus = self.holes.len().saturating_sub(MOST);
        if surplus > 0 {
            self.holes.sort_by_key(|hole| (hole.since, hole.first));
            self.holes.drain(..surplus);
        }
        surplus
    }
}

#[cfg(test)]
mod tests {
    use super::{Hole, MOST, Progress, REST};

    fn started() -> Progress {
        Progress { swept: 0, holes: Vec::new() }
    }

    fn ranges(progress: &Progress) -> Vec<(i64, i64)> {
        progress.holes.iter().map(|hole| (hole.first, hole.last)).collect()
    }

    #[test]
    fn what_lies_between_is_a_hole_and_closes_from_anywhere() {
        let mut progress = started();
        progress.go_on([2, 3, 9], 1, 5);
        assert_eq!((progress.swept, ranges(&progress)), (9, vec![(1, 1), (4, 8)]));
        progress.close(6);
        assert_eq!(ranges(&progress), [(1, 1), (4, 5), (7, 8)]);
        for number in [1, 4, 5, 8, 7] {
            progress.close(number);
        }
        assert_eq!(ranges(&progress), []);
        progress.close(6);
        progress.go_on([], 1, 6);
        assert_eq!(progress, Progress { swept: 9, holes: Vec::new() });
    }

    /// Whatever the order in which numbers come to light, a sweep sees each exactly once.
    #[test]
    fn each_number_is_seen_once_in_any_order_of_commits() {
        let mut order: Vec<i64> = (1..=200).collect();
        let mut state = 7_u64;
        for place in (1..order.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            order.swap(place, usize::try_from(state >> 33).expect("it has 31 bits") % (place + 1));
        }
        let (mut progress, mut seen, mut committed) = (started(), Vec::new(), Vec::new());
        for chunk in order.chunks(7) {
            committed.extend_from_slice(chunk);
            committed.sort_unstable();
            let open: Vec<_> = committed
                .iter()
                .copied()
                .filter(|n| progress.holes.iter().any(|h| (h.first..=h.last).contains(n)))
                .collect();
            for number in &open {
                progress.close(*number);
            }
            seen.extend(open);
            let new: Vec<_> = committed.iter().copied().filter(|number| *number > progress.swept).collect();
            progress.go_on(new.iter().copied(), 1, 0);
            seen.extend(new);
        }
        seen.sort_unstable();
        assert_eq!(seen, (1..=200).collect::<Vec<_>>());
        assert!(progress.holes.is_empty());
    }

    #[test]
    fn numbers_that_the_server_passes_over_are_no_holes() {
        let mut progress = started();
        progress.go_on([2, 4, 6, 12], 2, 0);
        assert_eq!((progress.swept, ranges(&progress)), (12, vec![(7, 11)]));
    }

    #[test]
    fn a_hole_rests_for_a_while_and_is_then_filled() {
        let mut progress = started();
        progress.go_on([3], 1, 10);
        assert_eq!(progress.old(9 + REST), []);
        let old = progress.old(10 + REST);
        assert_eq!(old.len(), 1);
        let hole = *old.first().expect("there is one");
        assert_eq!((hole.first, hole.last, hole.width()), (1, 2, 2));
        progress.fill(hole);
        assert_eq!(ranges(&progress), []);
    }

    #[test]
    fn of_too_many_holes_the_oldest_go_and_many_rest_for_less() {
        let mut progress = started();
        for number in 1..=1_500 {
            progress.go_on([2 * number], 1, number);
        }
        assert_eq!(progress.old(super::SHORT_REST + 1).len(), 1);
        assert_eq!(progress.shed(), 500);
        assert_eq!(progress.holes.len(), MOST);
        assert_eq!(progress.holes.first().map(|hole| hole.first), Some(1_001));
    }

    #[test]
    fn holes_are_kept_as_arrays() {
        let holes = vec![Hole::from((1, 2, 3))];
        let text = serde_json::to_string(&holes).expect("it can be written");
        assert_eq!(text, "[[1,2,3]]");
        assert_eq!(serde_json::from_str::<Vec<Hole>>(&text).expect("it can be read"), holes);
    }
}
