//! Goes through every place of a schema, with a whole event around it that the decoder accepts.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use super::decoder::{Answer, Decoder};
use super::learned::{Learned, Role};
use super::{Candidate, Missed, lists, maps, objects, scalars, tags};
use crate::sample::{Document, Shape, escaped};
use crate::sample::{Fill, Sample, Sampler};

/// A schema with more places than this is looked at in part.
const MOST: usize = 20_000;
/// A place is tried again where it occurs elsewhere, this often.
const TRIES: usize = 4;
/// How many leaves of a value are tried with other texts at once, and how often.
const LEAVES: usize = 12;
const ROUNDS: usize = 6;

/// Texts that types of others may want where their schema says nothing but text.
const TEXTS: [&str; 30] = [
    "a",
    "A",
    "1",
    "0",
    "0.5",
    "-1",
    "EUR",
    "USD",
    "DE",
    "en",
    "en-US",
    "2024-01-02",
    "03:04:05",
    "2024-01-02T03:04:05Z",
    "2024-01-02T03:04:05",
    "01234567-89ab-7def-8123-456789abcdef",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "127.0.0.1",
    "::1",
    "127.0.0.1:80",
    "a@example.com",
    "example.com",
    "https://example.com/",
    "+4930123456",
    "#a0b1c2",
    "PT1S",
    "1.0.0",
    "AAAA",
    "00ff",
    "true",
];

/// Numbers that types of others may want.
const NUMBERS: [i64; 6] = [1, 2, 10, 100, 1_000, 1_700_000_000];

/// A place, and a whole event with something at it.
#[derive(Debug, Clone)]
struct Place {
    pointer: String,
    root: Value,
    at: String,
}

/// What a walk came to.
pub(super) struct Ends {
    /// The places of which no value was accepted.
    pub(super) missed: Vec<Missed>,
    /// The schemas that accepted values were described by.
    pub(super) covered: BTreeSet<String>,
    /// Values of leaves that were accepted where the plainest were not.
    pub(super) chosen: BTreeMap<String, Value>,
}

/// A value of a place that the decoder accepts.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) pointer: String,
    pub(super) shape: Shape,
    pub(super) value: Value,
    pub(super) answer: Answer,
    root: Value,
    pub(super) at: String,
}

impl Seen {
    /// The whole event with another value at the place.
    pub(super) fn with(&self, value: Value) -> Value {
        replaced(&self.root, &self.at, value)
    }

    /// What is written for the value.
    pub(super) fn written(&self) -> Option<&Value> {
        self.answer.written(&self.at)
    }
}

pub(super) struct Walk<'a> {
    pub(super) document: &'a Document<'a>,
    pub(super) role: Role,
    pub(super) candidates: BTreeMap<&'a str, BTreeSet<&'a str>>,
    pub(super) sampler: Sampler<'a>,
    decoder: &'a mut dyn Decoder,
    /// It ended, or doesn't answer any more.
    pub(super) is_gone: bool,
    learned: &'a mut Learned,
    open: VecDeque<Place>,
    done: BTreeSet<String>,
    covered: BTreeSet<String>,
    tried: BTreeMap<String, usize>,
    /// What the decoder said last of a place.
    refused: BTreeMap<String, String>,
    /// What is refused wherever a schema describes the value.
    refusals: BTreeMap<String, Vec<Value>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        document: &'a Document<'a>,
        role: Role,
        candidates: &'a [Candidate],
        decoder: &'a mut dyn Decoder,
        learned: &'a mut Learned,
    ) -> Self {
        let mut by_name: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for candidate in candidates {
            by_name.entry(&candidate.name).or_default().insert(&candidate.alias);
        }
        let root = Place { pointer: document.canonical(""), root: Value::Null, at: String::new() };
        Self {
            document,
            role,
            candidates: by_name,
            sampler: Sampler::new(document),
            decoder,
            is_gone: false,
            learned,
            open: VecDeque::from([root]),
            done: BTreeSet::new(),
            covered: BTreeSet::new(),
            tried: BTreeMap::new(),
            refused: BTreeMap::new(),
            refusals: BTreeMap::new(),
        }
    }

    pub(super) fn run(&mut self) {
        let mut places = 0;
        while let Some(place) = self.open.pop_front().filter(|_| !self.is_gone) {
            let tries = self.tried.entry(place.pointer.clone()).or_default();
            *tries += 1;
            places += 1;
            if *tries > TRIES || places > MOST {
                continue;
            }
            match self.done.contains(&place.pointer) {
                true => self.elsewhere(&place),
                false => self.place(&place),
            }
        }
        for (part, values) in std::mem::take(&mut self.refusals) {
            if !values.is_empty() {
                self.learn(&part, "refuses", Value::Array(values));
            }
        }
    }

    /// The values that one place of a schema refuses: a fact of the schema only where all of its places do.
    pub(super) fn refuses(&mut self, part: &str, values: Vec<Value>) {
        match self.refusals.get_mut(part) {
            Some(known) => known.retain(|value| values.contains(value)),
            None => drop(self.refusals.insert(part.to_owned(), values)),
        }
    }

    /// Whether a place whose schema is known from elsewhere refuses the same: it may have a reader of its own.
    fn elsewhere(&mut self, place: &Place) {
        for part in self.refusing(&place.pointer) {
            let values = self.refusals.get(&part).cloned().unwrap_or_default();
            let events: Vec<Value> =
                values.iter().map(|value| replaced(&place.root, &place.at, value.clone())).collect();
            let answers = self.ask(&events);
            let read = values.iter().zip(&answers).filter(|(_, answer)| answer.is_read()).map(|(value, _)| value);
            let read: Vec<&Value> = read.collect();
            self.refuses(&part, values.iter().filter(|value| !read.contains(value)).cloned().collect());
        }
    }

    /// The schemas of a place that refuse something.
    fn refusing(&self, pointer: &str) -> Vec<String> {
        let shapes = self.document.shapes(pointer);
        let parts: BTreeSet<&String> = shapes.iter().flat_map(|shape| &shape.parts).collect();
        let refuse = |part: &&String| self.refusals.get(*part).is_some_and(|values| !values.is_empty());
        parts.into_iter().filter(refuse).cloned().collect()
    }

    pub(super) fn ends(self) -> Ends {
        let chosen = self.sampler.chosen().clone();
        let (done, mut refused) = (self.done, self.refused);
        let missed = self.tried.into_keys().filter(|pointer| !done.contains(pointer));
        let missed = missed.map(|pointer| Missed { error: refused.remove(&pointer).unwrap_or_default(), pointer });
        Ends { missed: missed.collect(), covered: self.covered, chosen }
    }

    pub(super) fn ask(&mut self, values: &[Value]) -> Vec<Answer> {
        if values.is_empty() || self.is_gone {
            return Vec::new();
        }
        let answers = self.decoder.decode(values);
        self.is_gone = answers.len() != values.len();
        answers
    }

    /// The answer to one value; of a decoder that is gone nothing is believed in the end.
    pub(super) fn ask_one(&mut self, value: Value) -> Answer {
        self.ask(&[value]).pop().unwrap_or_else(|| Answer::Refused(String::new()))
    }

    pub(super) fn learn(&mut self, pointer: &str, name: &'static str, value: Value) {
        self.learned.add(self.role, pointer, name, value);
    }

    fn place(&mut self, place: &Place) {
        let shapes = self.document.shapes(&place.pointer);
        let seen: Vec<Seen> = shapes.iter().filter_map(|shape| self.see(place, shape)).collect();
        if !seen.is_empty() {
            self.done.insert(place.pointer.clone());
        }
        for seen in &seen {
            self.covered.extend(seen.shape.parts.iter().cloned());
            match self.document.kinds(&seen.shape).first().copied() {
                Some("object") => self.object(seen),
                Some("array") => {
                    lists::learn(self, seen);
                    self.items(seen);
                }
                _ => scalars::learn(self, seen),
            }
        }
        if self.role == Role::Reader {
            tags::learn(self, &seen);
            objects::learn_of_siblings(self, &seen);
        }
    }

    fn object(&mut self, seen: &Seen) {
        objects::learn(self, seen);
        for (name, pointer) in self.document.properties(&seen.shape) {
            self.go_to(seen, &pointer, name);
        }
        if let Some((values, part)) = self.document.map_values(&seen.shape)
            && let Some(key) = maps::learn(self, seen, &values, &part)
        {
            self.go_to(seen, &values, &key);
        }
    }

    fn items(&mut self, seen: &Seen) {
        let mut below: Vec<(String, usize)> = Vec::new();
        for (part, said) in self.document.said(&seen.shape, "prefixItems") {
            let count = said.as_array().map_or(0, Vec::len);
            below.extend((0..count).map(|at| (format!("{part}/prefixItems/{at}"), at)));
        }
        let end = seen.value.as_array().map_or(0, Vec::len);
        let rest = self
            .document
            .said(&seen.shape, "items")
            .filter(|(_, said)| said.is_object() || said == &&Value::Bool(true));
        below.extend(rest.map(|(part, _)| (format!("{part}/items"), end)).collect::<Vec<_>>());
        for (pointer, at) in below {
            self.go_to(seen, &pointer, &at.to_string());
        }
    }

    /// A part of the value is a place to go to.
    fn go_to(&mut self, seen: &Seen, pointer: &str, token: &str) {
        let pointer = self.document.canonical(pointer);
        if self.done.contains(&pointer) && self.refusing(&pointer).is_empty() {
            return;
        }
        let mut value = seen.value.clone();
        match &mut value {
            Value::Object(object) => drop(object.entry(token).or_insert(Value::Null)),
            Value::Array(items) if token.parse() == Ok(items.len()) => items.push(Value::Null),
            _ => {}
        }
        self.open.push_back(Place { pointer, root: seen.with(value), at: format!("{}/{}", seen.at, escaped(token)) });
    }

    /// A value of the shape that the decoder accepts: the smallest, the fullest, or one with other leaves in it.
    fn see(&mut self, place: &Place, shape: &Shape) -> Option<Seen> {
        for fill in [Fill::Required, Fill::All] {
            for _ in 0..ROUNDS {
                let Some(sample) = self.sampler.of_shape(shape, fill) else { break };
                match self.tried(place, sample) {
                    Ok((value, answer)) => return Some(seen(place, shape, value, answer)),
                    // A reader of the user's own may demand what the schema lets be absent.
                    Err(error) if self.sampler.demand(missing(&error)) => {}
                    Err(error) => {
                        self.refused.insert(place.pointer.clone(), error);
                        break;
                    }
                }
            }
        }
        None
    }

    /// Tries a sample, and others at each leaf; goes on with what lets the decoder come further. The last error otherwise.
    fn tried(&mut self, place: &Place, mut sample: Sample) -> Result<(Value, Answer), String> {
        let whole = |value: &Value| replaced(&place.root, &place.at, value.clone());
        let answer = self.ask_one(whole(&sample.value));
        let Some(mut error) = answer.error().map(str::to_owned) else { return Ok((sample.value, answer)) };
        let mut left = left_after(&error, &whole(&sample.value));
        for _ in 0..ROUNDS {
            let tries = other_leaves(&sample);
            let events: Vec<Value> = tries.iter().map(|(.., value)| whole(value)).collect();
            let answers = self.ask(&events);
            let Some((at, now)) = furthest(&answers, &events, (&error, left)) else { break };
            let Some((leaf, instead, value)) = tries.into_iter().nth(at) else { break };
            self.sampler.choose(&leaf, instead);
            match answers.into_iter().nth(at) {
                Some(Answer::Refused(further)) => (sample.value, left, error) = (value, now, further),
                Some(answer) => return Ok((value, answer)),
                None => break,
            }
        }
        Err(error)
    }
}

/// The first that is read, else the one of which the least was left unread: less than before, or as much for another
/// reason.
fn furthest(answers: &[Answer], events: &[Value], before: (&str, Option<usize>)) -> Option<(usize, Option<usize>)> {
    if let Some(read) = answers.iter().position(Answer::is_read) {
        return Some((read, None));
    }
    let (error, left) = before;
    let remains = answers.iter().zip(events).enumerate().filter_map(|(at, (answer, event))| {
        let now = left_after(answer.error()?, event)?;
        let further =
            left.is_some_and(|left| now < left || now == left && answer.error().map(reason) != Some(reason(error)));
        further.then_some((at, Some(now)))
    });
    remains.min_by_key(|(_, now)| *now)
}

/// What serde says, without where.
fn reason(error: &str) -> &str {
    error.split(" at line ").next().unwrap_or(error)
}

/// The field that serde misses.
fn missing(error: &str) -> Option<&str> {
    error.strip_prefix("missing field `")?.split('`').next()
}

fn seen(place: &Place, shape: &Shape, value: Value, answer: Answer) -> Seen {
    let root = replaced(&place.root, &place.at, value.clone());
    Seen { pointer: place.pointer.clone(), shape: shape.clone(), value, answer, root, at: place.at.clone() }
}

/// The sample with one leaf changed: the leaf's schema, what it is now, the whole.
fn other_leaves(sample: &Sample) -> Vec<(String, Value, Value)> {
    let mut others = Vec::new();
    for (path, leaf) in sample.leaves.iter().take(LEAVES) {
        let instead: Vec<Value> = match sample.value.pointer(path) {
            Some(Value::String(_)) => TEXTS.map(Value::from).to_vec(),
            Some(Value::Number(_)) => NUMBERS.map(Value::from).to_vec(),
            Some(Value::Bool(said)) => vec![Value::Bool(!said)],
            _ => Vec::new(),
        };
        others.extend(
            instead.into_iter().map(|other| (leaf.clone(), other.clone(), replaced(&sample.value, path, other))),
        );
    }
    others
}

fn replaced(root: &Value, at: &str, value: Value) -> Value {
    if at.is_empty() {
        return value;
    }
    let mut root = root.clone();
    if let Some(place) = root.pointer_mut(at) {
        *place = value;
    }
    root
}

/// How much of the text was still unread where serde stopped.
fn left_after(error: &str, value: &Value) -> Option<usize> {
    let column: usize = error.rsplit_once("at line 1 column ")?.1.trim().parse().ok()?;
    value.to_string().len().checked_sub(column)
}
