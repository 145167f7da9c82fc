//! `foreign_not_vendored`

use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Tells of a foreign event that nothing guards: its producer's schema of that version is not under `schemas/foreign/`, and its
    /// owner is not in this workspace.
    ///
    /// ## Why is this bad
    /// It passes whatever the struct looks like, and fails in production.
    ///
    /// ## Who breaks
    /// Nobody is known to; this package would be the one.
    ///
    /// ## Example
    /// ```rust,ignore
    /// #[event(type = "invoice.paid", version = 2, foreign)]
    /// struct InvoicePaid { invoice: String }
    /// ```
    ///
    /// ## Instead
    /// Copy the producer's schemas once, and again when they change: `schema-check vendor ../billing`, or
    /// `schema-check vendor git:https://example.org/billing.git`.
    foreign_not_vendored, Note
}

/// Nobody knows what is written.
#[must_use]
pub fn finding(subject: &Subject<'_>) -> Finding {
    let event_type = subject.event_type;
    RULE.finding(format!("{subject} is a foreign event, and its producer's schema is not vendored: nothing guards it"))
        .help(format!("schema-check vendor PATH|git:URL --type {event_type}"))
}
