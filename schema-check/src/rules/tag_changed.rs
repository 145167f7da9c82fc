//! `tag_changed`

use crate::diff::{Change, Tagging, What};
use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses another way to tell the variants of an enum apart.
    ///
    /// ## Why is this bad
    /// Every value of the enum looks different on the wire. Neither build can decode what the other wrote.
    ///
    /// ## Who breaks
    /// Both sides, on every event that holds the enum.
    ///
    /// ## Example
    /// ```rust,ignore
    /// #[serde(tag = "kind")] // was "type"
    /// pub enum Payment { Card { last4: String }, Invoice { days: u8 } }
    /// ```
    ///
    /// ## Instead
    /// Keep the container's `tag`, `content` and `untagged` as they were, or publish the next version.
    tag_changed, Deny, check
}

fn check(change: &Change, subject: &Subject<'_>) -> Option<Finding> {
    let What::Tag { written, read } = &change.what else { return None };
    let (old, new) = change.old_and_new(written, read);
    let how = format!("told apart by {}, were by {}", in_words(new), in_words(old));
    let message = format!("the variants of {} are {how}", change.field(subject));
    let finding = RULE.explains(change, subject, change.new_place(), message);
    Some(finding.help(format!("{}, or {}", keep(old), subject.bump())))
}

fn in_words(tagging: &Tagging) -> String {
    match tagging {
        Tagging::External => "the variant's name as the key".to_owned(),
        Tagging::Key { tag, content: None } => format!("`{tag}`"),
        Tagging::Key { tag, content: Some(content) } => format!("`{tag}` with the content in `{content}`"),
        Tagging::Untagged => "their shape".to_owned(),
    }
}

fn keep(old: &Tagging) -> String {
    match old {
        Tagging::External => "drop `tag` and `untagged`".to_owned(),
        Tagging::Key { tag, content: None } => format!("keep `#[serde(tag = \"{tag}\")]`"),
        Tagging::Key { tag, content: Some(content) } => {
            format!("keep `#[serde(tag = \"{tag}\", content = \"{content}\")]`")
        }
        Tagging::Untagged => "keep `#[serde(untagged)]`".to_owned(),
    }
}
