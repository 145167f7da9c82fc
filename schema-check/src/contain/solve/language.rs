//! Texts and patterns: whether a text matches, and whether there is a text that matches all of some patterns and none
//! of others.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use regex_automata::dfa::dense::{BuildError, Builder, Config, DFA};
use regex_automata::dfa::{Automaton, StartKind};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};
use serde_json::{Value, json};

/// A pattern that a text matches in some place.
pub(super) type Pattern = Rc<DFA<Vec<u32>>>;

/// Patterns, compiled once.
pub(crate) struct Language {
    /// How large an automaton may get, in bytes.
    largest: usize,
    patterns: HashMap<Rc<str>, Option<Pattern>>,
    exact: HashMap<Rc<str>, Option<jsonschema::Validator>>,
}

/// What a search for a text found.
pub(super) enum Search {
    Found(String),
    Nothing,
    GaveUp,
}

/// How far a search goes.
const MOST_STATES: usize = 60_000;
const LARGEST: usize = 4 << 20;

/// The same where a text is only wished for.
const SMALL: usize = 128 << 10;

fn compile(pattern: &str, largest: usize) -> Result<DFA<Vec<u32>>, Box<BuildError>> {
    let config = Config::new()
        .match_kind(MatchKind::All)
        .start_kind(StartKind::Unanchored)
        .dfa_size_limit(Some(largest))
        .determinize_size_limit(Some(largest));
    let nfa = thompson::Config::new().nfa_size_limit(Some(largest));
    Builder::new().configure(config).thompson(nfa).build(pattern).map_err(Box::new)
}

impl Default for Language {
    fn default() -> Self {
        Self { largest: LARGEST, patterns: HashMap::new(), exact: HashMap::new() }
    }
}

impl Language {
    /// A language that gives large patterns up soon.
    pub(crate) fn small() -> Self {
        Self { largest: SMALL, ..Self::default() }
    }

    /// The automaton of an ECMA pattern; `None` for one that automata can't do, such as look-around.
    pub(super) fn pattern(&mut self, pattern: &Rc<str>) -> Option<Pattern> {
        if let Some(known) = self.patterns.get(pattern) {
            return known.clone();
        }
        let largest = self.largest;
        let compiled = jsonschema_regex::to_rust_regex(pattern).ok();
        let compiled = compiled.and_then(|rust| compile(&rust, largest).ok()).map(Rc::new);
        self.patterns.insert(pattern.clone(), compiled.clone());
        compiled
    }

    /// Whether a text matches a pattern; `None` for a pattern that is none.
    pub(super) fn matches(&mut self, pattern: &Rc<str>, text: &str) -> Option<bool> {
        if let Some(automaton) = self.pattern(pattern) {
            let mut state = State::start(&automaton)?;
            for byte in text.bytes() {
                state = state.step(&automaton, byte);
            }
            return Some(state.is_matched(&automaton));
        }
        let validator = self
            .exact
            .entry(pattern.clone())
            .or_insert_with(|| jsonschema::options().offline().build(&json!({"pattern": pattern.as_ref()})).ok());
        validator.as_ref().map(|validator| validator.is_valid(&Value::String(text.to_owned())))
    }
}

/// A short text that matches a pattern, or doesn't; `None` if there is none or it isn't found.
pub(crate) fn sample(language: &mut Language, pattern: &Rc<str>, yes: bool) -> Option<String> {
    sample_within(language, pattern, yes, (0, u64::MAX))
}

/// The same with a length in code points.
pub(crate) fn sample_within(
    language: &mut Language,
    pattern: &Rc<str>,
    yes: bool,
    (least, most): (u64, u64),
) -> Option<String> {
    let automaton = language.pattern(pattern)?;
    match search(&Wanted { patterns: &[(automaton, yes)], least, most }) {
        Search::Found(text) => Some(text),
        _ => None,
    }
}

/// Where a text has got to in an automaton.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum State {
    Matched,
    Dead,
    At(StateID),
}

impl State {
    fn start(automaton: &DFA<Vec<u32>>) -> Option<Self> {
        let state = automaton.start_state(&start::Config::new().anchored(Anchored::No)).ok()?;
        Some(Self::enter(automaton, state))
    }

    fn enter(automaton: &DFA<Vec<u32>>, state: StateID) -> Self {
        if automaton.is_match_state(state) {
            Self::Matched
        } else if automaton.is_dead_state(state) {
            Self::Dead
        } else {
            Self::At(state)
        }
    }

    fn step(self, automaton: &DFA<Vec<u32>>, byte: u8) -> Self {
        match self {
            Self::At(state) => Self::enter(automaton, automaton.next_state(state, byte)),
            settled => settled,
        }
    }

    fn is_matched(self, automaton: &DFA<Vec<u32>>) -> bool {
        match self {
            Self::Matched => true,
            Self::Dead => false,
            Self::At(state) => automaton.is_match_state(automaton.next_eoi_state(state)),
        }
    }
}

/// What a text must be like: the patterns that it matches or doesn't, and its length in code points.
pub(super) struct Wanted<'a> {
    pub(super) patterns: &'a [(Pattern, bool)],
    pub(super) least: u64,
    pub(super) most: u64,
}

/// The shortest text that is wanted.
pub(super) fn search(wanted: &Wanted<'_>) -> Search {
    let counts = if wanted.least == 0 && wanted.most == u64::MAX { Counts::No } else { Counts::Yes };
    if counts == Counts::Yes {
        let free = Wanted { patterns: wanted.patterns, least: 0, most: u64::MAX };
        match Walk::new(&free, Counts::No).run() {
            Search::Found(text) if fits(&text, wanted) => return Search::Found(text),
            Search::Nothing => return Search::Nothing,
            _ => {}
        }
    }
    Walk::new(wanted, counts).run()
}

fn fits(text: &str, wanted: &Wanted<'_>) -> bool {
    let length = text.chars().count() as u64;
    wanted.least <= length && length <= wanted.most
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    Yes,
    No,
}

type Place = (Vec<State>, u8, u64);

struct Walk<'w> {
    wanted: &'w Wanted<'w>,
    counts: Counts,
    seen: HashMap<Place, usize>,
    /// Each place with where it was reached from.
    places: Vec<(Place, usize, u8)>,
    queue: VecDeque<usize>,
}

impl<'w> Walk<'w> {
    fn new(wanted: &'w Wanted<'w>, counts: Counts) -> Self {
        Self { wanted, counts, seen: HashMap::new(), places: Vec::new(), queue: VecDeque::new() }
    }

    fn run(mut self) -> Search {
        let starts: Option<Vec<State>> =
            self.wanted.patterns.iter().map(|(pattern, _)| State::start(pattern)).collect();
        let Some(starts) = starts else { return Search::GaveUp };
        self.reach((starts, 0, 0), 0, 0);
        while let Some(at) = self.queue.pop_front() {
            let Some((place, ..)) = self.places.get(at).cloned() else { continue };
            if self.is_goal(&place) {
                return self.text(at).map_or(Search::GaveUp, Search::Found);
            }
            if self.places.len() > MOST_STATES {
                return Search::GaveUp;
            }
            for byte in ALPHABET {
                if let Some(next) = self.next(&place, *byte) {
                    self.reach(next, at, *byte);
                }
            }
        }
        Search::Nothing
    }

    fn reach(&mut self, place: Place, from: usize, byte: u8) {
        if self.seen.contains_key(&place) {
            return;
        }
        let number = self.places.len();
        self.seen.insert(place.clone(), number);
        self.places.push((place, from, byte));
        self.queue.push_back(number);
    }

    fn is_goal(&self, (states, within, count): &Place) -> bool {
        let long_enough = self.counts == Counts::No || *count >= self.wanted.least;
        let mut each = states.iter().zip(self.wanted.patterns);
        *within == 0 && long_enough && each.all(|(state, (pattern, yes))| state.is_matched(pattern) == *yes)
    }

    fn next(&self, (states, within, count): &Place, byte: u8) -> Option<Place> {
        let within = utf8(*within, byte)?;
        let begins = byte & 0xC0 != 0x80;
        let mut count = *count;
        if begins && self.counts == Counts::Yes {
            count += 1;
            if count > self.wanted.most {
                return None;
            }
            if self.wanted.most == u64::MAX {
                count = count.min(self.wanted.least);
            }
        }
        let mut next = Vec::with_capacity(states.len());
        for (state, (pattern, yes)) in states.iter().zip(self.wanted.patterns) {
            let state = state.step(pattern, byte);
            let lost = if *yes { State::Dead } else { State::Matched };
            if state == lost {
                return None;
            }
            next.push(state);
        }
        Some((next, within, count))
    }

    fn text(&self, at: usize) -> Option<String> {
        let (mut at, mut bytes) = (at, Vec::new());
        while at != 0 {
            let (_, from, byte) = self.places.get(at)?;
            bytes.push(*byte);
            at = *from;
        }
        bytes.reverse();
        String::from_utf8(bytes).ok()
    }
}

/// The next state of a check for UTF-8: 0 between code points, 1 to 3 bytes to come, above that with a narrower next.
fn utf8(within: u8, byte: u8) -> Option<u8> {
    let tail = |low, high, then| (low..=high).contains(&byte).then_some(then);
    match within {
        0 => match byte {
            0x00..=0x7F => Some(0),
            0xC2..=0xDF => Some(1),
            0xE0 => Some(4),
            0xE1..=0xEC | 0xEE..=0xEF => Some(2),
            0xED => Some(5),
            0xF0 => Some(6),
            0xF1..=0xF3 => Some(3),
            0xF4 => Some(7),
            _ => None,
        },
        1 => tail(0x80, 0xBF, 0),
        2 => tail(0x80, 0xBF, 1),
        3 => tail(0x80, 0xBF, 2),
        4 => tail(0xA0, 0xBF, 1),
        5 => tail(0x80, 0x9F, 1),
        6 => tail(0x90, 0xBF, 2),
        _ => tail(0x80, 0x8F, 2),
    }
}

/// All bytes, the readable ones first.
static ALPHABET: &[u8; 256] = &alphabet();

const fn alphabet() -> [u8; 256] {
    let first = *b"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_./: ";
    let mut bytes = [0; 256];
    let mut taken = [false; 256];
    let mut at = 0;
    while at < first.len() {
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
        {
            bytes[at] = first[at];
            taken[first[at] as usize] = true;
        }
        at += 1;
    }
    let mut byte = 32;
    let mut left = 256;
    while left > 0 {
        let this = byte % 256;
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
        if !taken[this] {
            #[expect(clippy::cast_possible_truncation, reason = "below 256")]
            {
                bytes[at] = this as u8;
            }
            at += 1;
        }
        byte += 1;
        left -= 1;
    }
    bytes
}
