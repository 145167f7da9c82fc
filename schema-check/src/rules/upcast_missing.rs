//! `upcast_missing`

use crate::finding::{Finding, Place, Role, Side, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses a committed version from which no upcasters lead to the newest one.
    ///
    /// ## Why is this bad
    /// Stored events of that version can be decoded and not be handled: handlers take the newest version.
    ///
    /// ## Who breaks
    /// Today's consumers, on stored events of that version.
    ///
    /// ## Example
    /// ```rust,ignore
    /// #[event(type = "order.placed", version = 1, key = order_id, superseded)]
    /// pub struct OrderPlacedV1 { … }
    ///
    /// #[event(type = "order.placed", version = 2, key = order_id, since = 2)] // no `from`
    /// pub struct OrderPlaced { … }
    /// ```
    ///
    /// ## Instead
    /// Chain them: `from = OrderPlacedV1`, with `#[event(added = …)]` on what is new or has another type.
    upcast_missing, Deny
}

/// No chain of upcasters leads from the version to `newest`.
#[must_use]
pub fn finding(subject: &Subject<'_>, newest: u32) -> Finding {
    let next = subject.event_version.saturating_add(1);
    RULE.finding(format!("no upcasters lead from {subject} to v{newest}"))
        .at(Place { side: Side::Old, role: Role::Writer, pointer: String::new() })
        .note(format!("stored v{} events cannot be handled", subject.event_version))
        .help(format!("write an upcaster from {}: `from = …` on v{next}", subject.event_version))
}
