//! `integer_narrowed`

use crate::diff::{Change, What};
use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses an integer type that holds less than before.
    ///
    /// ## Why is this bad
    /// A stored event may hold a number that doesn't fit any more: serde refuses it, and the event can't be decoded.
    ///
    /// ## Who breaks
    /// Today's code, on stored events whose number doesn't fit any more.
    ///
    /// ## Example
    /// ```rust,ignore
    /// pub struct Line {
    ///     pub quantity: u8, // was `u32`
    /// }
    /// ```
    ///
    /// ## Instead
    /// Keep the wider type on the wire and check the value where it is used, or publish the next version with an upcaster that
    /// says what becomes of numbers that don't fit.
    integer_narrowed, Deny, check
}

fn check(change: &Change, subject: &Subject<'_>) -> Option<Finding> {
    let What::Integers { written, read } = &change.what else { return None };
    if !change.is_backward() {
        return None;
    }
    let message = format!("{} was narrowed from `{written}` to `{read}`", change.field(subject));
    let finding = RULE.explains(change, subject, change.new_place(), message);
    Some(finding.help(format!("keep `{written}`, or {}", subject.bump())))
}
