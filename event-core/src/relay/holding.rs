//! The slots that a relay holds, as it remembers them between two claims.
//!
//! A relay reads and sends on this memory alone, so it may go on for a while after another relay has taken a slot. That
//! is safe. Both send a contiguous run of the same slot, in its order, each from a cursor at or before the committed
//! one; so whoever is ahead, an event is sent for the first time only after all before it were, and what the other one
//! sends is a repeat. The cursor itself is guarded by the fence: only the owner in force moves it.
//!
//! All of that holds within one epoch of the outbox. When a survey tells another one, nothing that is remembered counts.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{Advance, Lease};
use crate::slot::Slot;

/// How long a slot rests after a failure, at first and at most.
const REST: (Duration, Duration) = (Duration::from_millis(5), Duration::from_secs(1));

/// The slots that a relay holds. Times are those since it began.
#[derive(Debug, Default)]
pub(crate) struct Holding {
    slots: BTreeMap<Slot, Held>,
    /// Slots that are being sent, held or not: one at a time.
    busy: BTreeSet<Slot>,
    /// Slots that are given back once they aren't sent any more.
    leaving: BTreeSet<Slot>,
}

#[derive(Debug)]
struct Held {
    lease: Lease,
    /// What waits behind what is being sent.
    behind: Behind,
    failures: u32,
    rests_until: Duration,
}

/// What waits in a slot behind what is being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Behind {
    /// Nothing that is known of.
    #[default]
    Nothing,
    /// Something may have come while it was being sent.
    Perhaps,
    /// More than one read takes.
    More,
}

impl Holding {
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Takes over what a store says that is held; tells how many slots are new, and how many another owner has or had.
    pub(crate) fn renew(&mut self, leases: &[Lease]) -> (usize, usize) {
        let mut kept = 0;
        let before = std::mem::take(&mut self.slots);
        for lease in leases {
            let (slot, mut held) = (lease.cursor.slot, Held::new(*lease));
            if let Some(known) = before.get(&slot).filter(|known| known.lease.fence == lease.fence) {
                (held.failures, held.rests_until) = (known.failures, known.rests_until);
                held.behind = known.behind;
                kept += 1;
            }
            self.slots.insert(slot, held);
        }
        (self.slots.len() - kept, before.len() - kept)
    }

    /// Those of the slots that can be given back now; the others are not sent again and go as soon as they can.
    pub(crate) fn leave(&mut self, give: &[Slot]) -> Vec<Slot> {
        let (busy, free): (Vec<_>, Vec<_>) = give.iter().partition(|slot| self.busy.contains(slot));
        self.leaving = busy.into_iter().collect();
        self.slots.retain(|slot, _| !free.contains(slot));
        free
    }

    /// Whether a slot that should be given back can be by now.
    pub(crate) fn can_leave(&self) -> bool {
        self.leaving.iter().any(|slot| !self.busy.contains(slot))
    }

    /// The slots to read at `now`: what isn't being sent, stays, and has rested.
    pub(crate) fn to_read(&self, now: Duration) -> Vec<Lease> {
        let due = |(slot, held): &(&Slot, &Held)| self.is_idle(**slot) && held.rests_until <= now;
        self.slots.iter().filter(due).map(|(_, held)| held.lease).collect()
    }

    /// When the next slot that rests has rested.
    pub(crate) fn next_rested(&self) -> Option<Duration> {
        let resting = self.slots.iter().filter(|(slot, held)| held.failures > 0 && self.is_idle(**slot));
        resting.map(|(_, held)| held.rests_until).min()
    }

    fn is_idle(&self, slot: Slot) -> bool {
        !self.busy.contains(&slot) && !self.leaving.contains(&slot)
    }

    /// A read passed the slots over that are being sent.
    pub(crate) fn passed_busy(&mut self) {
        let busy = self.slots.iter_mut().filter(|(slot, _)| self.busy.contains(slot));
        busy.for_each(|(_, held)| held.behind = held.behind.max(Behind::Perhaps));
    }

    /// The slot has more than was read.
    pub(crate) fn has_more(&mut self, slot: Slot) {
        if let Some(held) = self.slots.get_mut(&slot) {
            held.behind = Behind::More;
        }
    }

    /// The slot is being sent.
    pub(crate) fn begin(&mut self, slot: Slot) {
        self.busy.insert(slot);
    }

    /// The slot is not sent any more; tells what waits in it.
    pub(crate) fn end(&mut self, slot: Slot) -> Behind {
        self.busy.remove(&slot);
        self.slots.get_mut(&slot).map(|held| std::mem::take(&mut held.behind)).unwrap_or_default()
    }

    /// The slot got something through, or had nothing.
    pub(crate) fn succeeded(&mut self, slot: Slot) {
        if let Some(held) = self.slots.get_mut(&slot) {
            held.failures = 0;
            held.rests_until = Duration::ZERO;
        }
    }

    /// The slot was stopped by a transient failure: it rests, and is tried again.
    pub(crate) fn failed(&mut self, slot: Slot, now: Duration) {
        if let Some(held) = self.slots.get_mut(&slot) {
            held.rests_until = now + REST.0.saturating_mul(2_u32.saturating_pow(held.failures)).min(REST.1);
            held.failures = held.failures.saturating_add(1);
        }
    }

    /// The cursor was moved in the store.
    pub(crate) fn advanced(&mut self, advance: &Advance) {
        let held = self.slots.get_mut(&advance.cursor.slot);
        if let Some(held) = held.filter(|held| held.lease.fence == advance.fence) {
            held.lease.cursor = advance.cursor;
        }
    }

    /// Another owner has taken the slot.
    pub(crate) fn lost(&mut self, slot: Slot) {
        self.slots.remove(&slot);
    }
}

impl Held {
    fn new(lease: Lease) -> Self {
        Self { lease, behind: Behind::Nothing, failures: 0, rests_until: Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::relay::Cursor;
    use crate::sequence::Sequence;

    const NOW: Duration = Duration::from_secs(100);

    fn slot(number: u8) -> Slot {
        Slot::from_number(number).unwrap()
    }

    fn lease(number: u8, position: u64, fence: u64) -> Lease {
        Lease::new(Cursor::new(slot(number), Sequence::new(position), Sequence::new(position)), fence)
    }

    fn holding(leases: &[Lease]) -> Holding {
        let mut holding = Holding::default();
        assert_eq!(holding.renew(leases), (leases.len(), 0));
        holding
    }

    fn numbers(leases: &[Lease]) -> Vec<u8> {
        leases.iter().map(|lease| lease.cursor.slot.number()).collect()
    }

    #[test]
    fn a_slot_that_is_being_sent_is_not_read_and_what_comes_meanwhile_is_read_after() {
        let mut holding = holding(&[lease(1, 0, 1), lease(2, 0, 1)]);
        holding.begin(slot(1));
        assert_eq!(numbers(&holding.to_read(NOW)), [2]);
        holding.passed_busy();
        holding.advanced(&Advance::new(lease(1, 5, 1).cursor, 1));
        assert_eq!(holding.end(slot(1)), Behind::Perhaps);
        assert_eq!(holding.to_read(NOW), [lease(1, 5, 1), lease(2, 0, 1)]);
        holding.begin(slot(1));
        assert_eq!(holding.end(slot(1)), Behind::Nothing, "nothing came this time");
        holding.begin(slot(2));
        holding.has_more(slot(2));
        holding.passed_busy();
        assert_eq!(holding.end(slot(2)), Behind::More);
    }

    #[test]
    fn a_slot_that_fails_rests_ever_longer_while_others_flow() {
        let mut holding = holding(&[lease(1, 0, 1), lease(2, 0, 1)]);
        for rest in [5, 10, 20, 40, 80, 160, 320, 640, 1000, 1000] {
            holding.failed(slot(1), NOW);
            assert_eq!(holding.next_rested(), Some(NOW + Duration::from_millis(rest)));
            assert_eq!(numbers(&holding.to_read(NOW)), [2]);
        }
        assert_eq!(numbers(&holding.to_read(NOW + Duration::from_secs(1))), [1, 2]);
        holding.succeeded(slot(1));
        assert_eq!((holding.next_rested(), numbers(&holding.to_read(NOW))), (None, vec![1, 2]));
    }

    #[test]
    fn a_slot_that_is_being_sent_is_given_back_only_afterwards() {
        let mut holding = holding(&[lease(1, 0, 1), lease(2, 0, 1), lease(3, 0, 1)]);
        holding.begin(slot(2));
        assert_eq!(holding.leave(&[slot(2), slot(3)]), [slot(3)]);
        assert!(!holding.can_leave());
        holding.end(slot(2));
        assert!(holding.can_leave());
        assert_eq!(numbers(&holding.to_read(NOW)), [1], "what goes is not read again");
        assert_eq!(holding.leave(&[slot(2)]), [slot(2)]);
        assert_eq!((holding.len(), holding.can_leave()), (1, false));
    }

    #[test]
    fn a_slot_that_may_stay_after_all_is_read_again() {
        let mut holding = holding(&[lease(1, 0, 1)]);
        holding.begin(slot(1));
        holding.leave(&[slot(1)]);
        holding.leave(&[]);
        holding.end(slot(1));
        assert_eq!(numbers(&holding.to_read(NOW)), [1]);
    }

    #[test]
    fn what_another_owner_had_meanwhile_is_begun_anew() {
        let mut holding = holding(&[lease(1, 5, 1), lease(2, 5, 1)]);
        assert_eq!(holding.renew(&[lease(1, 9, 3)]), (1, 2));
        assert_eq!(holding.to_read(NOW), [lease(1, 9, 3)]);
        holding.advanced(&Advance::new(lease(1, 7, 1).cursor, 1));
        assert_eq!(holding.to_read(NOW), [lease(1, 9, 3)], "an old fence moves nothing");
        holding.lost(slot(1));
        assert_eq!(holding.len(), 0);
    }
}
