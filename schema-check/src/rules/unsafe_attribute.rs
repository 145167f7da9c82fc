//! `unsafe_attribute`

use crate::discover::{Hazard, Unsafe};
use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Warns of a serde attribute in a nested type that makes the event unsafe to evolve. No verdict depends on it.
    ///
    /// ## Why is this bad
    /// What the attribute does is in no schema, so no check of schemas can guard it:
    /// - `untagged`: variants are told by trying one after the other. One more field can make another variant match first.
    /// - `skip_serializing_if` without `default`: what is left out when written has to be there when read.
    /// - `with`, `serialize_with`, `deserialize_with` without `schemars(with = …)`: the schema describes the Rust type,
    ///   not what the functions write and read.
    ///
    /// ## Who breaks
    /// Nobody yet: the next edit of the type, or of the functions, may break stored events without a word.
    ///
    /// ## Example
    /// ```rust,ignore
    /// #[derive(Serialize, Deserialize, JsonSchema)]
    /// pub struct Window {
    ///     #[serde(with = "seconds")]
    ///     pub length: Duration,
    /// }
    /// ```
    ///
    /// ## Instead
    /// Tag the enum, add `#[serde(default)]`, or say what is on the wire:
    /// ```rust,ignore
    ///     #[serde(with = "seconds")]
    ///     #[schemars(with = "u64")]
    ///     pub length: Duration,
    /// ```
    unsafe_attribute, Warn
}

/// The event holds a type with such an attribute.
#[must_use]
pub fn finding(subject: &Subject<'_>, hazard: &Hazard) -> Finding {
    let part = hazard.part.as_ref().map_or_else(|| hazard.item.clone(), |part| format!("{}::{part}", hazard.item));
    let (what, help) = match hazard.kind {
        Unsafe::Untagged => {
            ("is `untagged`: its variants are told by trying one after the other", "tag it: `#[serde(tag = \"type\")]`")
        }
        Unsafe::SkippedWithoutDefault => (
            "is left out by `skip_serializing_if` and has no default to be read without",
            "add `default` beside it: `#[serde(default, skip_serializing_if = …)]`",
        ),
        Unsafe::Undescribed => (
            "is written or read by functions of its own, which the schema does not describe",
            "say what is on the wire: `#[schemars(with = \"…\")]`",
        ),
    };
    RULE.finding(format!("`{part}` within {subject} {what}")).help(help)
}
