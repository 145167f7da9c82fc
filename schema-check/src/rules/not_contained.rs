//! `not_contained`

use crate::finding::{Direction, Finding, Place, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses a change that is proved to break, and that no other rule explains.
    ///
    /// ## Why is this bad
    /// There is a value that the one build writes and the other can't decode; the counterexample shows it.
    ///
    /// ## Who breaks
    /// The side that the finding names: `backward` is today's code on stored events, `forward` is consumers on the old build.
    ///
    /// ## Example
    /// A hand-written schema with `not`, `if` or `dependentRequired` that became stricter.
    ///
    /// ## Instead
    /// Compare the counterexample with the schema where the finding points, and undo what refuses it, or publish the next
    /// version.
    not_contained, Deny
}

/// A break without another name, as near to its place as could be told.
#[must_use]
pub fn finding(subject: &Subject<'_>, direction: Direction, place: Place, path: &str) -> Finding {
    let what = subject.part(path);
    let message = match direction {
        Direction::Backward => format!("{what} no longer accepts all that was written"),
        Direction::Forward => format!("{what} can hold what older builds refuse"),
    };
    RULE.finding(message)
        .direction(direction)
        .at(place)
        .field(path)
        .help(format!("undo what refuses the counterexample, or {}", subject.bump()))
}
