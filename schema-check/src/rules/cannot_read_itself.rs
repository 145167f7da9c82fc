//! `cannot_read_itself`

use crate::finding::{Finding, Place, Role, Side, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses an event whose own reader doesn't read what its own writer writes.
    ///
    /// ## Why is this bad
    /// The event can be published and never be handled, not even by the build that published it.
    ///
    /// ## Who breaks
    /// Every consumer, from the first event on: handling and replay fail in the build that published it.
    ///
    /// ## Example
    /// ```rust,ignore
    /// pub struct OrderPlaced {
    ///     #[serde(skip_serializing)] // never written …
    ///     pub total_cents: i64,      // … and required
    /// }
    /// ```
    ///
    /// ## Instead
    /// Let what is written and what is read agree: `skip` instead of `skip_serializing`, one `rename` for both, a `default` for what
    /// may be left out.
    cannot_read_itself, Deny
}

/// The reader refuses what the writer of the same revision writes, at `pointer` of the reader.
#[must_use]
pub fn finding(subject: &Subject<'_>, pointer: &str, field: &str) -> Finding {
    let what = if field.is_empty() { String::new() } else { format!(", because of `{field}`") };
    RULE.finding(format!("{subject} cannot read what it writes itself{what}"))
        .at(Place { side: Side::New, role: Role::Reader, pointer: pointer.to_owned() })
        .field(field)
        .note("it can be published and never be handled")
        .help("let `Serialize` and `Deserialize` agree: the same `rename`, and a `default` for what may be left out")
}
