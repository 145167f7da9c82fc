//! `unreadable_file`

use crate::finding::{Finding, Place, Role, Side};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Ends the check with exit code 2 when a committed schema can't be read: it isn't JSON, it isn't an object, or the other half of the
    /// pair (`writer`, `reader`) is missing.
    ///
    /// ## Why is this bad
    /// What was published is not known any more, so nothing can be compared with it.
    ///
    /// ## Who breaks
    /// Nobody yet: the gate has nothing to judge by, and any change would pass.
    ///
    /// ## Example
    /// Marks of a merge conflict in `schemas/order.placed/v1.writer.json`.
    ///
    /// ## Instead
    /// Bring the file back from git: `git checkout -- schemas/order.placed`. After a merge conflict keep the side that is published,
    /// and run `schema-check accept` for the rest.
    unreadable_file, Deny
}

/// A committed file can't be read; `message` says which and why.
#[must_use]
pub fn finding(message: String) -> Finding {
    RULE.finding(message)
        .at(Place { side: Side::Old, role: Role::Writer, pointer: String::new() })
        .help("mend the file, or bring it back from git")
}
