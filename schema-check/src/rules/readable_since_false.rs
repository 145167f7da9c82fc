//! `readable_since_false`

use crate::finding::{Finding, Place, Role, Side, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses a `readable_since` that names a version whose reader doesn't understand this one.
    ///
    /// Not in force yet: the derive doesn't take `readable_since` so far.
    ///
    /// ## Why is this bad
    /// Consumers that know only the older version trust the claim, decode the event with the older reader, and fail. Without the
    /// claim they would have waited for their deploy.
    ///
    /// ## Who breaks
    /// Consumers that know the claimed version only: they fail where they should have waited for their deploy.
    ///
    /// ## Example
    /// ```rust,ignore
    /// #[event(type = "order.placed", version = 3, key = order_id, from = OrderPlacedV2, readable_since = 1)]
    /// ```
    /// while the reader of version 1 requires a field that version 3 no longer writes.
    ///
    /// ## Instead
    /// Claim what is proved; the message proposes the best value.
    readable_since_false, Deny
}

/// The reader of `claimed` doesn't read this version; `best` is the oldest one that does.
#[must_use]
pub fn finding(subject: &Subject<'_>, claimed: u32, best: u32) -> Finding {
    let help = if best == subject.event_version {
        "drop `readable_since`".to_owned()
    } else {
        format!("set `readable_since = {best}`")
    };
    RULE.finding(format!("the reader of v{claimed} does not understand {subject}"))
        .at(Place { side: Side::New, role: Role::Writer, pointer: "/x-event/readable_since".to_owned() })
        .note(format!(
            "consumers that know v{claimed} only would fail on v{} instead of waiting",
            subject.event_version
        ))
        .help(help)
}
