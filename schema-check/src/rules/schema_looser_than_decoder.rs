//! `schema_looser_than_decoder`

use crate::finding::{Finding, Place, Role, Side, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Tells of a payload that the schema allows and the Rust type itself refuses.
    ///
    /// ## Why is this bad
    /// It breaks nothing, but the published contract promises more than the code keeps: whoever writes by the schema may
    /// write what can't be read.
    ///
    /// ## Who breaks
    /// Nobody, as long as only our own code writes the event. Producers in other languages that write by the schema may be refused.
    ///
    /// ## Example
    /// A field with a hand-written `Deserialize` that accepts `"EUR"` and `"USD"` while its schema says `string`.
    ///
    /// ## Instead
    /// Say it in the schema (`#[schemars(regex(pattern = "…"))]`), or commit golden samples beside it.
    schema_looser_than_decoder, Note
}

/// The current type refuses a payload that its schema allows at a place of the reader; `error` is what serde said.
#[must_use]
pub fn finding(subject: &Subject<'_>, pointer: &str, error: &str) -> Finding {
    RULE.finding(format!("the schema of {subject} allows what its type refuses: {error}"))
        .at(Place { side: Side::New, role: Role::Reader, pointer: pointer.to_owned() })
        .help("add a pattern to the schema, or commit golden samples")
}
