//! `waiver_unused`

use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Fails when a waiver in `schemas/waivers.toml` lets nothing pass: no finding has its fingerprint, or the finding is one
    /// that can't be waived.
    ///
    /// ## Why is this bad
    /// A waiver that is left behind tells readers of a break that isn't there, and may hide the same break when it comes back.
    ///
    /// ## Who breaks
    /// Nobody. A waiver that is left behind could let a later finding pass that nobody looked at.
    ///
    /// ## Example
    /// A field was removed under a waiver, and came back; the `[[waiver]]` is still in the file.
    ///
    /// ## Instead
    /// Remove the block. When the finding is there and its fingerprint changed, because the field was changed again, look
    /// at it anew: `schema-check waive FINGERPRINT --until … --reason "…"`. Declared twice, skipped, removed and unreadable
    /// can't be waived.
    waiver_unused, Deny
}

/// No finding has the waiver's fingerprint.
#[must_use]
pub fn finding(subject: &Subject<'_>, rule: &str, fingerprint: &str) -> Finding {
    RULE.finding(format!("the waiver of `{rule}` for {subject} names no finding: `{fingerprint}`"))
        .help("remove the waiver; when the break was changed again, waive its new fingerprint")
}

/// The finding is there, and no reason makes it harmless.
#[must_use]
pub fn of_no_use(subject: &Subject<'_>, rule: &str) -> Finding {
    RULE.finding(format!("`{rule}` can't be waived, and {subject} has a waiver of it"))
        .help("mend the finding, and remove the waiver")
}
