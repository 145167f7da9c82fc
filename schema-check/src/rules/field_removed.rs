//! `field_removed`

use crate::diff::{Change, What};
use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses to drop a field that consumers on the old build need, or one that today's code refuses to see.
    ///
    /// ## Why is this bad
    /// Producers and consumers are never deployed at the same moment. A consumer on the old build that requires the field
    /// fails on every event from the new build. Under `deny_unknown_fields` the reverse fails too: stored events still
    /// have the field.
    ///
    /// ## Who breaks
    /// Consumers on the old build that require the field; under `deny_unknown_fields` also today's code on stored events.
    ///
    /// ## Example
    /// ```rust,ignore
    /// pub struct OrderPlaced {
    ///     pub order_id: OrderId,
    ///     // pub total_cents: i64,   gone
    /// }
    /// ```
    ///
    /// ## Instead
    /// Keep writing the field, or publish the next version without it. A field that has been an `Option` (or has had
    /// `#[serde(default)]`) in every build that still runs can go.
    field_removed, Deny, check
}

fn check(change: &Change, subject: &Subject<'_>) -> Option<Finding> {
    let message = match change.what {
        What::Unwritten if !change.is_backward() => {
            format!("`{}` is gone from {}, and older builds require it", change.spot.path, subject.part(""))
        }
        What::Refused if change.is_backward() => {
            format!("`{}` is gone from {}, and unknown fields are refused", change.spot.path, subject.part(""))
        }
        _ => return None,
    };
    let finding = RULE.explains(change, subject, change.old_place(), message);
    let keep = if change.is_backward() { "keep it, or drop `deny_unknown_fields`" } else { "keep it" };
    Some(finding.help(format!("{keep}, or {}", subject.bump())))
}
