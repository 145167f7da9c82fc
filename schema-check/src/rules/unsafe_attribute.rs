//! `unsafe_attribute`

use crate::discover::Hazard;
use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Warns of a serde attribute in a nested type that makes the event unsafe to evolve. No verdict depends on it.
    ///
    /// ## Why is this bad
    /// What the attribute or the type does is in no schema, or what is written can't be read again. Among others:
    /// - `untagged`: variants are told by trying one after the other. One more field can make another variant match first.
    /// - `skip_serializing_if` without `default`: what is left out when written has to be there when read.
    /// - `serialize_with`, `deserialize_with` without `schemars(with = …)`: the schema describes the Rust type, not what
    ///   the functions write and read.
    /// - `Option<Option<_>>`: JSON has one `null`.
    ///
    /// Of an event's own item the compiler warns, in the same words; here it isn't repeated. `docs/serde.md` lists
    /// everything. `#[allow(deprecated)]` on the field, the variant or the type says that it is meant so.
    ///
    /// ## Who breaks
    /// Nobody yet: the next edit of the type, or of the functions, may break stored events without a word.
    ///
    /// ## Example
    /// ```rust,ignore
    /// #[derive(Serialize, Deserialize, JsonSchema)]
    /// pub struct Window {
    ///     #[serde(serialize_with = "seconds")]
    ///     pub length: Duration,
    /// }
    /// ```
    ///
    /// ## Instead
    /// Tag the enum, add `#[serde(default)]`, or say what is on the wire:
    /// ```rust,ignore
    ///     #[serde(serialize_with = "seconds")]
    ///     #[schemars(with = "u64")]
    ///     pub length: Duration,
    /// ```
    unsafe_attribute, Warn
}

/// The event holds a type with such an attribute.
#[must_use]
pub fn finding(subject: &Subject<'_>, hazard: &Hazard) -> Finding {
    let part = hazard.part.as_ref().map_or_else(|| hazard.item.clone(), |part| format!("{}::{part}", hazard.item));
    RULE.finding(format!("`{part}` within {subject} {}", hazard.what)).help(hazard.help.clone())
}
