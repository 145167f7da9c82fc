//! Which slots a relay takes and gives back, so that all relays of a sink have a fair share.

use std::collections::BTreeSet;

use super::{Lease, Owner};
use crate::clock::Timestamp;
use crate::envelope::Source;
use crate::slot::Slot;

/// What a store knows of a sink: its slots and its relays, by the store's clock. A sink that isn't registered has none.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Survey {
    /// The present, by the store's clock.
    pub now: Timestamp,
    /// What the outbox is called on the wire: a database that was restored or failed over has another name than before.
    pub source: Source,
    /// Every slot of the sink.
    pub slots: Vec<SlotState>,
    /// The relays that have shown a sign of life.
    pub relays: Vec<RelayState>,
}

/// A slot of a sink, as it stands in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SlotState {
    /// Its cursor, and its fence.
    pub lease: Lease,
    /// Who holds it. A store leaves out owners that it knows to be gone.
    pub owner: Option<Owner>,
    /// How long it is held.
    pub until: Timestamp,
}

impl SlotState {
    /// A slot that `owner` holds until then.
    #[must_use]
    pub fn new(lease: Lease, owner: Option<Owner>, until: Timestamp) -> Self {
        Self { lease, owner, until }
    }
}

/// A relay of a sink, as it stands in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RelayState {
    /// The name under which it holds slots.
    pub owner: Owner,
    /// How long its last sign of life counts.
    pub until: Timestamp,
}

impl RelayState {
    /// A relay that counts as alive until then.
    #[must_use]
    pub fn new(owner: Owner, until: Timestamp) -> Self {
        Self { owner, until }
    }
}

/// What a relay asks of a store: slots that it takes, and slots that it gives back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Claim {
    /// Free slots, each with the fence that was seen: who comes second gets nothing.
    pub take: Vec<Lease>,
    /// Own slots that others should have.
    pub give: Vec<Slot>,
}

impl Claim {
    /// A claim that takes and gives these slots. An empty one only renews.
    #[must_use]
    pub fn new(take: Vec<Lease>, give: Vec<Slot>) -> Self {
        Self { take, give }
    }

    /// Whether it only renews.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.take.is_empty() && self.give.is_empty()
    }
}

impl Survey {
    /// What is known at `now` of a sink whose outbox is called `source`.
    #[must_use]
    pub fn new(now: Timestamp, source: Source, slots: Vec<SlotState>, relays: Vec<RelayState>) -> Self {
        Self { now, source, slots, relays }
    }

    /// What `owner` takes and gives, so that in the end each living relay has its share and every slot is held once.
    ///
    /// It takes no more than its share, and only what is free; it gives what it has above its share. Shares only
    /// change when relays come and go, so slots don't wander between relays that stay.
    #[must_use]
    pub fn claim(&self, owner: &Owner) -> Claim {
        let share = self.share(owner);
        let own: Vec<Slot> = self.held_by(owner).collect();
        let give = own.iter().skip(share).copied().collect();
        let free = self.slots.iter().filter(|slot| slot.owner.as_ref() != Some(owner) && !self.is_held(slot));
        Claim::new(free.take(share.saturating_sub(own.len())).map(|slot| slot.lease).collect(), give)
    }

    /// How many slots `owner` has.
    #[cfg(feature = "runtime")]
    pub(crate) fn held(&self, owner: &Owner) -> usize {
        self.held_by(owner).count()
    }

    /// How many slots `owner` should have: the same number for each living relay, the first by name one more where
    /// that doesn't come out even.
    pub(crate) fn share(&self, owner: &Owner) -> usize {
        let relays = self.living(owner);
        let place = relays.iter().take_while(|other| **other < owner).count();
        let (each, rest) = (self.slots.len() / relays.len(), self.slots.len() % relays.len());
        each + usize::from(place < rest)
    }

    fn held_by<'s>(&'s self, owner: &'s Owner) -> impl Iterator<Item = Slot> + 's {
        let own = self.slots.iter().filter(move |slot| slot.owner.as_ref() == Some(owner));
        own.map(|slot| slot.lease.cursor.slot)
    }

    /// The relays that live: whose sign of life counts, who holds a slot, and `owner`, who asks.
    fn living<'s>(&'s self, owner: &'s Owner) -> BTreeSet<&'s Owner> {
        let seen = self.relays.iter().filter(|relay| relay.until > self.now).map(|relay| &relay.owner);
        let holders = self.slots.iter().filter(|slot| self.is_held(slot)).filter_map(|slot| slot.owner.as_ref());
        seen.chain(holders).chain([owner]).collect()
    }

    fn is_held(&self, slot: &SlotState) -> bool {
        slot.owner.is_some() && slot.until > self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relay::Cursor;
    use crate::sequence::Sequence;

    const NOW: Timestamp = Timestamp::from_unix_micros(1_000);
    const LATER: Timestamp = Timestamp::from_unix_micros(2_000);
    const BEFORE: Timestamp = Timestamp::from_unix_micros(999);

    fn owner(name: &str) -> Owner {
        Owner::new(name)
    }

    /// The first slots belong to these owners, as many as it says; the others are free.
    fn survey(held: &[(&str, usize, Timestamp)], relays: &[&str]) -> Survey {
        let mut owners =
            held.iter().flat_map(|(name, count, until)| std::iter::repeat_n((owner(name), *until), *count));
        let state = |slot| {
            let lease = Lease::new(Cursor::new(slot, Sequence::START, Sequence::START), 7);
            let (owner, until) = owners.next().unzip();
            SlotState::new(lease, owner, until.unwrap_or(BEFORE))
        };
        let relays = relays.iter().map(|name| RelayState::new(owner(name), LATER)).collect();
        Survey::new(NOW, "/s".into(), Slot::all().map(state).collect(), relays)
    }

    fn counts(survey: &Survey, name: &str) -> (usize, usize) {
        let claim = survey.claim(&owner(name));
        (claim.take.len(), claim.give.len())
    }

    #[test]
    fn a_relay_alone_takes_every_slot_under_the_fence_that_it_saw() {
        let claim = survey(&[], &[]).claim(&owner("a"));
        assert_eq!((claim.take.len(), claim.give.len()), (64, 0));
        assert!(claim.take.iter().all(|lease| lease.fence == 7));
    }

    #[test]
    fn the_remainder_goes_to_the_first_by_name() {
        let survey = survey(&[], &["a", "b", "c"]);
        assert_eq!([counts(&survey, "a").0, counts(&survey, "b").0, counts(&survey, "c").0], [22, 21, 21]);
    }

    #[test]
    fn who_has_more_than_its_share_gives_and_who_comes_takes_only_what_is_free() {
        let survey = survey(&[("a", 64, LATER)], &["a", "b"]);
        assert_eq!(counts(&survey, "a"), (0, 32));
        assert_eq!(counts(&survey, "b"), (0, 0));
    }

    #[test]
    fn what_a_silent_relay_held_is_free_and_its_share_is_the_others() {
        let survey = survey(&[("a", 32, LATER), ("b", 32, NOW)], &["a"]);
        assert_eq!(counts(&survey, "a"), (32, 0));
    }

    #[test]
    fn a_holder_without_a_sign_of_life_counts_as_a_relay() {
        let survey = survey(&[("a", 40, LATER)], &[]);
        assert_eq!(counts(&survey, "b"), (24, 0));
    }

    #[test]
    fn fair_shares_stay_as_they_are() {
        let survey = survey(&[("a", 22, LATER), ("b", 21, LATER), ("c", 21, LATER)], &["a", "b", "c"]);
        for name in ["a", "b", "c"] {
            assert!(survey.claim(&owner(name)).is_empty(), "{name}");
        }
    }

    #[test]
    fn beyond_as_many_relays_as_slots_the_last_have_nothing() {
        let names: Vec<String> = (100..170).map(|number| format!("r{number}")).collect();
        let survey = survey(&[], &names.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!([counts(&survey, "r163").0, counts(&survey, "r164").0], [1, 0]);
    }
}
