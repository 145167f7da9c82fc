//! `readable_since_false`

use crate::finding::{Finding, Place, Role, Side, Subject};
use crate::rule::declare_rule;
use crate::rules::undecided;

declare_rule! {
    /// ## What it does
    /// Refuses a `readable_since` that names a version whose reader doesn't understand this one.
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

/// The reader of `version` doesn't read this one, for `cause`; `best` is the oldest from which on all do.
#[must_use]
pub fn finding(subject: &Subject<'_>, version: u32, best: u32, cause: Option<&str>) -> Finding {
    let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
    let own = subject.event_version;
    RULE.finding(format!("the reader of v{version} does not understand {subject}{cause}"))
        .at(place())
        .note(format!("consumers that know v{version} only would fail on v{own} instead of waiting for their deploy"))
        .help(instead(subject, best))
}

/// Whether the reader of `version` reads this one could not be decided.
#[must_use]
pub fn undecided(subject: &Subject<'_>, version: u32, best: u32, reason: &str) -> Finding {
    undecided::RULE
        .finding(format!("whether the reader of v{version} understands {subject} is undecided: {reason}"))
        .at(place())
        .help(format!(
            "{}; or record your own judgement: `schema-check accept --breaking --reason \"…\"`",
            instead(subject, best)
        ))
}

fn place() -> Place {
    Place { side: Side::New, role: Role::Writer, pointer: "/x-event/readable_since".to_owned() }
}

fn instead(subject: &Subject<'_>, best: u32) -> String {
    if best >= subject.event_version {
        "remove `readable_since`".to_owned()
    } else {
        format!("write `readable_since = {best}`")
    }
}
