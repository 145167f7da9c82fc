//! Decides whether every value of one schema is a value of another: a proof, a counterexample, or a reason.

mod canonical;
mod draft;
mod facts;
mod fast;
mod finite;
mod format;
mod keys;
mod keywords;
mod lower;
mod oracle;
mod plain;
mod slow;
mod solve;
mod witness;
mod writes;

use serde_json::Value;

pub use draft::Draft;
pub(crate) use format::samples as samples_of_format;
pub(crate) use keywords::{MAPS, ONE_OR_MANY};
pub(crate) use lower::integer_range;
pub(crate) use plain::{plainest, plainly};
pub(crate) use solve::language::{Language, sample_within};
pub(crate) use writes::{Writes, reads};

/// What a schema means: to serde on both ends of a stream of events, or to a validator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Semantics {
    /// Writers never write a key they don't declare, readers ignore what they don't know, `format` is asserted.
    #[default]
    Events,
    /// Pure inclusion of the sets that a validator accepts; `format` is an annotation.
    Validation,
}

/// How to compare.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// What a schema means.
    pub semantics: Semantics,
    /// The draft of a schema without `$schema`.
    pub default_draft: Draft,
}

impl Options {
    /// Options with the given meaning of schemas.
    #[must_use]
    pub fn new(semantics: Semantics) -> Self {
        Self { semantics, ..Self::default() }
    }

    /// Sets the draft of schemas without `$schema`.
    #[must_use]
    pub fn default_draft(mut self, draft: Draft) -> Self {
        self.default_draft = draft;
        self
    }
}

/// What one revision of an event writes and reads.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    /// The schema of what is written.
    pub writer: &'a Value,
    /// The schema of what can be read.
    pub reader: &'a Value,
}

impl<'a> Pair<'a> {
    /// A schema in both roles.
    #[must_use]
    pub fn both(schema: &'a Value) -> Self {
        Self { writer: schema, reader: schema }
    }

    /// A side as `compare --jsonl` writes it: a schema, or an object with exactly the keys `writer` and `reader`.
    #[must_use]
    pub fn of_side(side: &'a Value) -> Self {
        match (side.get("writer"), side.get("reader"), side.as_object().map(serde_json::Map::len)) {
            (Some(writer), Some(reader), Some(2)) => Self { writer, reader },
            _ => Self::both(side),
        }
    }
}

/// Whether a reader accepts all that a writer can write.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Verdict {
    /// It is proved that it does.
    Compatible,
    /// It does not, and here is a value that shows it.
    Breaking {
        /// The writer can write it, the reader refuses it.
        counterexample: Value,
    },
    /// Neither could be shown.
    Unknown {
        /// What stood in the way.
        reason: String,
    },
}

impl Verdict {
    /// The verdict as reports print it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Compatible => "compatible",
            Self::Breaking { .. } => "breaking",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// Whether it is proved that the reader accepts all.
    #[must_use]
    pub fn is_compatible(&self) -> bool {
        matches!(self, Self::Compatible)
    }

    pub(crate) fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown { reason: reason.into() }
    }
}

/// The verdicts on an edit, both ways.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Comparison {
    /// The new reader reads what the old writer wrote.
    pub backward: Verdict,
    /// The old reader reads what the new writer writes.
    pub forward: Verdict,
}

impl Comparison {
    /// Whether the edit is additive: compatible both ways.
    #[must_use]
    pub fn is_additive(&self) -> bool {
        self.backward.is_compatible() && self.forward.is_compatible()
    }
}

/// Compares two revisions, both ways.
#[must_use]
pub fn compare(old: Pair<'_>, new: Pair<'_>, options: &Options) -> Comparison {
    Comparison { backward: contained_in(old.writer, new, options), forward: contained_in(new.writer, old, options) }
}

/// Whether `reader` accepts all that `writer` can write. Facts about the reader are taken from its own root.
#[must_use]
pub fn contained(writer: &Value, reader: &Value, options: &Options) -> Verdict {
    contained_in(writer, Pair::both(reader), options)
}

/// Whether the reader of a pair accepts all that `writer` can write. Facts about the reader (`x-event.facts`) stand in
/// the root of the pair's writer, or in its own.
#[must_use]
pub fn contained_in(writer: &Value, reader: Pair<'_>, options: &Options) -> Verdict {
    if options.semantics == Semantics::Events
        && let Some(fact) = [reader.reader, reader.writer].into_iter().find_map(facts::unconfirmed)
    {
        return in_doubt(writer, reader, fact, options);
    }
    let drafts = match draft::of_both(writer, reader.reader, options.default_draft) {
        Ok(drafts) => drafts,
        Err(reason) => return Verdict::unknown(reason),
    };
    if fast::is_contained(writer, reader, drafts, options) {
        return Verdict::Compatible;
    }
    slow::decide(writer, reader, drafts, options)
}

/// Both ways to read what the decoder did not confirm have to agree.
fn in_doubt(writer: &Value, reader: Pair<'_>, fact: &Value, options: &Options) -> Verdict {
    let [readers, writers] = [reader.reader, reader.writer].map(facts::doubted_and_believed);
    let [doubted, believed] = [0, 1].map(|way| {
        let pair = readers.get(way).zip(writers.get(way)).map(|(reader, writer)| Pair { writer, reader });
        pair.map_or_else(|| Verdict::unknown("no schema"), |pair| contained_in(writer, pair, options))
    });
    if doubted.word() == believed.word() {
        return doubted;
    }
    let text = |name: &str| fact.get(name).map(ToString::to_string).unwrap_or_default();
    Verdict::unknown(format!(
        "the sources say that {} is also read as {}, and no sample of that type was accepted, so it could not be tried",
        text("pointer"),
        text("alias"),
    ))
}
