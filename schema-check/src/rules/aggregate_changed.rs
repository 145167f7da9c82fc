//! `aggregate_changed`

use crate::finding::{Finding, Place, Role, Side, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses another aggregate for a published version.
    ///
    /// ## Why is this bad
    /// Events are delivered in order per aggregate and key. Under another aggregate an event loses its place among the
    /// other events of the same key.
    ///
    /// ## Who breaks
    /// Consumers that rely on the order of events within an aggregate: both builds, as soon as the new one publishes. Nothing fails to
    /// decode.
    ///
    /// ## Example
    /// ```rust,ignore
    /// #[event(type = "order.placed", version = 2, key = order_id, aggregate = "shop")] // was `order`
    /// ```
    ///
    /// ## Instead
    /// Spell the old one out: `aggregate = "order"`. The default is the text of the type before its last dot, so a new type name
    /// under `was` needs it too.
    aggregate_changed, Deny
}

/// The aggregate of the version is another one.
#[must_use]
pub fn finding(subject: &Subject<'_>, old: &str, new: &str) -> Finding {
    RULE.finding(format!("the aggregate of {subject} changed from `{old}` to `{new}`"))
        .at(Place { side: Side::New, role: Role::Writer, pointer: "/x-event/aggregate".to_owned() })
        .note("events written before and after this change are not in order with each other")
        .help(format!("keep `aggregate = \"{old}\"`, or {}", subject.bump()))
}
