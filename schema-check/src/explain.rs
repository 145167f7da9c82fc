//! Names the reasons of a break that the prover found.

use crate::contain::{Options, Pair, Semantics, Verdict};
use crate::diff::{self, Change, Diff, Reading, Spot};
use crate::finding::{Direction, Finding, Place, Side, Subject};
use crate::rules::{self, not_contained, undecided};
use judge::Judge;
use std::collections::BTreeSet;

mod judge;
mod lost;
mod notes;

pub(crate) use lost::warnings;
pub use notes::notes;

/// What the rules say about one direction of a comparison.
///
/// Nothing when the verdict is compatible; one `undecided` when it is unknown; else at least one finding that denies.
#[must_use]
pub fn explain(
    subject: &Subject<'_>,
    old: &Pair<'_>,
    new: &Pair<'_>,
    direction: Direction,
    verdict: &Verdict,
    options: &Options,
) -> Vec<Finding> {
    match verdict {
        Verdict::Compatible => Vec::new(),
        Verdict::Unknown { reason } => {
            let finding = undecided::finding(direction, reason);
            // Without an event there is nothing to accept.
            vec![if *subject == Subject::ANONYMOUS { finding.help("simplify the schema there") } else { finding }]
        }
        Verdict::Breaking { .. } => break_of(subject, old, new, direction, options),
    }
}

fn break_of(
    subject: &Subject<'_>,
    old: &Pair<'_>,
    new: &Pair<'_>,
    direction: Direction,
    options: &Options,
) -> Vec<Finding> {
    let (written, read) = match direction {
        Direction::Backward => (old.writer, new.reader),
        Direction::Forward => (new.writer, old.reader),
    };
    let Diff { changes, scopes } = diff::diff(written, read, direction, reading(options.semantics));
    let mut judge = Judge::new(written, read, options);
    let guilty: Vec<Change> = changes.into_iter().filter(|change| !judge.clears(&change.scope)).collect();
    let findings = once_each(guilty.iter().filter_map(|change| named(change, subject)));
    if findings.is_empty() { vec![unnamed(subject, direction, &scopes, &mut judge)] } else { findings }
}

fn reading(semantics: Semantics) -> Reading {
    let events = semantics == Semantics::Events;
    Reading { closed: events, ranges: events }
}

/// The first rule that knows the change.
fn named(change: &Change, subject: &Subject<'_>) -> Option<Finding> {
    rules::rules().iter().filter_map(|rule| rule.check).find_map(|check| check(change, subject))
}

/// One finding per rule and place: a definition that is used twice is one place.
fn once_each(findings: impl Iterator<Item = Finding>) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    findings.filter(|finding| seen.insert((finding.rule, finding.side, finding.pointer.clone()))).collect()
}

/// A break that no rule explains, at the innermost place that is broken by itself.
fn unnamed(subject: &Subject<'_>, direction: Direction, scopes: &[Spot], judge: &mut Judge<'_>) -> Finding {
    let innermost = scopes.iter().rev().find(|scope| judge.convicts(scope));
    let whole = Spot { written: String::new(), read: String::new(), path: String::new() };
    let spot = innermost.unwrap_or(&whole);
    let (role, pointer) = match direction {
        Direction::Backward => (undecided::new_role(direction), &spot.read),
        Direction::Forward => (undecided::new_role(direction), &spot.written),
    };
    not_contained::finding(subject, direction, Place { side: Side::New, role, pointer: pointer.clone() }, &spot.path)
}
