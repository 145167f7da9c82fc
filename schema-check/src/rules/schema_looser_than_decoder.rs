//! `schema_looser_than_decoder`

use crate::discover::Reading;
use crate::finding::{Finding, Place, Role, Side, Subject};
use crate::rule::declare_rule;
use crate::trial::Refusal;

declare_rule! {
    /// ## What it does
    /// Tells of a payload that the schema allows and the Rust type itself refuses, or an upcaster by an error.
    ///
    /// It is told once for a version, and not at all where golden samples vouch for what is stored
    /// (`schemas/<type>/v<version>.samples.json`, an array of `data` payloads).
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

/// A sample of the version that its own type refuses, or a step on the way to the newest version.
#[must_use]
pub fn of_sample(subject: &Subject<'_>, refusal: &Refusal) -> Finding {
    let message = match &refusal.reading {
        Reading::Refused { error, to_version } => {
            format!("the schema of {subject} allows what the step to v{to_version} refuses: {error}")
        }
        Reading::Decode { error } => format!("the schema of {subject} allows what its type refuses: {error}"),
        _ => format!("the schema of {subject} allows what nothing reads"),
    };
    let samples = format!("schemas/{}/v{}.samples.json", subject.event_type, subject.event_version);
    RULE.finding(message).at(Place { side: Side::New, role: Role::Writer, pointer: String::new() }).help(format!(
        "add a pattern or a range to the schema; or commit golden samples, an array of payloads in `{samples}`"
    ))
}
