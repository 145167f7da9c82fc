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

/// Schemas are committed for the version, and no code reads it; the code has a `newest` version of the type, or none.
#[must_use]
pub fn finding(subject: &Subject<'_>, newest: Option<u32>) -> Finding {
    let Subject { event_type, event_version: version } = *subject;
    let retire = format!("or end its life: `schema-check retire {event_type} {version} --reason \"…\"`");
    let (message, help) = match newest {
        Some(newest) => {
            let next = version.saturating_add(1);
            let message =
                format!("{subject} is committed and no upcasters lead from it to v{newest}: its struct is gone");
            let back = format!("bring the struct back, marked `superseded`, and write `from = …` on v{next}");
            (message, format!("{back}; or read it without a struct: `from_schema = {version}` on v{next}; {retire}"))
        }
        None => {
            let message = format!("{subject} is committed and no code declares it");
            (message, format!("bring the struct back, marked `superseded`; {retire}"))
        }
    };
    RULE.finding(message)
        .at(Place { side: Side::Old, role: Role::Writer, pointer: String::new() })
        .note(format!("stored v{version} events cannot be decoded"))
        .help(help)
}
