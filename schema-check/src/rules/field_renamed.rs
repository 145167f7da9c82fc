//! `field_renamed`

use crate::diff::{Change, What};
use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses a new name for a field: one key of an object is gone, and a new one has the same schema.
    ///
    /// ## Why is this bad
    /// Names are the contract. Events stored under the old name lack the new one, and consumers on the old build look for
    /// the old name in events written under the new one.
    ///
    /// ## Who breaks
    /// Both sides: today's code on stored events, consumers on the old build on new ones. An `Option` or a default on one side spares that
    /// side the error and loses the value.
    ///
    /// ## Example
    /// ```rust,ignore
    /// pub struct OrderPlaced {
    ///     pub order_id: OrderId,
    ///     pub amount_cents: i64, // was `total_cents`
    /// }
    /// ```
    ///
    /// ## Instead
    /// Rename the Rust field and keep the name on the wire:
    /// ```rust,ignore
    ///     #[serde(rename = "total_cents")]
    ///     pub amount_cents: i64,
    /// ```
    /// `#[serde(alias = "…")]` lets the new build read old events, but leaves old builds without the field.
    field_renamed, Deny, check
}

fn check(change: &Change, subject: &Subject<'_>) -> Option<Finding> {
    let What::Renamed { written, read } = &change.what else { return None };
    let (old, new) = change.old_and_new(written, read);
    let message = format!("`{old}` is now called `{new}`{}", subject.within());
    let finding = RULE.explains(change, subject, change.new_place(), message);
    Some(finding.help(format!("keep the old name on the wire: `#[serde(rename = \"{old}\")]`, or {}", subject.bump())))
}
