//! Which messages may be worked on at once: those of different slots. Within a slot order is kept.

use std::collections::VecDeque;

use super::batch::Reading;

/// A message that waits, as it was read.
pub(super) type Waiting<D> = (D, Reading);

/// Messages in as many lines as are worked on at once.
#[derive(Debug)]
pub(super) struct Lanes<D> {
    lanes: Vec<Lane<D>>,
    batch: usize,
}

#[derive(Debug)]
struct Lane<D> {
    waiting: VecDeque<Waiting<D>>,
    busy: bool,
}

impl<D> Lanes<D> {
    /// So many lanes, each of which is worked on in batches of at most `batch` messages.
    pub(super) fn new(count: usize, batch: usize) -> Self {
        let lane = || Lane { waiting: VecDeque::new(), busy: false };
        Self { lanes: (0..count.max(1)).map(|_| lane()).collect(), batch }
    }

    /// How many more messages are wanted: a batch for each lane that has less than one waiting.
    pub(super) fn room(&self) -> usize {
        let wanted = self.batch * self.lanes.len();
        let waiting: usize = self.lanes.iter().map(|lane| lane.waiting.len()).sum();
        wanted.saturating_sub(waiting)
    }

    /// Whether nothing waits and nothing is worked on.
    pub(super) fn are_idle(&self) -> bool {
        self.lanes.iter().all(|lane| !lane.busy && lane.waiting.is_empty())
    }

    /// Puts a message into the lane of its slot.
    pub(super) fn put(&mut self, delivery: D, reading: Reading) {
        let slot = reading.as_ref().map_or(0, |envelope| usize::from(envelope.slot().number()));
        let lane = slot.checked_rem(self.lanes.len()).unwrap_or_default();
        if let Some(lane) = self.lanes.get_mut(lane) {
            lane.waiting.push_back((delivery, reading));
        }
    }

    /// The next batch of a lane that nobody works on, and which lane that is.
    pub(super) fn next(&mut self) -> Option<(usize, Vec<Waiting<D>>)> {
        let free = |lane: &Lane<D>| !lane.busy && !lane.waiting.is_empty();
        let number = self.lanes.iter().position(free)?;
        let lane = self.lanes.get_mut(number)?;
        lane.busy = true;
        let count = lane.waiting.len().min(self.batch);
        Some((number, lane.waiting.drain(..count).collect()))
    }

    /// Forgets what waits: it comes again to whoever is next.
    pub(super) fn clear(&mut self) {
        self.lanes.iter_mut().for_each(|lane| lane.waiting.clear());
    }

    /// The batch of a lane is done. If a part of it wasn't taken, what waits behind it comes again after it.
    pub(super) fn done(&mut self, number: usize, whole: bool) {
        if let Some(lane) = self.lanes.get_mut(number) {
            lane.busy = false;
            if !whole {
                lane.waiting.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::envelope::Envelope;
    use crate::slot::PartitionKey;

    fn message(key: &str) -> Reading {
        let mut envelope = Envelope::new("1".into(), "/s".into(), "order.placed");
        envelope.partition_key = Some(PartitionKey::from(key.to_owned()));
        Ok(envelope)
    }

    fn names(batch: Option<(usize, Vec<Waiting<&str>>)>) -> Vec<&str> {
        batch.unwrap().1.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_slot_is_worked_on_in_order_and_by_one_at_a_time() {
        let mut lanes = Lanes::new(2, 2);
        // Slots 34 and 11.
        for (name, key) in [("a1", "order/o-1"), ("a2", "order/o-1"), ("b1", "order/ö-2"), ("a3", "order/o-1")] {
            lanes.put(name, message(key));
        }
        assert_eq!(lanes.room(), 0);
        assert_eq!(names(lanes.next()), ["a1", "a2"]);
        assert_eq!(names(lanes.next()), ["b1"]);
        assert!(lanes.next().is_none(), "a3 waits for a1 and a2");
        lanes.done(0, true);
        assert_eq!(names(lanes.next()), ["a3"]);
        assert!(!lanes.are_idle());
        lanes.done(0, true);
        lanes.done(1, true);
        assert!(lanes.are_idle());
    }

    #[test]
    fn what_waits_behind_a_batch_that_was_not_taken_comes_again_after_it() {
        let mut lanes = Lanes::new(1, 1);
        lanes.put("a1", message("order/o-1"));
        lanes.put("a2", message("order/o-1"));
        assert_eq!(names(lanes.next()), ["a1"]);
        lanes.done(0, false);
        assert!(lanes.are_idle());
    }
}
