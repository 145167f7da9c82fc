//! Where each event is, as the tables of the consumers have it at one moment: applied, or in exactly one of the places in
//! which an event may be that isn't applied.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use super::verdict::Known;

/// An event that the broker took, and where it stands on its stream, if it has a place there.
#[derive(Debug, Clone)]
pub struct Sending {
    pub event: Known,
    /// The source and the slot.
    pub stream: (String, i64),
    pub sequence: Option<u64>,
}

impl Sending {
    fn id(&self) -> &str {
        &self.event.id
    }
}

/// Whether the handler of the event `n` of a key locks two accounts, in either order.
pub fn is_moved(n: i64) -> bool {
    n % 5 == 2
}

/// What the consumers' database held at one moment.
#[derive(Debug, Default)]
pub struct Census {
    /// In the order of applying.
    pub applied: Vec<Known>,
    /// What is in the backlog: the place, and the id of each.
    pub letters: Vec<(String, String)>,
    /// What was taken out without being applied: what was done, and the id of each.
    pub audited: Vec<(String, String)>,
    /// How far each stream was taken.
    pub marks: HashMap<(String, i64), u64>,
    /// Up to where events are missing, of each stream on which some are.
    pub gaps: HashMap<(String, i64), u64>,
    /// The ids of events without a place on a stream that were taken.
    pub taken: HashSet<String>,
    /// What the accounts hold together.
    pub balance: i64,
    /// How many are dead letters, or wait for a deploy, although every build reads them.
    pub unread: i64,
}

impl Census {
    /// What is wrong with the accounts: each event that is moved puts one into each of two.
    pub fn imbalance(&self) -> Option<String> {
        let moved = self.applied.iter().filter(|event| is_moved(event.n)).count() * 2;
        let held = self.balance;
        (usize::try_from(held) != Ok(moved))
            .then(|| format!("the accounts hold {held}, and {moved} were put into them"))
    }

    /// What is wrong with newer versions: those that an older build can read go to its handlers.
    pub fn unread(&self) -> Option<String> {
        (self.unread > 0).then(|| format!("{} events that every build reads were set aside", self.unread))
    }

    /// How many events are in each place but the one of those that were applied.
    pub fn places(&self, committed: &[Known], sent: &[Sending]) -> Places {
        let mut places: BTreeMap<&str, HashSet<&str>> = BTreeMap::new();
        for (place, id) in self.letters.iter().chain(&self.audited) {
            places.entry(place).or_default().insert(id);
        }
        let set_aside = places.values().flatten();
        let found: HashSet<&str> =
            self.applied.iter().map(|event| event.id.as_str()).chain(set_aside.copied()).collect();
        let missing: HashSet<&str> = sent.iter().filter(|sending| self.is_missing(sending)).map(Sending::id).collect();
        for event in committed.iter().filter(|event| !found.contains(event.id.as_str())) {
            let place = if missing.contains(event.id.as_str()) { "gap" } else { "lag" };
            places.entry(place).or_default().insert(&event.id);
        }
        Places(places.into_iter().map(|(place, ids)| (place.to_owned(), ids.len())).collect())
    }

    /// Whether it is beyond the mark of its stream, and what others wait for.
    fn is_missing(&self, sending: &Sending) -> bool {
        let gap = self.gaps.get(&sending.stream).zip(sending.sequence);
        !self.has_passed(sending) && gap.is_some_and(|(previous, sequence)| sequence <= *previous)
    }

    /// How many letters there are in a place of the backlog.
    pub fn letters_in(&self, place: &str) -> usize {
        self.letters.iter().filter(|(other, _)| other == place).count()
    }

    /// The ids of those that wait for a retry, a key, a deploy or an operator.
    pub fn in_backlog(&self) -> impl Iterator<Item = &str> {
        self.letters.iter().map(|(_, id)| id.as_str())
    }

    /// The ids of those that are not applied, and won't be.
    pub fn settled(&self) -> impl Iterator<Item = &str> {
        self.audited.iter().map(|(_, id)| id.as_str())
    }

    /// Those that are in two places, or in none although their stream was taken up to them: where each is. With
    /// `acknowledged` every one was taken, also those whose place on a stream isn't known.
    ///
    /// What the mark of its stream has not passed is lag, so an event that is in no table need not be misplaced.
    pub fn misplaced(&self, sent: &[Sending], acknowledged: bool) -> BTreeMap<Known, String> {
        let mut found: HashMap<&str, Vec<&str>> = HashMap::new();
        let applied: HashSet<&str> = self.applied.iter().map(|event| event.id.as_str()).collect();
        applied.iter().for_each(|id| found.entry(id).or_default().push("applied"));
        for (place, id) in self.letters.iter().chain(&self.audited) {
            found.entry(id).or_default().push(place);
        }
        let mut misplaced: BTreeMap<Known, String> = BTreeMap::new();
        let was_taken = sent.iter().filter(|sending| acknowledged || self.has_passed(sending));
        for Sending { event, .. } in was_taken.filter(|sending| !found.contains_key(sending.event.id.as_str())) {
            misplaced.insert(event.clone(), "nowhere".to_owned());
        }
        for event in sent.iter().map(|sending| &sending.event).chain(&self.applied) {
            if let Some([_, _, ..]) = found.get(event.id.as_str()).map(Vec::as_slice) {
                misplaced.insert(event.clone(), found[event.id.as_str()].join(" and "));
            }
        }
        misplaced
    }

    fn has_passed(&self, Sending { event, stream, sequence }: &Sending) -> bool {
        let mark = self.marks.get(stream);
        let is_behind = mark.zip(sequence.as_ref()).is_some_and(|(mark, sequence)| sequence <= mark);
        is_behind || self.taken.contains(&event.id)
    }
}

/// How many events are in each place.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Places(BTreeMap<String, usize>);

impl Places {
    fn count(&self, place: &str) -> usize {
        self.0.get(place).copied().unwrap_or_default()
    }
}

impl fmt::Display for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = ["lag", "gap", "retry", "held", "awaiting_deploy", "dead_letter", "discarded", "skipped"];
        let counts: Vec<String> = places.map(|place| format!("{place}={}", self.count(place))).into();
        f.write_str(&counts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(n: i64) -> Known {
        Known::new("a", n, &format!("id-{n}"))
    }

    /// The events 1 to 3 of a stream, at 10, 20 and 30.
    fn sent() -> Vec<Sending> {
        let sending =
            |n: i64| Sending { event: known(n), stream: ("/s".into(), 7), sequence: u64::try_from(n * 10).ok() };
        (1..=3).map(sending).collect()
    }

    /// The mark is at 20; the first is applied, and the second is in these places.
    fn census(letters: &[&str], audited: &[&str]) -> Census {
        let in_places = |places: &[&str]| places.iter().map(|place| ((*place).to_owned(), known(2).id)).collect();
        Census {
            applied: vec![known(1)],
            letters: in_places(letters),
            audited: in_places(audited),
            marks: [(("/s".into(), 7), 20)].into(),
            ..Census::default()
        }
    }

    fn complaint(census: &Census, acknowledged: bool) -> String {
        let lines: Vec<_> = census
            .misplaced(&sent(), acknowledged)
            .into_iter()
            .map(|(event, places)| format!("{event}: {places}"))
            .collect();
        lines.join("; ")
    }

    #[test]
    fn an_event_behind_the_mark_is_in_exactly_one_place_and_one_beyond_it_is_lag() {
        for (letters, audited) in
            [(&["retry"][..], &[][..]), (&["held"], &[]), (&["dead_letter"], &[]), (&[], &["discarded"])]
        {
            assert_eq!(complaint(&census(letters, audited), false), "", "{letters:?} {audited:?}");
        }
    }

    #[test]
    fn an_event_behind_the_mark_that_is_in_no_table_is_misplaced() {
        assert_eq!(complaint(&census(&[], &[]), false), "a/2 id-2: nowhere");
    }

    #[test]
    fn an_event_in_two_places_is_misplaced() {
        assert_eq!(complaint(&census(&["held", "dead_letter"], &[]), false), "a/2 id-2: held and dead_letter");
        assert_eq!(complaint(&census(&["retry", "retry"], &[]), false), "a/2 id-2: retry and retry");
        assert_eq!(complaint(&census(&["retry"], &["discarded"]), false), "a/2 id-2: retry and discarded");
    }

    #[test]
    fn an_event_that_is_applied_and_still_in_a_place_is_misplaced() {
        let mut census = census(&["dead_letter"], &[]);
        census.applied.push(known(2));
        assert_eq!(complaint(&census, false), "a/2 id-2: applied and dead_letter");
    }

    #[test]
    fn an_event_that_is_applied_again_is_twice_and_not_misplaced() {
        let mut census = census(&["held"], &[]);
        census.applied.push(known(1));
        assert_eq!(complaint(&census, false), "");
    }

    #[test]
    fn what_was_acknowledged_is_in_a_place_whether_or_not_a_mark_tells_of_it() {
        assert_eq!(complaint(&census(&["held"], &[]), true), "a/3 id-3: nowhere");
    }

    #[test]
    fn an_event_without_a_place_on_a_stream_was_taken_if_its_id_is_remembered() {
        let mut census = census(&["held"], &[]);
        census.taken.insert("id-3".to_owned());
        assert_eq!(complaint(&census, false), "a/3 id-3: nowhere");
    }

    #[test]
    fn the_accounts_hold_what_was_put_into_them() {
        let census = |balance| Census { applied: vec![known(4), known(7), known(12)], balance, ..Census::default() };
        assert_eq!(census(4).imbalance(), None);
        assert_eq!(census(3).imbalance().as_deref(), Some("the accounts hold 3, and 4 were put into them"));
    }

    #[test]
    fn what_every_build_reads_waits_for_none() {
        assert_eq!(Census::default().unread(), None);
        let census = Census { unread: 3, ..Census::default() };
        assert_eq!(census.unread().as_deref(), Some("3 events that every build reads were set aside"));
    }

    #[test]
    fn places_are_counted_in_the_order_of_an_events_way() {
        let mut census = census(&["held", "dead_letter"], &["discarded"]);
        let committed: Vec<Known> = (1..=4).map(known).collect();
        let text = census.places(&committed, &sent()).to_string();
        assert_eq!(text, "lag=2 gap=0 retry=0 held=1 awaiting_deploy=0 dead_letter=1 discarded=1 skipped=0");
        census.gaps.insert(("/s".into(), 7), 30);
        let text = census.places(&committed, &sent()).to_string();
        assert_eq!(text, "lag=1 gap=1 retry=0 held=1 awaiting_deploy=0 dead_letter=1 discarded=1 skipped=0");
    }
}
