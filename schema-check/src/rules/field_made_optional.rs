//! `field_made_optional`

use crate::diff::{Change, What};
use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses to leave out a field at times that was always written, and that consumers on the old build need.
    ///
    /// ## Why is this bad
    /// A consumer on the old build that requires the field fails on every event that lacks it.
    ///
    /// ## Who breaks
    /// Consumers on the old build, on the first event without the field.
    ///
    /// ## Example
    /// ```rust,ignore
    /// pub struct OrderPlaced {
    ///     #[serde(default, skip_serializing_if = "Vec::is_empty")] // new
    ///     pub lines: Vec<Line>,
    /// }
    /// ```
    ///
    /// ## Instead
    /// Keep writing the field: `#[serde(default)]` alone lets it be absent when it is read, and changes nothing of what is written.
    field_made_optional, Deny, check
}

fn check(change: &Change, subject: &Subject<'_>) -> Option<Finding> {
    let What::SometimesAbsent = change.what else { return None };
    if change.is_backward() {
        return None;
    }
    let message = format!("{} can be left out, and older builds require it", change.field(subject));
    let finding = RULE.explains(change, subject, change.new_place(), message);
    Some(finding.help(format!("always write it (no `skip_serializing_if`), or {}", subject.bump())))
}
