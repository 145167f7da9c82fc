//! What was published beside what was expected.

use std::cmp::Ordering;
use std::fmt;

use serde_json::Value;

use super::KitError;
use crate::clock::SystemClock;
use crate::draft::Draft;
use crate::envelope::Envelope;
use crate::event::Publish;
use crate::key::EventKey;

/// An event that should be published; during a cut-over also its older version.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected(Vec<Line>);

/// An event as it is compared.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    event_type: String,
    event_version: u32,
    key: Option<EventKey>,
    data: Value,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.key.as_ref().map_or("–", EventKey::as_str);
        write!(f, "{} v{} {key} {}", self.event_type, self.event_version, self.data)
    }
}

impl Expected {
    /// What is published for `event`.
    ///
    /// # Errors
    /// When the event can't be written.
    pub fn of<E: Publish>(event: &E) -> Result<Self, KitError> {
        let failed = |error| KitError::new("write what is expected", error);
        let draft = Draft::new(event, &SystemClock, usize::MAX).map_err(failed)?;
        let line = |row: crate::draft::OutboxRow<'_>| Line {
            event_type: row.event_type.to_owned(),
            event_version: row.event_version,
            key: row.key.cloned(),
            data: value(row.data.get()),
        };
        Ok(Self(draft.rows().into_iter().map(line).collect()))
    }
}

/// Where what was published is not what was expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference(Vec<(Side, Line)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Both,
    Expected,
    Published,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what was published is not what was expected (- expected, + published)")?;
        self.0.iter().try_for_each(|(side, line)| {
            let sign = match side {
                Side::Both => ' ',
                Side::Expected => '-',
                Side::Published => '+',
            };
            write!(f, "\n{sign} {line}")
        })
    }
}

impl Difference {
    /// The difference, if there is one. Events of different keys have no order, so they are compared key by key.
    pub(super) fn between(expected: &[Expected], published: &[Envelope]) -> Option<Self> {
        let mut expected: Vec<Line> = expected.iter().flat_map(|expected| expected.0.clone()).collect();
        let mut published: Vec<Line> = published.iter().map(line).collect();
        for side in [&mut expected, &mut published] {
            side.sort_by(|a, b| a.key.cmp(&b.key));
        }
        (expected != published).then(|| Self(aligned(&expected, &published)))
    }
}

fn line(envelope: &Envelope) -> Line {
    Line {
        event_type: envelope.event_type.clone(),
        event_version: envelope.event_version,
        key: envelope.subject.clone(),
        data: envelope.data.as_ref().map_or(Value::Null, |data| value(data.get())),
    }
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|_| Value::String(json.to_owned()))
}

/// Both sides, with as much in common as can be.
fn aligned(expected: &[Line], published: &[Line]) -> Vec<(Side, Line)> {
    match (expected.split_first(), published.split_first()) {
        (None, _) => published.iter().map(|line| (Side::Published, line.clone())).collect(),
        (_, None) => expected.iter().map(|line| (Side::Expected, line.clone())).collect(),
        (Some((first, rest)), Some((other, others))) if first == other => {
            let mut lines = vec![(Side::Both, first.clone())];
            lines.extend(aligned(rest, others));
            lines
        }
        (Some((first, rest)), Some((other, others))) => {
            // Those of another key are known by it, and of two of one key the one that comes again later is kept.
            let (wait_for_first, wait_for_other) = match first.key.cmp(&other.key) {
                Ordering::Less => (false, true),
                Ordering::Greater => (true, false),
                Ordering::Equal => (others.contains(first), rest.contains(other)),
            };
            let (mut lines, tail) = match (wait_for_first, wait_for_other) {
                (true, false) => (vec![(Side::Published, other.clone())], aligned(expected, others)),
                (false, true) => (vec![(Side::Expected, first.clone())], aligned(rest, published)),
                _ => (vec![(Side::Expected, first.clone()), (Side::Published, other.clone())], aligned(rest, others)),
            };
            lines.extend(tail);
            lines
        }
    }
}
