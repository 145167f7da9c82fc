//! `undecided`

use crate::finding::{Direction, Finding, Place, Role, Side};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Fails a change of which neither harm nor harmlessness could be proved; the message is the reason.
    ///
    /// ## Why is this bad
    /// A gate that lets pass what it doesn't understand guards nothing.
    ///
    /// ## Who breaks
    /// Perhaps nobody. Until it is shown, the change counts as one that breaks the direction that the finding names.
    ///
    /// ## Example
    /// A field of two different regular expressions, or a fact about a nested type that its decoder doesn't confirm.
    ///
    /// ## Instead
    /// Use a simpler schema where the message points, publish the next version, or accept it after a look of your own with
    /// `schema-check accept --breaking --reason "…"`.
    undecided, Deny
}

/// Nothing could be proved in this direction.
#[must_use]
pub fn finding(direction: Direction, reason: &str) -> Finding {
    RULE.finding(reason)
        .direction(direction)
        .at(Place { side: Side::New, role: new_role(direction), pointer: String::new() })
        .help(
            "simplify the schema there, or record your own judgement: `schema-check accept --breaking --reason \"…\"`",
        )
}

/// The contract of the new revision that a direction is about.
pub(crate) fn new_role(direction: Direction) -> Role {
    match direction {
        Direction::Backward => Role::Reader,
        Direction::Forward => Role::Writer,
    }
}
