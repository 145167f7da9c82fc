//! The thorough way: lower both schemas, ask the judges, and look for a witness.

use serde_json::Value;

use super::draft::{Draft, Drafts};
use super::oracle::{self, Oracle};
use super::solve::{self, Circles, Outcome};
use super::{Options, Pair, Semantics, Verdict, canonical, finite, lower, witness};

/// Schemas that nest deeper than this aren't looked into.
const DEEPEST: usize = 200;
/// The stack of the thread that works on a pair.
const STACK: usize = 64 << 20;

/// Decides a pair on a stack that is large enough for what passes the limits.
pub(super) fn decide(writer: &Value, reader: Pair<'_>, drafts: Drafts, options: &Options) -> Verdict {
    if deeper_than(writer, DEEPEST) || deeper_than(reader.reader, DEEPEST) {
        return Verdict::unknown(format!("the schema nests deeper than {DEEPEST} levels"));
    }
    std::thread::scope(|scope| {
        let work = std::thread::Builder::new().stack_size(STACK);
        match work.spawn_scoped(scope, || decide_here(writer, reader, drafts, options)) {
            Ok(thread) => thread.join().unwrap_or_else(|_| Verdict::unknown("a judge gave up on the schema")),
            Err(_) => Verdict::unknown("no thread could be started"),
        }
    })
}

fn decide_here(writer: &Value, reader: Pair<'_>, drafts: Drafts, options: &Options) -> Verdict {
    let events = options.semantics == Semantics::Events;
    if !events {
        return judge(writer, reader.reader, drafts, events);
    }
    match judge(&lower::writer(writer, drafts.writer), &lower::reader(reader), drafts, events) {
        Verdict::Breaking { counterexample } if !is_written(writer, drafts.writer, &counterexample) => {
            Verdict::unknown("what is left when the writer is closed is not what it describes")
        }
        verdict => verdict,
    }
}

/// Whether the writer describes a value also before it is lowered: closing a branch can make a `oneOf` wider.
fn is_written(writer: &Value, draft: Draft, value: &Value) -> bool {
    Written::new(writer, draft).is_ok_and(|writer| writer.accepts(value))
}

/// The writer as it was given.
pub(super) struct Written(Oracle);

impl Written {
    pub(super) fn new(writer: &Value, draft: Draft) -> Result<Self, String> {
        Oracle::new(writer, draft, true).map(Self)
    }

    pub(super) fn accepts(&self, value: &Value) -> bool {
        self.0.accepts(value)
    }
}

/// Judges two plain schemas.
fn judge(writer: &Value, reader: &Value, drafts: Drafts, events: bool) -> Verdict {
    let witnesses = match Witnesses::new(writer, reader, drafts, events) {
        Ok(witnesses) => witnesses,
        Err(reason) => return Verdict::unknown(reason),
    };
    if !events && drafts.writer == drafts.reader && writer == reader {
        return Verdict::Compatible;
    }
    let reason = match solve::difference(writer, reader, drafts, events) {
        Outcome::Nothing(_) => return Verdict::Compatible,
        Outcome::Found(value, doubt) => match witnesses.check(value) {
            Some(breaking) => return breaking,
            None => doubt.unwrap_or_else(|| "a counterexample did not stand up to validation".into()),
        },
        Outcome::Unknown(reason) => reason,
    };
    let circles = solve::circles(writer, reader, drafts);
    if circles == Circles::Endless {
        return Verdict::unknown(reason.as_ref());
    }
    // The other judge needs memory without limit for some recursive schemas.
    let asked = !events && circles == Circles::None && drafts.writer == drafts.reader;
    if asked && canonical::covers(writer, reader, drafts.reader) {
        return Verdict::Compatible;
    }
    if let Some(verdict) = try_each(writer, &witnesses, events || drafts.writer.min(drafts.reader) < Draft::Draft6) {
        return verdict;
    }
    let is_witness = |value: &Value| witnesses.shows(value);
    match witness::search(writer, reader, |value| witnesses.writer.accepts(value), is_witness) {
        Some(counterexample) => Verdict::Breaking { counterexample },
        None => Verdict::unknown(reason.as_ref()),
    }
}

/// Tries all values of a writer that lists them. Where the spelling of numbers matters, a list doesn't tell it.
fn try_each(writer: &Value, witnesses: &Witnesses, spelling_matters: bool) -> Option<Verdict> {
    let values = finite::values(writer)?;
    if spelling_matters && values.iter().any(|value| finite::has_number(value)) {
        return None;
    }
    let refused = values.into_iter().find(|value| witnesses.shows(value)).cloned();
    Some(refused.map_or(Verdict::Compatible, |counterexample| Verdict::Breaking { counterexample }))
}

/// Both schemas as validators: what a counterexample must stand up to.
pub(super) struct Witnesses {
    writer: Oracle,
    reader: Oracle,
    /// The reader as serde sees it: an integer has no fraction.
    serde: Option<Oracle>,
}

impl Witnesses {
    pub(super) fn new(writer: &Value, reader: &Value, drafts: Drafts, events: bool) -> Result<Self, String> {
        let serde = events.then(|| Oracle::new(&oracle::demand_integer_spelling(reader), drafts.reader, true));
        Ok(Self {
            writer: Oracle::new(writer, drafts.writer, events)?,
            reader: Oracle::new(reader, drafts.reader, events)?,
            serde: serde.transpose()?,
        })
    }

    fn check(&self, value: Value) -> Option<Verdict> {
        self.shows(&value).then_some(Verdict::Breaking { counterexample: value })
    }

    /// Whether the one side writes the value and the other refuses it.
    pub(super) fn shows(&self, value: &Value) -> bool {
        let refused = !self.reader.accepts(value) || self.serde.as_ref().is_some_and(|serde| !serde.accepts(value));
        refused && self.writer.accepts(value)
    }
}

/// Whether a value nests deeper than `limit`, without recursion.
pub(super) fn deeper_than(value: &Value, limit: usize) -> bool {
    let mut left = vec![(value, 0)];
    while let Some((value, depth)) = left.pop() {
        if depth > limit {
            return true;
        }
        match value {
            Value::Array(list) => left.extend(list.iter().map(|child| (child, depth + 1))),
            Value::Object(map) => left.extend(map.values().map(|child| (child, depth + 1))),
            _ => {}
        }
    }
    false
}
