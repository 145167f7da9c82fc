//! `validators_break`

use crate::finding::{Direction, Finding, Place, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Tells of a change that serde reads on both sides, and that a consumer refuses who validates events with the schema that was
    /// published before.
    ///
    /// ## Why is this bad
    /// serde forgives what a validator doesn't: it fills in a default for a field that is left out, takes an unknown variant for
    /// `#[serde(other)]`, knows an alias. The published schema says none of this.
    ///
    /// ## Who breaks
    /// Consumers that check each event against `v<version>.writer.json`, often in other languages, until they have the new file.
    /// No Rust consumer.
    ///
    /// ## Example
    /// ```rust,ignore
    /// pub struct OrderPlaced {
    ///     pub order_id: OrderId,
    ///     // pub coupon: Option<String>,   gone; the schema says that it is always written
    /// }
    /// ```
    ///
    /// ## Instead
    /// Ask who validates. Hand them the new schema before you publish, or publish the next version.
    validators_break, Note
}

/// A validator with the earlier writer's schema refuses what is written now; `path` is the field where it does.
#[must_use]
pub fn finding(subject: &Subject<'_>, place: Place, path: &str) -> Finding {
    let because = if path.is_empty() { String::new() } else { format!(", because of `{path}`") };
    let whose = if *subject == Subject::ANONYMOUS { "the value".to_owned() } else { subject.to_string() };
    RULE.finding(format!("consumers who validate {whose} with the earlier schema refuse it{because}; serde reads it"))
        .direction(Direction::Forward)
        .at(place)
        .field(path)
        .help(format!("hand them the new schema first, or {}", subject.bump()))
}
