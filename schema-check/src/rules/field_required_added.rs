//! `field_required_added`

use crate::diff::{Change, What};
use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses a field that must be there when an event is read, and wasn't when older events of the same version
    /// were written.
    ///
    /// ## Why is this bad
    /// Events of this version are stored: in the outbox, in brokers, in dead letters. None of them has the field, so none
    /// of them can be decoded any more, by replay or by a consumer that catches up.
    ///
    /// ## Who breaks
    /// Today's code, when it reads what was stored before this change. Consumers on the old build don't mind.
    ///
    /// ## Example
    /// ```rust,ignore
    /// #[event(type = "order.placed", version = 2, key = order_id)]
    /// pub struct OrderPlaced {
    ///     pub order_id: OrderId,
    ///     pub warehouse: String, // new
    /// }
    /// ```
    ///
    /// ## Instead
    /// Make it an `Option`, or give it a value to fall back on:
    /// ```rust,ignore
    ///     #[serde(default)]
    ///     pub warehouse: Option<String>,
    /// ```
    /// or publish the next version, with `from` and `#[event(added = …)]`.
    field_required_added, Deny, check
}

fn check(change: &Change, subject: &Subject<'_>) -> Option<Finding> {
    let message = match change.what {
        What::Unwritten if change.is_backward() => {
            format!("`{}` is new and required{}", change.spot.path, subject.within())
        }
        What::SometimesAbsent if change.is_backward() => {
            format!("{} is required now, and could be left out before", change.field(subject))
        }
        _ => return None,
    };
    let finding = RULE.explains(change, subject, change.new_place(), message);
    Some(finding.help(format!("make it an `Option`, or give it `#[serde(default)]`, or {}", subject.bump())))
}
