//! `constraint_loosened`

use crate::diff::{Change, What};
use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses a bound or a pattern that lets pass more than before: a longer text, a shorter list, no pattern.
    ///
    /// ## Why is this bad
    /// Consumers on the old build still hold to the tight bound, and refuse what passes it now.
    ///
    /// ## Who breaks
    /// Consumers on the old build, on the first event that makes use of the wider bound.
    ///
    /// ## Example
    /// ```rust,ignore
    /// pub struct Customer {
    ///     #[schemars(length(max = 80))] // was 20
    ///     pub name: String,
    /// }
    /// ```
    ///
    /// ## Instead
    /// Keep writing what the old bound allows, or publish the next version.
    constraint_loosened, Deny, check
}

fn check(change: &Change, subject: &Subject<'_>) -> Option<Finding> {
    let What::Constraint { keyword, written, read } = &change.what else { return None };
    if change.is_backward() {
        return None;
    }
    let is = written.as_ref().map_or_else(|| "is gone".to_owned(), |written| format!("is {written}"));
    let message = format!("`{keyword}` of {} {is}, was {read}", change.field(subject));
    let finding = RULE.explains(change, subject, change.new_place(), message);
    Some(finding.help(format!("keep what older builds accept, or {}", subject.bump())))
}
