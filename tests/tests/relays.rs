//! Laws of several relays: whatever comes, goes and dies, slots are held once and shared evenly.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use event_core::runtime::{Outbox, Sinks};
use event_core::testing::{ManualClock, MemoryStore};
use event_core::{Lease, Owner, Registration, Sink, Slot, Survey};
use event_tests::setup::noon;
use proptest::prelude::*;

const LEASE: Duration = Duration::from_secs(10);

/// One step of a run. Relays are meant by their place among those that live.
#[derive(Debug, Clone)]
enum Happening {
    /// A relay of this name begins to run.
    Join(u8),
    /// A relay stops and gives its slots back.
    Leave(u8),
    /// A relay dies and gives nothing back.
    Crash(u8),
    /// A relay claims.
    Claim(u8),
    /// A relay has looked, another one claims, and only then does the first one claim what it saw.
    ClaimLate(u8, u8),
    /// Seconds pass.
    Wait(u8),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        2 => any::<u8>().prop_map(Happening::Join),
        1 => any::<u8>().prop_map(Happening::Leave),
        1 => any::<u8>().prop_map(Happening::Crash),
        6 => any::<u8>().prop_map(Happening::Claim),
        2 => any::<(u8, u8)>().prop_map(|(first, second)| Happening::ClaimLate(first, second)),
        2 => (0u8..8).prop_map(Happening::Wait),
    ]
}

struct World {
    store: MemoryStore,
    clock: ManualClock,
    sink: Sink,
    /// What each living relay believes to hold.
    relays: BTreeMap<Owner, Vec<Lease>>,
    /// The highest fence that was given for each slot.
    fences: BTreeMap<Slot, u64>,
}

impl World {
    async fn new() -> Self {
        let clock = noon();
        let store = MemoryStore::new(clock.clone());
        let sink = Sink::default();
        store.register(&sink, &Registration::default()).await.unwrap();
        Self { store, clock, sink, relays: BTreeMap::new(), fences: BTreeMap::new() }
    }

    async fn apply(&mut self, happening: Happening) {
        match happening {
            Happening::Join(name) => drop(self.relays.entry(Owner::new(format!("r{name:03}"))).or_default()),
            Happening::Leave(place) => {
                if let Some(owner) = self.relay(place) {
                    self.relays.remove(&owner);
                    self.store.release(&self.sink, &owner).await.unwrap();
                }
            }
            Happening::Crash(place) => {
                if let Some(owner) = self.relay(place) {
                    self.relays.remove(&owner);
                }
            }
            Happening::Claim(place) => {
                if let Some(owner) = self.relay(place) {
                    let survey = self.survey().await;
                    self.claim(&owner, &survey).await;
                }
            }
            Happening::ClaimLate(first, second) => {
                if let (Some(first), Some(second)) = (self.relay(first), self.relay(second)) {
                    let survey = self.survey().await;
                    self.claim(&second, &survey).await;
                    self.claim(&first, &survey).await;
                }
            }
            Happening::Wait(seconds) => self.clock.advance(Duration::from_secs(seconds.into())),
        }
    }

    fn relay(&self, place: u8) -> Option<Owner> {
        let place = usize::from(place).checked_rem(self.relays.len())?;
        self.relays.keys().nth(place).cloned()
    }

    async fn survey(&self) -> Survey {
        self.store.survey(&self.sink).await.unwrap()
    }

    async fn claim(&mut self, owner: &Owner, survey: &Survey) {
        let claim = survey.claim(owner);
        let own = survey.slots.iter().filter(|slot| slot.owner.as_ref() == Some(owner)).count();
        let live = survey.relays.iter().filter(|relay| relay.until > survey.now);
        let live: BTreeSet<_> = live.map(|relay| &relay.owner).chain([owner]).collect();
        let most = 64_usize.div_ceil(live.len());
        assert!(claim.take.is_empty() || own + claim.take.len() <= most, "nobody takes more than its share");
        let leases = self.store.claim(&self.sink, owner, LEASE, &claim).await.unwrap();
        for lease in &leases {
            let fence = self.fences.entry(lease.cursor.slot).or_default();
            let before = self.relays.get(owner).unwrap().iter().find(|old| old.cursor.slot == lease.cursor.slot);
            let kept = before.is_some_and(|old| old.fence == lease.fence);
            assert!(kept || lease.fence > *fence || *fence == lease.fence, "fences only grow");
            *fence = lease.fence.max(*fence);
        }
        self.relays.insert(owner.clone(), leases);
    }

    /// Everybody claims in turn, until nobody has anything to take or to give.
    async fn settle(&mut self) -> usize {
        self.clock.advance(LEASE + Duration::from_secs(1));
        for round in 0..10 {
            // In the first round those who come first don't know yet who else lives.
            let mut quiet = round > 0;
            for owner in self.relays.keys().cloned().collect::<Vec<_>>() {
                let survey = self.survey().await;
                quiet &= survey.claim(&owner).is_empty();
                self.claim(&owner, &survey).await;
            }
            if quiet {
                return round;
            }
        }
        usize::MAX
    }

    async fn assert_fair(&self) {
        let survey = self.survey().await;
        let held: Vec<_> = survey.slots.iter().map(|slot| slot.owner.clone().unwrap()).collect();
        let counts = self.relays.keys().map(|owner| held.iter().filter(|holder| *holder == owner).count());
        let counts: Vec<_> = counts.collect();
        assert_eq!(counts.iter().sum::<usize>(), 64, "every slot is held, and by a living relay");
        assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1, "{counts:?}");
        assert!(counts.is_sorted_by(|first, second| first >= second), "the first by name have the rest");
        let believed: usize = self.relays.values().map(Vec::len).sum();
        assert_eq!(believed, 64, "each relay knows what it holds");
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes_goes_and_dies_slots_end_up_shared_evenly(
        happenings in prop::collection::vec(happening(), 0..60),
    ) {
        block_on(async {
            let mut world = World::new().await;
            for happening in happenings {
                world.apply(happening).await;
            }
            world.apply(Happening::Join(0)).await;
            prop_assert!(world.settle().await <= 3, "a few rounds are enough");
            world.assert_fair().await;
            Ok(())
        })?;
    }

    #[test]
    fn one_that_comes_moves_no_more_slots_than_it_must(count in 1usize..20, name in any::<u8>()) {
        block_on(async {
            let mut world = World::new().await;
            for number in 0..count {
                world.apply(Happening::Join(u8::try_from(number * 7).unwrap())).await;
            }
            world.settle().await;
            let before = world.survey().await;
            world.apply(Happening::Join(name)).await;
            for _ in 0..4 {
                for place in 0..=u8::try_from(count).unwrap() {
                    world.apply(Happening::Claim(place)).await;
                }
            }
            world.assert_fair().await;
            let after = world.survey().await;
            let moved = before.slots.iter().zip(&after.slots).filter(|(old, new)| old.owner != new.owner).count();
            let must = 64_usize.div_ceil(world.relays.len());
            prop_assert!(moved <= must + count, "{moved} slots have moved, its share is {must}");
            Ok(())
        })?;
    }
}
