//! `enum_variant_removed`

use crate::diff::{Change, What};
use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses to drop or rename a variant of an enum.
    ///
    /// ## Why is this bad
    /// Stored events have the variant. Nothing can decode them any more.
    ///
    /// ## Who breaks
    /// Today's code, when it reads stored events that have the variant.
    ///
    /// ## Example
    /// ```rust,ignore
    /// pub enum Payment {
    ///     Card,
    ///     // Invoice,   gone
    /// }
    /// ```
    ///
    /// ## Instead
    /// Keep the variant and stop writing it. When it has another name in Rust, keep the one on the wire:
    /// ```rust,ignore
    ///     #[serde(rename = "Invoice")]
    ///     OnAccount,
    /// ```
    enum_variant_removed, Deny, check
}

fn check(change: &Change, subject: &Subject<'_>) -> Option<Finding> {
    let What::Variant { name } = &change.what else { return None };
    if !change.is_backward() {
        return None;
    }
    let message = format!("variant `{name}` is gone from {}", subject.part(""));
    let finding = RULE.explains(change, subject, change.old_place(), message);
    let keep = format!("keep it and stop writing it, or keep its name on the wire: `#[serde(rename = \"{name}\")]`");
    Some(finding.help(format!("{keep}, or {}", subject.bump())))
}
