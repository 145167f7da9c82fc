//! `version_skipped`

use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses a hole in the versions of an event.
    ///
    /// ## Why is this bad
    /// Upcasters lead from each version to the next. Nobody can tell a version that was never published from one whose
    /// struct was lost; of the latter, stored events can't be decoded.
    ///
    /// ## Who breaks
    /// Nobody yet: the next version's upcaster has nothing to start from, and stored events of a lost version are out of reach.
    ///
    /// ## Example
    /// ```rust,ignore
    /// #[event(type = "order.placed", version = 3, key = order_id)] // the newest in `schemas/` is 1
    /// ```
    ///
    /// ## Instead
    /// Use the next number, or say that the ones below were never published: `since = 3`.
    version_skipped, Deny
}

/// The version follows `before`, the newest one below it, and not directly; `None` when there is none below.
#[must_use]
pub fn finding(subject: &Subject<'_>, before: Option<u32>) -> Finding {
    let next = before.unwrap_or(0).saturating_add(1);
    let last = subject.event_version.saturating_sub(1);
    let missing = if next == last { format!("v{next}") } else { format!("v{next} to v{last}") };
    let (verb, was) = if next == last { ("is", "was") } else { ("are", "were") };
    RULE.finding(format!("{missing} of `{}` {verb} missing below v{}", subject.event_type, subject.event_version)).help(
        format!("set `version = {next}`, or `since = {}` if {missing} {was} never published", subject.event_version),
    )
}
