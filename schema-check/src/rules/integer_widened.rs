//! `integer_widened`

use crate::diff::{Change, What};
use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses an integer type that holds more than before.
    ///
    /// ## Why is this bad
    /// Consumers on the old build still have the narrow type. They work until the first number that doesn't fit, and
    /// fail on that event for good.
    ///
    /// ## Who breaks
    /// Consumers on the old build, on the first number that doesn't fit them.
    ///
    /// ## Example
    /// ```rust,ignore
    /// pub struct Line {
    ///     pub quantity: u64, // was `u32`
    /// }
    /// ```
    ///
    /// ## Instead
    /// Publish the next version; `#[event(added = old.quantity.into())]` is the whole upcaster.
    integer_widened, Deny, check
}

fn check(change: &Change, subject: &Subject<'_>) -> Option<Finding> {
    let What::Integers { written, read } = &change.what else { return None };
    if change.is_backward() {
        return None;
    }
    let message = format!("{} was widened from `{read}` to `{written}`", change.field(subject));
    let finding = RULE.explains(change, subject, change.new_place(), message);
    Some(finding.help(format!("keep `{read}`, or {}", subject.bump())))
}
