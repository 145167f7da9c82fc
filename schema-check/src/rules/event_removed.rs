//! `event_removed`

use crate::finding::{Finding, Place, Role, Side, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses to drop a version whose schemas are committed.
    ///
    /// ## Why is this bad
    /// Events of that version are stored, and nothing in the code can decode them any more.
    ///
    /// ## Who breaks
    /// Today's code, when it meets a stored event of that version: replay, consumers that catch up, dead letters.
    ///
    /// ## Example
    /// `schemas/order.placed/v1.writer.json` is there, and no struct has `type = "order.placed", version = 1`.
    ///
    /// ## Instead
    /// Bring the struct back, marked `superseded`, as the start of the upcasters. When nothing of that version is stored
    /// anywhere, end its life with `schema-check retire order.placed 1 --reason "…"`. An event that a feature hides is found with
    /// `--features`.
    event_removed, Deny
}

/// Schemas are committed for the version, and no code declares it.
#[must_use]
pub fn finding(subject: &Subject<'_>) -> Finding {
    let version = subject.event_version;
    RULE.finding(format!("{subject} is committed and no code declares it"))
        .at(Place { side: Side::Old, role: Role::Writer, pointer: String::new() })
        .note(format!("stored v{version} events cannot be decoded"))
        .help(format!("bring the struct back, marked `superseded`; or end its life: `schema-check retire {} {version} --reason \"…\"`", subject.event_type))
}
