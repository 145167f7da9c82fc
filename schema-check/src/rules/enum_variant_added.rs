//! `enum_variant_added`

use crate::diff::{Change, What};
use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses a new variant of an enum.
    ///
    /// ## Why is this bad
    /// Consumers on the old build don't know the variant and fail on the first event that has it.
    ///
    /// ## Who breaks
    /// Consumers on the old build, unless their enum has a variant for what it doesn't know (`#[serde(other)]`).
    ///
    /// ## Example
    /// ```rust,ignore
    /// pub enum Payment {
    ///     Card,
    ///     Invoice,
    ///     Crypto, // new
    /// }
    /// ```
    ///
    /// ## Instead
    /// Publish the next version. To be ready for the next one, give the enum a variant for what it doesn't know while all
    /// builds still agree:
    /// ```rust,ignore
    ///     #[serde(other)]
    ///     Unknown,
    /// ```
    enum_variant_added, Deny, check
}

fn check(change: &Change, subject: &Subject<'_>) -> Option<Finding> {
    let What::Variant { name } = &change.what else { return None };
    if change.is_backward() {
        return None;
    }
    let message = format!("variant `{name}` is new{}, and older builds do not know it", subject.within());
    let finding = RULE.explains(change, subject, change.new_place(), message);
    Some(finding.help(format!("do not publish it yet, or {}", subject.bump())))
}
