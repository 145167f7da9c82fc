//! Which events may go: a function of what sinks have passed, what is parked, and the time.

use event_core::{Sequence, Slot, Timestamp};

/// A batch deletes no more than this: freeing large events takes longer than freeing many.
const BATCH_BYTES: u64 = 4 * 1024 * 1024;

/// An event as far as retention looks at it.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// Where the walk meets it: events are walked in the order in which they were written.
    pub(crate) number: i64,
    pub(crate) slot: Slot,
    /// `None` while it has no place in the log.
    pub(crate) position: Option<Sequence>,
    /// When it was written.
    pub(crate) at: Timestamp,
    pub(crate) bytes: u64,
    /// Whether it is parked for a sink.
    pub(crate) parked: bool,
}

/// What every registered sink has passed, by slot. A slot that some sink doesn't have, or without any sink all slots, have
/// none.
#[derive(Debug, Clone)]
pub(crate) struct Floors(Vec<(Slot, Sequence)>);

impl Floors {
    pub(crate) fn new(floors: Vec<(Slot, Sequence)>) -> Self {
        Self(floors)
    }

    /// Nothing behind it has been passed by all.
    fn highest(&self) -> Option<Sequence> {
        self.0.iter().map(|(_, position)| *position).max()
    }

    fn have_passed(&self, event: &Kept) -> bool {
        let floor = self.0.iter().find(|(slot, _)| *slot == event.slot);
        floor.zip(event.position).is_some_and(|((_, floor), position)| position <= *floor)
    }
}

/// What of a stretch of the outbox goes, and where the walk goes on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) go: Vec<i64>,
    /// Behind this number; `None` when the next walk begins at the start again.
    pub(super) on: Option<i64>,
}

/// Decides over the next `limit` events of the walk. It has come to an end when there are fewer, and when none of them is old
/// enough, or none within what some sink has passed: one that seems old among many young ones is no reason to go on, nor is one
/// that seems young to stop.
pub(super) fn step(events: &[Kept], floors: &Floors, until: Timestamp, limit: usize) -> Step {
    let mut bytes = 0;
    let mut go = Vec::new();
    for event in events.iter().filter(|event| may_go(event, floors, until)) {
        bytes += event.bytes;
        if bytes > BATCH_BYTES && !go.is_empty() {
            return Step { on: go.last().copied(), go };
        }
        go.push(event.number);
    }
    let highest = floors.highest();
    let is_beyond = |event: &Kept| event.at > until || event.position.is_none_or(|position| Some(position) > highest);
    let ends = events.len() < limit || events.iter().all(is_beyond);
    Step { go, on: events.last().map(|event| event.number).filter(|_| !ends) }
}

/// What was decided on and may still go.
pub(super) fn still(chosen: &[i64], events: &[Kept], floors: &Floors, until: Timestamp) -> Vec<i64> {
    let may_go = events.iter().filter(|event| may_go(event, floors, until)).map(|event| event.number);
    may_go.filter(|number| chosen.contains(number)).collect()
}

fn may_go(event: &Kept, floors: &Floors, until: Timestamp) -> bool {
    floors.have_passed(event) && !event.parked && event.at <= until
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_micros(1000);

    fn slot(number: u8) -> Slot {
        Slot::from_number(number).unwrap()
    }

    /// An old event of slot 3 at a position of the same number.
    fn event(number: i64) -> Kept {
        let position = Some(Sequence::new(u64::try_from(number).unwrap()));
        Kept { number, slot: slot(3), position, at: Timestamp::from_unix_micros(10), bytes: 100, parked: false }
    }

    fn passed(position: u64) -> Floors {
        Floors::new(vec![(slot(2), Sequence::new(1)), (slot(3), Sequence::new(position))])
    }

    fn gone(events: &[Kept], floors: &Floors) -> Vec<i64> {
        step(events, floors, NOW, 100).go
    }

    #[test]
    fn an_event_goes_when_every_sink_has_passed_it() {
        assert_eq!(gone(&[event(4), event(5), event(6)], &passed(5)), [4, 5]);
        assert_eq!(gone(&[Kept { slot: slot(2), ..event(4) }], &passed(5)), [0; 0], "its own slot counts");
        assert_eq!(gone(&[Kept { slot: slot(9), ..event(4) }], &passed(5)), [0; 0], "a sink without this slot");
        assert_eq!(gone(&[event(4)], &Floors::new(Vec::new())), [0; 0], "no sink at all");
    }

    #[test]
    fn what_is_parked_young_or_without_a_place_stays_and_holds_no_other() {
        let young = Kept { at: Timestamp::from_unix_micros(1001), ..event(2) };
        let events =
            [event(1), young, Kept { parked: true, ..event(3) }, Kept { position: None, ..event(4) }, event(5)];
        assert_eq!(gone(&events, &passed(9)), [1, 5]);
        assert_eq!(gone(&[Kept { at: NOW, ..event(1) }], &passed(9)), [1], "to the microsecond");
    }

    #[test]
    fn the_walk_goes_on_behind_what_is_held_and_ends_among_the_young() {
        let held = [Kept { parked: true, ..event(1) }, Kept { parked: true, ..event(2) }];
        assert_eq!(step(&held, &passed(9), NOW, 2), Step { go: vec![], on: Some(2) });
        assert_eq!(step(&held, &passed(9), NOW, 3), Step { go: vec![], on: None }, "there are no more");
        let young = held.clone().map(|event| Kept { at: Timestamp::from_unix_micros(1001), ..event });
        assert_eq!(step(&young, &passed(9), NOW, 2), Step { go: vec![], on: None });
        let [first, _] = young;
        assert_eq!(step(&[first, event(2)], &passed(9), NOW, 2), Step { go: vec![2], on: Some(2) });
    }

    #[test]
    fn the_walk_ends_where_no_sink_has_come_to() {
        let beyond = [event(7), event(8)];
        assert_eq!(step(&beyond, &passed(6), NOW, 2), Step { go: vec![], on: None });
        assert_eq!(step(&beyond, &passed(7), NOW, 2), Step { go: vec![7], on: Some(8) });
        let elsewhere = [event(7), Kept { slot: slot(2), ..event(8) }];
        assert_eq!(step(&elsewhere, &passed(7), NOW, 2), Step { go: vec![7], on: Some(8) });
        assert_eq!(step(&beyond, &Floors::new(Vec::new()), NOW, 2), Step { go: vec![], on: None }, "no sink at all");
    }

    #[test]
    fn a_batch_is_bounded_by_bytes_too_and_takes_one_event_of_any_size() {
        let large = |number| Kept { bytes: BATCH_BYTES / 2 + 1, ..event(number) };
        assert_eq!(step(&[large(1), large(2), event(3)], &passed(9), NOW, 3), Step { go: vec![1], on: Some(1) });
        let huge = Kept { bytes: 2 * BATCH_BYTES, ..event(1) };
        assert_eq!(step(&[huge, event(2)], &passed(9), NOW, 2), Step { go: vec![1], on: Some(1) });
    }

    #[test]
    fn what_was_chosen_stays_when_a_sink_came_or_an_event_was_parked_meanwhile() {
        let chosen = [1, 2, 3];
        assert_eq!(
            still(&chosen, &[event(1), event(3), event(4)], &passed(9), NOW),
            [1, 3],
            "2 is gone, 4 was not chosen"
        );
        assert_eq!(still(&chosen, &[event(1), Kept { parked: true, ..event(2) }], &passed(9), NOW), [1]);
        assert_eq!(still(&chosen, &[event(1)], &passed(0), NOW), [0; 0]);
    }
}
