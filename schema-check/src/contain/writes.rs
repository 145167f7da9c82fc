//! What a writer can write and a reader takes, as a schema that samples are made of and as validators that hold them to it.

use serde_json::Value;

use super::draft::{self, Draft};
use super::oracle::{Oracle, demand_integer_spelling};
use super::slow::{Written, deeper_than};
use super::solve::{Circles, circles};
use super::{Pair, lower};

/// Schemas that nest deeper than this yield no samples.
const DEEPEST: usize = 64;

/// A closed, lowered writer.
pub(crate) struct Writes {
    schema: Value,
    lowered: Oracle,
    given: Written,
}

impl Writes {
    /// # Errors
    /// The schema is no valid one, leads back to itself without an end, or goes too deep.
    pub(crate) fn of(writer: &Value) -> Result<Self, String> {
        if deeper_than(writer, DEEPEST) {
            return Err(format!("the schema nests deeper than {DEEPEST} levels"));
        }
        let drafts = draft::of_both(writer, writer, Draft::default())?;
        let schema = lower::writer(writer, drafts.writer);
        if circles(&schema, &schema, drafts) == Circles::Endless {
            return Err("the schema refers to itself without going into a part of the value".to_owned());
        }
        let lowered = Oracle::new(&demand_integer_spelling(&schema), drafts.writer, true)?;
        Ok(Self { lowered, given: Written::new(writer, drafts.writer)?, schema })
    }

    /// The schema that samples are made of.
    pub(crate) fn schema(&self) -> &Value {
        &self.schema
    }

    /// Whether the writer can write the value.
    pub(crate) fn accepts(&self, value: &Value) -> bool {
        self.lowered.accepts(value) && self.given.accepts(value)
    }
}

/// Whether a reader with its facts accepts a value; `None` where its schema can't be asked.
pub(crate) fn reads(reader: &Value, value: &Value) -> Option<bool> {
    let drafts = draft::of_both(reader, reader, Draft::default()).ok()?;
    let schema = lower::reader(Pair::both(reader));
    let is_sound = !deeper_than(reader, DEEPEST) && circles(&schema, &schema, drafts) != Circles::Endless;
    let oracle = is_sound.then(|| Oracle::new(&demand_integer_spelling(&schema), drafts.reader, true))?;
    oracle.ok().map(|oracle| oracle.accepts(value))
}
