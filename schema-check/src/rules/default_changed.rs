//! `default_changed`

use serde_json::Value;

use crate::finding::{Finding, Place, Role, Side, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Tells of another default: what a reader takes for a field that an event lacks.
    ///
    /// ## Why is this bad
    /// Nothing fails. But stored events that lack the field say something else from now on, and builds that run side by side
    /// read one event in two ways.
    ///
    /// ## Who breaks
    /// Nobody. Consumers that add up or compare what they read may come to other results on replay.
    ///
    /// ## Example
    /// ```rust,ignore
    /// pub struct OrderPlaced {
    ///     #[serde(default = "three")] // was 2
    ///     pub attempts: u8,
    /// }
    /// ```
    ///
    /// ## Instead
    /// Keep the default for events that lack the field, and write the new value where events are made.
    default_changed, Note
}

/// The default of the field at `path` is another one; `pointer` is in the new reader.
#[must_use]
pub fn finding(subject: &Subject<'_>, pointer: &str, path: &str, old: &Value, new: &Value) -> Finding {
    let message = format!("the default of {} changed from `{}` to `{}`", subject.part(path), short(old), short(new));
    RULE.finding(message)
        .at(Place { side: Side::New, role: Role::Reader, pointer: pointer.to_owned() })
        .field(path)
        .note("stored events that lack the field are read with the new default")
        .help("keep the default, and write the new value where events are made")
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
