//! `field_type_changed`

use crate::diff::{Change, What};
use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses another type for a field: a string for a number, a list for a single value, a value that can't be null for
    /// one that could, data for a variant that had none.
    ///
    /// ## Why is this bad
    /// What the one build writes, the other can't decode. A wider type (`i64` to `f64`, `T` to `Option<T>`) breaks
    /// consumers on the old build, a tighter one breaks on stored events, most changes break both.
    ///
    /// ## Who breaks
    /// Most often both sides: today's code on stored events, consumers on the old build on new ones. The finding names its direction.
    ///
    /// ## Example
    /// ```rust,ignore
    /// pub struct OrderPlaced {
    ///     pub total: Money, // was `i64`
    /// }
    /// ```
    ///
    /// ## Instead
    /// Add a field beside the old one and keep writing both:
    /// ```rust,ignore
    ///     pub total_cents: i64,
    ///     #[serde(default)]
    ///     pub total: Option<Money>,
    /// ```
    /// or publish the next version, with `from` and `#[event(added = …)]`.
    field_type_changed, Deny, check
}

fn check(change: &Change, subject: &Subject<'_>) -> Option<Finding> {
    let what = described(change)?;
    let message = format!("{} {what}", change.field(subject));
    let finding = RULE.explains(change, subject, change.new_place(), message);
    Some(finding.help(format!("{}, or {}", instead(change), subject.bump())))
}

fn described(change: &Change) -> Option<String> {
    let plain = "string".to_owned();
    let (written, read) = match &change.what {
        What::Type { written, read } => (written.clone(), read.clone()),
        What::Format { written, read } => (in_format(written.as_ref()).unwrap_or(plain), format!("string ({read})")),
        What::Null if change.is_backward() => return Some("can no longer be null".to_owned()),
        What::Null => return Some("can be null now".to_owned()),
        What::VariantData { written } => return Some(data(*written == change.is_backward()).to_owned()),
        _ => return None,
    };
    let (old, new) = change.old_and_new(written, read);
    Some(if old == new { format!("changed within `{old}`") } else { format!("changed from `{old}` to `{new}`") })
}

fn in_format(format: Option<&String>) -> Option<String> {
    Some(format!("string ({})", format?))
}

fn data(lost: bool) -> &'static str {
    if lost { "is a variant without data now" } else { "is a variant with data now" }
}

fn instead(change: &Change) -> &'static str {
    match change.what {
        What::Null if change.is_backward() => "keep it an `Option`",
        What::Null => "keep it mandatory",
        What::VariantData { .. } => "add a variant of another name",
        // No field: the event or the schema as a whole.
        _ if change.spot.path.is_empty() => "keep what it was",
        _ => "add a field of another name beside it",
    }
}
