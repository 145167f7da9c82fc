//! The passages of a batch: which of its events follow each other on their streams.

use std::collections::BTreeMap;

use super::{Identity, Mark, RECENT, Stream};
use crate::envelope::Envelope;
use crate::id::EventId;
use crate::sequence::Sequence;

/// Events of one stream that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Passage {
    /// The stream.
    pub stream: Stream,
    /// The place of the event before the first one.
    pub previous: Sequence,
    /// The place of the first one.
    pub first: Sequence,
    /// The mark of the last one.
    pub mark: Mark,
    /// The ids of all of them, if they are to be kept.
    pub ids: Vec<EventId>,
}

impl Passage {
    /// A passage of one event.
    #[must_use]
    pub fn new(stream: Stream, previous: Sequence, sequence: Sequence, id: EventId) -> Self {
        Self { stream, previous, first: sequence, mark: Mark::new(sequence, id.clone()), ids: vec![id] }
    }

    /// Whether a mark that stands there, and has room for more ids, lets the passage be taken without another look.
    #[must_use]
    pub fn follows(&self, mark: &Mark) -> bool {
        self.previous <= mark.sequence
            && mark.sequence < self.first
            && mark.overlap.is_none_or(|overlap| overlap < self.first)
            && mark.recent.len() < RECENT
    }

    /// Takes an event in, if it follows the last one.
    fn join(&mut self, previous: Sequence, sequence: Sequence, id: &EventId) -> bool {
        let follows = previous <= self.mark.sequence && self.mark.sequence < sequence;
        if follows {
            self.mark.pass(sequence, id.clone());
            self.ids.push(id.clone());
        }
        follows
    }
}

/// A passage for each stream of which all events follow each other as they came, in the order of the streams. Events of other
/// streams are looked at one by one.
#[must_use]
pub fn passages<'e>(envelopes: impl IntoIterator<Item = &'e Envelope>) -> Vec<Passage> {
    let mut by_stream: BTreeMap<Stream, Option<Passage>> = BTreeMap::new();
    for envelope in envelopes {
        let Identity::Place { stream, sequence, previous } = Identity::of(envelope) else { continue };
        match by_stream.get_mut(&stream) {
            None => {
                let passage = (previous < sequence)
                    .then(|| Passage::new(stream.clone(), previous, sequence, envelope.id.clone()));
                by_stream.insert(stream, passage);
            }
            Some(known) => {
                let joined = known.as_mut().is_some_and(|passage| passage.join(previous, sequence, &envelope.id));
                if !joined {
                    *known = None;
                }
            }
        }
    }
    by_stream.into_values().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slot::PartitionKey;

    fn envelope(source: &str, sequence: u64, previous: u64) -> Envelope {
        let mut envelope = Envelope::new(format!("e-{sequence}").into(), source.into(), "order.placed");
        (envelope.sequence, envelope.previous) = (Some(Sequence::new(sequence)), Some(Sequence::new(previous)));
        envelope.partition_key = Some(PartitionKey::from("order/1".to_owned()));
        envelope
    }

    fn taken(events: &[(&str, u64, u64)]) -> Vec<(String, u64, u64, usize)> {
        let envelopes: Vec<_> = events.iter().map(|(source, at, previous)| envelope(source, *at, *previous)).collect();
        let passage = |passage: &Passage| {
            (
                passage.stream.source.to_string(),
                passage.first.number(),
                passage.mark.sequence.number(),
                passage.ids.len(),
            )
        };
        passages(&envelopes).iter().map(passage).collect()
    }

    #[test]
    fn events_that_follow_each_other_are_one_step_of_their_stream() {
        let found = taken(&[("/a", 3, 0), ("/b", 4, 2), ("/a", 5, 3), ("/a", 9, 5)]);
        assert_eq!(found, [("/a".to_owned(), 3, 9, 3), ("/b".to_owned(), 4, 4, 1)]);
    }

    #[test]
    fn a_repeat_a_gap_and_an_event_before_itself_are_no_step() {
        assert!(taken(&[("/a", 3, 0), ("/a", 3, 0)]).is_empty());
        assert!(taken(&[("/a", 3, 0), ("/a", 9, 5)]).is_empty());
        assert!(taken(&[("/a", 5, 3), ("/a", 3, 0)]).is_empty());
        assert!(taken(&[("/a", 5, 5)]).is_empty());
    }

    #[test]
    fn a_step_follows_a_mark_between_its_previous_and_its_first_that_no_other_epoch_overlaps() {
        let passage = Passage::new(
            Stream::new("/a".into(), PartitionKey::from("k".to_owned()).slot()),
            Sequence::new(3),
            Sequence::new(7),
            "e".into(),
        );
        let at = |sequence: u64, overlap: Option<u64>| {
            let mut mark = Mark::new(Sequence::new(sequence), "x".into());
            mark.overlap = overlap.map(Sequence::new);
            passage.follows(&mark)
        };
        assert!(at(3, None) && at(5, None) && at(6, Some(6)));
        assert!(!at(2, None) && !at(7, None) && !at(3, Some(7)));
    }
}
