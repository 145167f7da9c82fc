//! `description_lost`

use crate::finding::{Finding, Place, Role, Side, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Tells of descriptions that were published and are gone, while what they described is still there.
    ///
    /// ## Why is this bad
    /// The schema is what other teams read to learn what a field means. Its words come from the doc comments; an edit may drop them
    /// without anyone's intention.
    ///
    /// ## Who breaks
    /// Nobody.
    ///
    /// ## Example
    /// ```rust,ignore
    /// pub struct OrderPlaced {
    ///     pub total_cents: i64, // had the comment `/// Including taxes.`
    /// }
    /// ```
    ///
    /// ## Instead
    /// Bring the doc comment back, or leave it if nobody misses it: the status stays `unchanged`.
    description_lost, Note
}

/// Names that are listed.
const LISTED: usize = 3;

/// What lost its description: names of fields, and the place of the first of them in the new writer.
#[must_use]
pub fn finding(subject: &Subject<'_>, pointer: &str, lost: &[String]) -> Finding {
    let named: Vec<String> = lost.iter().take(LISTED).map(|path| of(subject, path)).collect();
    let more = lost.len().saturating_sub(LISTED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let (noun, verb) = if lost.len() == 1 { ("description", "is") } else { ("descriptions", "are") };
    let within = if lost.iter().take(LISTED).any(String::is_empty) { String::new() } else { subject.within() };
    RULE.finding(format!("the {noun} of {}{more}{within} {verb} gone", named.join(", ")))
        .at(Place { side: Side::New, role: Role::Writer, pointer: pointer.to_owned() })
        .field(lost.first().map(String::as_str).unwrap_or_default())
        .help("bring the doc comment back, if it was not meant to go")
}

fn of(subject: &Subject<'_>, path: &str) -> String {
    if path.is_empty() { subject.part("") } else { format!("`{path}`") }
}
