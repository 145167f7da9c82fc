//! The same events in another order, the same one for the same seed.

use crate::envelope::Envelope;
use crate::slot::Slot;

/// How far events come out of their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Disorder {
    /// As transports may: events of one stream keep their order, those of different ones come as the seed says.
    BetweenStreams(u64),
    /// As they shouldn't: any event may come before any other, so that a consumer sees gaps.
    Total(u64),
}

/// The messages in another order.
pub(super) fn shuffled(mut bodies: Vec<Vec<u8>>, disorder: Disorder) -> Vec<Vec<u8>> {
    let mut random = Random(match disorder {
        Disorder::BetweenStreams(seed) | Disorder::Total(seed) => seed,
    });
    for at in (1..bodies.len()).rev() {
        bodies.swap(at, random.below(at + 1));
    }
    if matches!(disorder, Disorder::BetweenStreams(_)) {
        keep_streams(&mut bodies);
    }
    bodies
}

/// Puts the messages of each stream into their order, at the places that the stream has.
fn keep_streams(bodies: &mut [Vec<u8>]) {
    let place = |body: &[u8]| {
        let envelope = Envelope::from_json(body).ok();
        envelope.map(|envelope| (envelope.slot(), envelope.sequence))
    };
    for slot in Slot::all() {
        let is_own = |body: &&Vec<u8>| place(body).is_some_and(|(other, _)| other == slot);
        let mut own: Vec<Vec<u8>> = bodies.iter().filter(is_own).cloned().collect();
        own.sort_by_key(|body| place(body).and_then(|(_, sequence)| sequence));
        let places = bodies.iter_mut().filter(|body| place(body).is_some_and(|(other, _)| other == slot));
        places.zip(own).for_each(|(place, body)| *place = body);
    }
}

/// Source: S. Vigna, "SplitMix64", 2015, public domain.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or_default()
    }
}
