//! Which events were taken, for as long as that is kept: what a mark can't say once the producer's database was restored.

use crate::id::EventId;
use crate::sequence::Sequence;

/// How many bytes an id takes.
const DIGEST: usize = 8;

/// How many bytes of ids stay with a mark at least, before they become a row of the history.
pub const RECENT: usize = 32 * DIGEST;

/// The ids of events that were taken on a stream, behind `after` and up to `upto`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Kept {
    /// Where they begin.
    pub after: Sequence,
    /// Where they end.
    pub upto: Sequence,
    /// As [`digests`] makes them.
    pub ids: Vec<u8>,
}

impl Kept {
    /// The ids behind `after` and up to `upto`.
    #[must_use]
    pub fn new(after: Sequence, upto: Sequence, ids: Vec<u8>) -> Self {
        Self { after, upto, ids }
    }
}

/// Whether an event is one that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Past {
    /// It was taken.
    Taken,
    /// Another event was taken at its place, or none.
    NotTaken,
    /// Nobody knows any more.
    Forgotten,
}

impl Past {
    /// Whether `id` is among the ids that [`digests`] made.
    #[must_use]
    pub fn of(digests: &[u8], id: &EventId) -> Self {
        if holds(digests, id) { Self::Taken } else { Self::NotTaken }
    }
}

/// The ids of events as a store keeps them: eight bytes of each one's MD5.
#[must_use]
pub fn digests<'i>(ids: impl IntoIterator<Item = &'i EventId>) -> Vec<u8> {
    ids.into_iter().flat_map(digest).collect()
}

fn holds(digests: &[u8], id: &EventId) -> bool {
    let wanted = digest(id);
    digests.chunks_exact(DIGEST).any(|digest| digest == wanted)
}

fn digest(id: &EventId) -> [u8; DIGEST] {
    let [a, b, c, d, e, f, g, h, ..] = md5::compute(id.as_str()).0;
    [a, b, c, d, e, f, g, h]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_among_their_digests_and_others_are_not() {
        let ids: Vec<EventId> = ["a", "b", ""].map(EventId::from).into();
        let kept = digests(&ids);
        assert_eq!(kept.len(), 24);
        assert!(ids.iter().all(|id| holds(&kept, id)));
        assert!(!holds(&kept, &"c".into()) && !holds(&[], &"a".into()));
    }
}
