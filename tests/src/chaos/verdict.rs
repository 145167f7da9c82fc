//! What is right and what is wrong, as a function of what was committed, what was sent and what was applied.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;

use super::site::is_ordered;

/// An event, as a table or the broker knows it: the number `n` of its key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Known {
    pub key: String,
    pub n: i64,
    pub id: String,
}

impl Known {
    pub fn new(key: &str, n: i64, id: &str) -> Self {
        Self { key: key.to_owned(), n, id: id.to_owned() }
    }
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{} {}", self.key, self.n, self.id)
    }
}

/// What happened in a run.
#[derive(Debug, Default)]
pub struct Facts {
    /// Every event whose transaction was committed.
    pub committed: Vec<Known>,
    /// Every event that the broker took, in its order, repeats included.
    pub sent: Vec<Known>,
    /// Every event that a handler wrote down, in the order of writing.
    pub applied: Vec<Known>,
    /// All that had been committed in each producers' database that was put back to an earlier point.
    pub histories: Vec<Vec<Known>>,
    /// The ids of those that need not be applied: they are elsewhere.
    pub elsewhere: HashSet<String>,
    /// Those that were seen in no place, or in more than one, at some moment of the run; and where.
    pub misplaced: BTreeMap<Known, String>,
    /// How many processes were killed.
    pub kills: usize,
    pub seed: u64,
}

/// What was committed, and is not since the database was put back. No ghosts: who was told of it may have acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vanished {
    events: usize,
    sent: usize,
    applied: usize,
}

impl fmt::Display for Vanished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { events, sent, applied } = self;
        write!(f, "of {events} events that are gone {sent} were sent and {applied} applied")
    }
}

/// The judgement on a run.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict {
    committed: usize,
    sent: usize,
    applied: usize,
    /// Committed, but never sent, or neither applied nor elsewhere.
    lost: Vec<Known>,
    /// Applied again.
    twice: Vec<Known>,
    /// First sent, or first applied, after a later one of its key.
    inversions: BTreeSet<Known>,
    /// In no place, or in more than one; and where.
    misplaced: BTreeMap<Known, String>,
    /// Sent or applied, but never committed.
    ghosts: Vec<Known>,
    /// How many were committed whose order is not promised.
    unordered: usize,
    vanished: Option<Vanished>,
    kills: usize,
    seed: u64,
}

impl Verdict {
    pub fn of(facts: &Facts) -> Self {
        let committed: HashSet<&Known> = facts.committed.iter().collect();
        let (sent, applied) = (first_of_each(&facts.sent), first_of_each(&facts.applied));
        let (was_sent, was_applied): (HashSet<&Known>, HashSet<&Known>) =
            (sent.iter().copied().collect(), applied.iter().copied().collect());
        let is_settled = |event: &Known| was_applied.contains(event) || facts.elsewhere.contains(&event.id);
        let is_lost = |event: &&Known| !(was_sent.contains(event) && is_settled(event));
        let vanished: HashSet<&Known> = facts.histories.iter().flatten().filter(|e| !committed.contains(e)).collect();
        let is_ghost = |event: &&&Known| !committed.contains(**event) && !vanished.contains(**event);
        let ghosts: BTreeSet<&Known> = was_sent.union(&was_applied).filter(is_ghost).copied().collect();
        let in_histories = facts.histories.iter().map(|history| history.iter().collect::<HashSet<_>>());
        let inversions = in_histories
            .chain([committed.union(&ghosts.iter().copied().collect()).copied().collect()])
            .flat_map(|history| inverted(&sent, &history).chain(inverted(&applied, &history)).collect::<Vec<_>>());
        Self {
            committed: facts.committed.len(),
            sent: facts.sent.len(),
            applied: facts.applied.len(),
            lost: facts.committed.iter().filter(is_lost).cloned().collect(),
            twice: repeats(&facts.applied),
            inversions: inversions.collect(),
            misplaced: facts.misplaced.clone(),
            ghosts: ghosts.into_iter().cloned().collect(),
            unordered: facts.committed.iter().filter(|event| !is_ordered(&event.key)).count(),
            vanished: (!facts.histories.is_empty()).then(|| Vanished {
                events: vanished.len(),
                sent: vanished.intersection(&was_sent).count(),
                applied: vanished.intersection(&was_applied).count(),
            }),
            kills: facts.kills,
            seed: facts.seed,
        }
    }

    /// What is no longer committed, if a producers' database was put back.
    pub fn vanished(&self) -> Option<Vanished> {
        self.vanished
    }

    /// How many events were committed of which only their order is not promised.
    pub fn unordered(&self) -> usize {
        self.unordered
    }

    /// Whether every promise was kept.
    pub fn is_good(&self) -> bool {
        let is_right = self.lost.is_empty() && self.twice.is_empty() && self.inversions.is_empty();
        is_right && self.misplaced.is_empty() && self.ghosts.is_empty()
    }

    /// A line for each of the first wrongs of every kind. Ghosts are named here alone.
    pub fn wrongs(&self) -> Vec<String> {
        let lines = |what: &'static str, events: Vec<String>| {
            let more = events.len().saturating_sub(NAMED);
            let named: Vec<_> = events.into_iter().take(NAMED).map(|event| format!("{what}: {event}")).collect();
            named.into_iter().chain((more > 0).then(|| format!("{what}: and {more} more")))
        };
        let kinds: [(&str, Vec<String>); 5] = [
            ("ghost", self.ghosts.iter().map(Known::to_string).collect()),
            ("lost", self.lost.iter().map(Known::to_string).collect()),
            ("twice", self.twice.iter().map(Known::to_string).collect()),
            ("inversion", self.inversions.iter().map(Known::to_string).collect()),
            ("misplaced", self.misplaced.iter().map(|(event, places)| format!("{event}: {places}")).collect()),
        ];
        kinds.into_iter().flat_map(|(what, events)| lines(what, events)).collect()
    }
}

/// How many events of each kind of wrong are named.
const NAMED: usize = 10;

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { committed, sent, applied, kills, seed, .. } = self;
        let (lost, twice, inversions) = (self.lost.len(), self.twice.len(), self.inversions.len());
        let misplaced = self.misplaced.len();
        write!(f, "committed={committed} sent={sent} applied={applied} lost={lost} twice={twice} ")?;
        write!(f, "inversions={inversions} misplaced={misplaced} kills={kills} seed={seed}")
    }
}

fn first_of_each(events: &[Known]) -> Vec<&Known> {
    let mut seen = HashSet::new();
    events.iter().filter(|event| seen.insert(*event)).collect()
}

fn repeats(events: &[Known]) -> Vec<Known> {
    let mut seen = HashSet::new();
    events.iter().filter(|event| !seen.insert(&event.id)).cloned().collect()
}

/// Those of a history that come after a later one of their key, where the order of the key is promised.
fn inverted<'e>(events: &[&'e Known], history: &HashSet<&Known>) -> impl Iterator<Item = Known> + use<'e> {
    let mut latest: HashMap<&str, i64> = HashMap::new();
    let mut found = Vec::new();
    for event in events.iter().filter(|event| is_ordered(&event.key) && history.contains(*event)) {
        let latest = latest.entry(&event.key).or_insert(event.n);
        if event.n < *latest {
            found.push((*event).clone());
        }
        *latest = (*latest).max(event.n);
    }
    found.into_iter()
}

/// Whether the two books of the writers agree: each key has the events from 1 to its counter.
///
/// # Errors
/// The first key of which they don't.
pub fn audit(counters: &BTreeMap<String, i64>, committed: &[Known]) -> Result<(), String> {
    let mut numbers: BTreeMap<&str, Vec<i64>> = counters.keys().map(|key| (key.as_str(), Vec::new())).collect();
    committed.iter().for_each(|event| numbers.entry(&event.key).or_default().push(event.n));
    for (key, mut numbers) in numbers {
        numbers.sort_unstable();
        let counter = counters.get(key).copied().unwrap_or_default();
        if !numbers.iter().copied().eq(1..=counter) {
            return Err(format!("the counter of `{key}` is {counter}, and its events are {numbers:?}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(names: &[&str]) -> Vec<Known> {
        let known = |name: &&str| {
            let (key, n) = name.split_once('/').unwrap();
            Known::new(key, n.parse().unwrap(), name)
        };
        names.iter().map(known).collect()
    }

    fn judge(committed: &[&str], sent: &[&str], applied: &[&str]) -> Verdict {
        let (committed, sent, applied) = (events(committed), events(sent), events(applied));
        Verdict::of(&Facts { committed, sent, applied, kills: 3, seed: 42, ..Facts::default() })
    }

    #[test]
    fn repeats_on_the_wire_are_fine() {
        let verdict = judge(&["a/1", "a/2", "b/1"], &["a/1", "a/2", "a/1", "b/1", "a/2"], &["a/1", "b/1", "a/2"]);
        assert!(verdict.is_good());
        assert_eq!(
            verdict.to_string(),
            "committed=3 sent=5 applied=3 lost=0 twice=0 inversions=0 misplaced=0 kills=3 seed=42"
        );
        assert_eq!(verdict.wrongs(), [""; 0]);
    }

    #[test]
    fn what_was_committed_and_not_sent_or_not_applied_is_lost() {
        let verdict = judge(&["a/1", "a/2", "a/3"], &["a/1", "a/2"], &["a/1"]);
        assert!(!verdict.is_good());
        assert_eq!(
            verdict.to_string(),
            "committed=3 sent=2 applied=1 lost=2 twice=0 inversions=0 misplaced=0 kills=3 seed=42"
        );
        assert_eq!(verdict.wrongs(), ["lost: a/2 a/2", "lost: a/3 a/3"]);
    }

    #[test]
    fn what_is_elsewhere_need_not_be_applied_but_must_be_sent() {
        let (committed, sent) = (events(&["a/1", "a/2", "a/3"]), events(&["a/1", "a/2"]));
        let mut facts = Facts { committed, sent, applied: events(&["a/1"]), ..Facts::default() };
        facts.elsewhere = ["a/2".to_owned(), "a/3".to_owned()].into();
        assert_eq!(Verdict::of(&facts).wrongs(), ["lost: a/3 a/3"]);
    }

    #[test]
    fn what_is_misplaced_is_named_with_its_places() {
        let (committed, applied) = (events(&["a/1"]), events(&["a/1"]));
        let mut facts = Facts { sent: committed.clone(), committed, applied, ..Facts::default() };
        facts.misplaced.insert(Known::new("a", 1, "a/1"), "applied and held".to_owned());
        let verdict = Verdict::of(&facts);
        assert!(!verdict.is_good());
        assert_eq!(verdict.wrongs(), ["misplaced: a/1 a/1: applied and held"]);
        assert!(verdict.to_string().contains(" inversions=0 misplaced=1 kills=0 "), "{verdict}");
    }

    #[test]
    fn what_was_applied_again_is_twice() {
        let verdict = judge(&["a/1"], &["a/1"], &["a/1", "a/1", "a/1"]);
        assert!(!verdict.is_good());
        assert_eq!(
            verdict.to_string(),
            "committed=1 sent=1 applied=3 lost=0 twice=2 inversions=0 misplaced=0 kills=3 seed=42"
        );
    }

    #[test]
    fn a_first_delivery_after_a_later_one_is_an_inversion() {
        let verdict = judge(&["a/1", "a/2"], &["a/2", "a/1"], &["a/1", "a/2"]);
        assert!(!verdict.is_good());
        assert_eq!(verdict.wrongs(), ["inversion: a/1 a/1"]);
    }

    #[test]
    fn what_was_committed_raw_may_come_in_any_order_and_must_come_once() {
        let verdict = judge(&["r01/1", "r01/2"], &["r01/2", "r01/1"], &["r01/2", "r01/1"]);
        assert!(verdict.is_good());
        assert_eq!(verdict.unordered(), 2);
        assert_eq!(judge(&["r01/1", "r01/2"], &["r01/2"], &["r01/2", "r01/2"]).wrongs().len(), 2);
    }

    #[test]
    fn an_event_out_of_order_on_both_sides_is_one_inversion() {
        let verdict = judge(&["a/1", "a/2"], &["a/2", "a/1"], &["a/2", "a/1"]);
        assert_eq!(
            verdict.to_string(),
            "committed=2 sent=2 applied=2 lost=0 twice=0 inversions=1 misplaced=0 kills=3 seed=42"
        );
        let applied_alone = judge(&["a/1", "a/2"], &["a/1", "a/2"], &["a/2", "a/1"]);
        assert_eq!(applied_alone.wrongs(), ["inversion: a/1 a/1"]);
    }

    #[test]
    fn what_was_never_committed_is_a_ghost() {
        let mut facts = Facts { committed: events(&["a/1"]), ..Facts::default() };
        facts.sent = events(&["a/1"]);
        facts.sent.push(Known::new("a", 1, "of a transaction that was rolled back"));
        facts.applied = events(&["a/1"]);
        let verdict = Verdict::of(&facts);
        assert!(!verdict.is_good());
        assert_eq!(verdict.wrongs(), ["ghost: a/1 of a transaction that was rolled back"]);
    }

    #[test]
    fn what_a_restore_took_back_is_no_ghost_and_has_its_order_in_its_own_history() {
        let (old, new) = (Known::new("a", 2, "of the history that is gone"), Known::new("a", 2, "a/2"));
        let later = Known::new("a", 3, "a later one that is gone");
        let mut facts = Facts { committed: events(&["a/1", "a/2"]), ..Facts::default() };
        facts.histories = vec![[&events(&["a/1"])[..], &[old.clone(), later.clone()]].concat()];
        facts.sent = vec![events(&["a/1"])[0].clone(), old.clone(), later.clone(), new.clone()];
        facts.applied = facts.sent.clone();
        let verdict = Verdict::of(&facts);
        assert_eq!(verdict.wrongs(), [""; 0]);
        let gone = verdict.vanished().unwrap().to_string();
        assert_eq!(gone, "of 2 events that are gone 2 were sent and 2 applied");
        facts.applied.swap(1, 2);
        assert_eq!(Verdict::of(&facts).wrongs(), ["inversion: a/2 of the history that is gone"]);
        facts.applied.push(old);
        assert_eq!(Verdict::of(&facts).wrongs()[0], "twice: a/2 of the history that is gone");
    }

    #[test]
    fn what_is_first_applied_after_a_restore_is_in_the_order_of_what_is_committed() {
        let mut facts = Facts { committed: events(&["a/1", "a/2"]), ..Facts::default() };
        facts.histories = vec![events(&["a/1"])];
        facts.sent = events(&["a/2", "a/1"]);
        facts.applied = events(&["a/1", "a/2"]);
        assert_eq!(Verdict::of(&facts).wrongs(), ["inversion: a/1 a/1"]);
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (1..=30).map(|n| format!("a/{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let wrongs = judge(&names, &[], &[]).wrongs();
        assert_eq!((wrongs.len(), wrongs.last().map(String::as_str)), (11, Some("lost: and 20 more")));
    }

    #[test]
    fn the_books_of_the_writers_must_agree() {
        let counters: BTreeMap<String, i64> = [("a".to_owned(), 2), ("b".to_owned(), 0)].into();
        assert_eq!(audit(&counters, &events(&["a/2", "a/1"])), Ok(()));
        for wrong in [&["a/1"][..], &["a/1", "a/2", "a/2"], &["a/1", "a/2", "b/1"], &["a/1", "a/3"]] {
            assert!(audit(&counters, &events(wrong)).is_err(), "{wrong:?}");
        }
    }
}
