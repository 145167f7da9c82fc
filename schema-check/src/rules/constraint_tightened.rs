//! `constraint_tightened`

use crate::diff::{Change, What};
use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses a bound or a pattern that lets pass less than before: a shorter text, a longer list, another pattern.
    ///
    /// ## Why is this bad
    /// A stored event may hold a value that doesn't pass any more.
    ///
    /// ## Who breaks
    /// Today's code, when it reads what was stored: replay, consumers that catch up, retries.
    ///
    /// ## Example
    /// ```rust,ignore
    /// pub struct Customer {
    ///     #[schemars(length(max = 20))] // was 80
    ///     pub name: String,
    /// }
    /// ```
    ///
    /// ## Instead
    /// Keep the wider bound on the wire and check the value where it is used, or publish the next version.
    constraint_tightened, Deny, check
}

fn check(change: &Change, subject: &Subject<'_>) -> Option<Finding> {
    let What::Constraint { keyword, written, read } = &change.what else { return None };
    if !change.is_backward() {
        return None;
    }
    let was = written.as_ref().map_or_else(String::new, |written| format!(", was {written}"));
    let message = format!("`{keyword}` of {} is {read}{was}", change.field(subject));
    let finding = RULE.explains(change, subject, change.new_place(), message);
    Some(finding.help(format!("keep what passed before, or {}", subject.bump())))
}
