//! `foreign_not_read`

use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Finds what the producer of a foreign event writes, or once wrote, and the struct that is declared for it can't read.
    ///
    /// ## Why is this bad
    /// The producer doesn't know this struct. The first such event becomes a dead letter, and so does every stored one when it
    /// is replayed.
    ///
    /// ## Who breaks
    /// This package alone, on the first event of that kind: it becomes a dead letter. The producer notices nothing.
    ///
    /// ## Example
    /// The producer's schema has `"coupon": { "type": ["string", "null"] }`.
    /// ```rust,ignore
    /// #[event(type = "order.placed", version = 1, foreign)]
    /// struct OrderPlaced { order_id: String, coupon: String }
    /// ```
    ///
    /// ## Instead
    /// Declare only what you use, in types that hold all that the schema under `schemas/foreign/` allows: `Option` for what may be
    /// absent or null, an enum with a variant for other words, `i64` for an integer without bounds.
    foreign_not_read, Deny
}

/// The finding of a rule about an edit, as what it is here: nobody edited, the producer writes more than we read.
#[must_use]
pub fn recast(found: Finding, subject: &Subject<'_>) -> Finding {
    let part = subject.part(found.field.as_deref().unwrap_or_default());
    let help = help(found.rule);
    let mut finding = Finding { rule: RULE.id, level: RULE.level, note: None, ..found };
    finding.message = format!("{part} can't read all that its producer writes");
    finding.help(help)
}

/// The smallest edit of the struct that mends it.
fn help(rule: &str) -> &'static str {
    match rule {
        "field_required_added" | "field_made_optional" | "field_removed" => {
            "the producer may leave it out: make it an `Option`, or give it `#[serde(default)]`"
        }
        "field_renamed" => "read it under the producer's name: `#[serde(rename = \"…\")]`",
        "unknown_fields_denied" => {
            "remove `#[serde(deny_unknown_fields)]`: the producer may write keys that this struct lacks"
        }
        "enum_variant_added" | "enum_variant_removed" => {
            "add the variant, or one for all others with `#[serde(other)]`"
        }
        "integer_narrowed" | "integer_widened" => "take a type that holds the producer's integers, such as `i64`",
        "tag_changed" => "tell the variants apart as the producer does",
        _ => "take a type that holds all that the producer's schema allows, or leave the field out",
    }
}
