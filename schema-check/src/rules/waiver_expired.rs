//! `waiver_expired`

use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Fails when the last day of a waiver in `schemas/waivers.toml` is over.
    ///
    /// ## Why is this bad
    /// The waiver was given for a time, and what it let pass may be there still. From the next day on it lets nothing pass.
    ///
    /// ## Who breaks
    /// Whoever the finding behind it names: it stands again.
    ///
    /// ## Example
    /// ```toml
    /// [[waiver]]
    /// type = "order.placed"
    /// version = 1
    /// rule = "field_removed"
    /// pointer = "/properties/coupon"
    /// fingerprint = "3c79fe0c646ef0e1"
    /// reason = "the only consumer is deployed with us"
    /// expires = "2026-01-31" # that day is the last one
    /// ```
    ///
    /// ## Instead
    /// Mend what was waived and remove the waiver; or, when it needs more time, write a later `expires` and why. A break that
    /// stays for good is accepted: `schema-check accept --breaking --reason "…"`.
    waiver_expired, Deny
}

/// A waiver's last day is over; `rule` is what it let pass.
#[must_use]
pub fn finding(subject: &Subject<'_>, rule: &str, expires: &str, present: bool) -> Finding {
    let help = if present {
        "mend what it let pass and remove the waiver, or write a later `expires` and the reason for it"
    } else {
        "remove the waiver: what it let pass is gone"
    };
    RULE.finding(format!("the waiver of `{rule}` for {subject} expired on {expires}")).help(help)
}
