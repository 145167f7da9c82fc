//! What a store counts for a consumer.

use crate::backlog::{Class, Place};
use crate::clock::Timestamp;

/// What a consumer has taken and not applied, counted at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Census {
    tallies: Vec<Tally>,
    /// Since when the oldest dead letter has been one.
    pub oldest_dead_letter: Option<Timestamp>,
    /// Since when the oldest event has awaited a deploy.
    pub oldest_awaiting_deploy: Option<Timestamp>,
    /// Retries whose time has come.
    pub retries_due: usize,
    /// When the first of all retries was or is due.
    pub first_retry_due: Option<Timestamp>,
    /// Keys of which events are held.
    pub held_keys: usize,
    /// Streams on which events are missing.
    pub gaps: usize,
    /// Since when the oldest gap has been open.
    pub oldest_gap: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Tally {
    place: Place,
    class: Option<Class>,
    events: usize,
}

impl Census {
    /// At most so many letters are counted: what is more than enough for an alarm needn't be known to the last one.
    pub const AT_MOST: u32 = 100_000;

    /// Adds so many events at `place` that came there for a failure of `class`, the first of them at `since`.
    pub fn add(&mut self, place: Place, class: Option<Class>, events: usize, since: Option<Timestamp>) {
        self.tallies.push(Tally { place, class, events });
        let oldest = match place {
            Place::DeadLetter => &mut self.oldest_dead_letter,
            Place::AwaitingDeploy => &mut self.oldest_awaiting_deploy,
            Place::Retry | Place::Held => return,
        };
        *oldest = oldest.iter().copied().chain(since).min();
    }

    /// How many events are at `place`.
    #[must_use]
    pub fn letters(&self, place: Place) -> usize {
        self.tallies.iter().filter(|tally| tally.place == place).map(|tally| tally.events).sum()
    }

    /// How many dead letters there are for a failure of `class`; those of `None` were made by an older release.
    #[must_use]
    pub fn dead_letters(&self, class: Option<Class>) -> usize {
        let of_class = |tally: &&Tally| tally.place == Place::DeadLetter && tally.class == class;
        self.tallies.iter().filter(of_class).map(|tally| tally.events).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_summed_by_place_and_dead_ones_by_class() {
        let at = |micros| Some(Timestamp::from_unix_micros(micros));
        let mut census = Census::default();
        census.add(Place::DeadLetter, Some(Class::Schema), 2, at(5));
        census.add(Place::DeadLetter, None, 1, at(3));
        census.add(Place::Held, None, 7, at(1));
        assert_eq!((census.letters(Place::DeadLetter), census.letters(Place::Held)), (3, 7));
        assert_eq!((census.dead_letters(Some(Class::Schema)), census.dead_letters(None)), (2, 1));
        assert_eq!((census.oldest_dead_letter, census.oldest_awaiting_deploy), (at(3), None));
    }
}
