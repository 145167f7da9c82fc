//! Learns on the real decoder what schemars doesn't say: aliases, `other`, denied keys, keys of maps, nested types too.
//!
//! Every place of an event's schema is tried with small values, and with one thing changed at a time; what serde makes of
//! it is a fact. Names that no error tells, such as aliases, are candidates from the sources: the decoder confirms them.

mod decoder;
mod learned;
mod lists;
mod maps;
mod objects;
mod scalars;
mod tags;
mod unconfirmed;
mod walk;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;

pub use decoder::{Answer, Decoder};
pub(crate) use learned::merged;

use crate::sample::Document;
use learned::{Learned, Role};
use walk::{Ends, Walk};

/// A name that serde may read in place of another, as some source says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Candidate {
    /// The name of the field or variant on the wire.
    pub name: String,
    /// What may stand instead.
    pub alias: String,
}

/// What was learned of an event.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lesson {
    /// Facts, as `x-event` has them.
    pub facts: Vec<Value>,
    /// Places of the reader of which no value was accepted, so nothing is known.
    pub missed: Vec<Missed>,
    /// Values of leaves of the writer that the decoder accepts where it refuses the plainest.
    pub chosen: BTreeMap<String, Value>,
    /// The decoder ended, or stopped to answer: nothing was learned.
    pub is_cut_off: bool,
}

/// A place that the decoder accepted nothing for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// RFC 6901, into the reader's schema.
    pub pointer: String,
    /// What serde said last.
    pub error: String,
}

/// Tries an event's decoder on every place of its two schemas.
pub fn learn(writer: &Value, reader: &Value, candidates: &[Candidate], decoder: &mut dyn Decoder) -> Lesson {
    let mut learned = Learned::default();
    let Some(Ends { missed, covered, .. }) = explore(reader, Role::Reader, candidates, decoder, &mut learned) else {
        return Lesson { is_cut_off: true, ..Lesson::default() };
    };
    let Some(Ends { chosen, .. }) = explore(writer, Role::Writer, candidates, decoder, &mut learned) else {
        return Lesson { is_cut_off: true, ..Lesson::default() };
    };
    let mut facts = learned.facts();
    facts.extend(unconfirmed::aliases(reader, candidates, &covered));
    Lesson { facts: learned::ordered(facts), missed, chosen, is_cut_off: false }
}

/// What a walk came to; `None` when the decoder is gone.
fn explore(
    schema: &Value,
    role: Role,
    candidates: &[Candidate],
    decoder: &mut dyn Decoder,
    learned: &mut Learned,
) -> Option<Ends> {
    let document = Document::new(schema);
    let mut walk = Walk::new(&document, role, candidates, decoder, learned);
    walk.run();
    (!walk.is_gone).then(|| walk.ends())
}
