//! `upcast_missing`

use crate::finding::{Finding, Place, Role, Side, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses a version from which no upcasters lead to the newest one, and a `from_schema` of a version whose schema is not committed.
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
    /// Chain them: `from = OrderPlacedV1`, with `#[event(added = …)]` on what is new or has another type. A version whose struct is gone
    /// is read by `from_schema = 1` and a function on a JSON value, tried on samples of `schemas/order.placed/v1.writer.json`.
    upcast_missing, Deny
}

/// No chain of upcasters leads from the version to `newest`.
#[must_use]
pub fn finding(subject: &Subject<'_>, newest: u32) -> Finding {
    let Subject { event_type, event_version: version } = *subject;
    let next = version.saturating_add(1);
    RULE.finding(format!("no upcasters lead from {subject} to v{newest}"))
        .at(Place { side: Side::Old, role: Role::Writer, pointer: String::new() })
        .note(format!("stored v{version} events cannot be handled: handlers take v{newest}"))
        .help(format!(
            "chain it: `from = …` on v{next}, in place of `since = …`; or end its life: `schema-check retire {event_type} {version} --reason \"…\"`"
        ))
}

/// The event reads `version` by a function on a JSON value, and what that version wrote is not committed.
#[must_use]
pub fn without_schema(subject: &Subject<'_>, version: u32, file: &str) -> Finding {
    RULE.finding(format!("{subject} reads v{version} by its schema, and `{file}` is not there"))
        .note(format!("nobody can tell what v{version} wrote, nor try the function on it"))
        .help(format!(
            "bring the file back from git; or take {version} out of `from_schema`, if it was never published"
        ))
}
