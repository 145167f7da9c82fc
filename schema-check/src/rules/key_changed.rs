//! `key_changed`

use crate::finding::{Finding, Place, Role, Side, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses another key for a published version.
    ///
    /// ## Why is this bad
    /// Events are delivered in order per aggregate and key. Under another key, events that belong together travel apart:
    /// those written before and after the change overtake each other, and consumers that hold an event back by its key
    /// look for the wrong one.
    ///
    /// ## Who breaks
    /// Consumers that rely on order, or keep state by key. Nothing fails to decode, so nobody notices at first.
    ///
    /// ## Example
    /// ```rust,ignore
    /// #[event(type = "order.placed", version = 2, key = customer_id)] // was `order_id`
    /// ```
    ///
    /// ## Instead
    /// Keep the key. When the order must follow something else, that is another event: publish it under a type of its own.
    key_changed, Deny
}

/// The key of the version is another one; `None` is `keyless`.
#[must_use]
pub fn finding(subject: &Subject<'_>, old: Option<&str>, new: Option<&str>) -> Finding {
    let message = format!("the key of {subject} changed from {} to {}", in_words(old), in_words(new));
    let keep = old.map_or("`keyless`".to_owned(), |key| format!("`key = {key}`"));
    RULE.finding(message)
        .at(Place { side: Side::New, role: Role::Writer, pointer: "/x-event/key".to_owned() })
        .note("events written before and after this change are not in order with each other")
        .help(format!("keep {keep}, or {}", subject.bump()))
}

fn in_words(key: Option<&str>) -> String {
    key.map_or("none".to_owned(), |key| format!("`{key}`"))
}
