//! The thorough way: lower both schemas, ask the judges, and look for a witness.

use serde_json::Value;

use super::draft::{Draft, Drafts};
use super::oracle::{self, Oracle};
use super::solve::{self, Outcome};
use super::{Options, Pair, Semantics, Verdict, canonical, lower};

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
    let reason = match solve::difference(writer, reader, drafts, events) {
        Outcome::Nothing(_) => return Verdict::Compatible,
        Outcome::Found(value, doubt) => match witnesses.check(value) {
            Some(breaking) => return breaking,
            None => doubt.unwrap_or_else(|| "a counterexample did not stand up to validation".into()),
        },
        Outcome::Unknown(reason) => reason,
    };
    if !events && drafts.writer == drafts.reader && canonical::covers(writer, reader, drafts.reader) {
        return Verdict::Compatible;
    }
    Verdict::unknown(reason.as_ref())
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
