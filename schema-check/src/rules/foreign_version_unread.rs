//! `foreign_version_unread`

use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Tells of a version that the producer has and that is newer than all that this package reads of the event.
    ///
    /// ## Why is this bad
    /// Events of that version wait for a deploy, unless the producer says that an older reader understands them.
    ///
    /// ## Who breaks
    /// Nobody at once: its events wait for a deploy of this package, unless the producer claims that an older reader understands them.
    ///
    /// ## Example
    /// `schemas/foreign/order.placed/v3.writer.json` is there, and the code has
    /// ```rust,ignore
    /// #[event(type = "order.placed", version = 2, foreign)]
    /// struct OrderPlaced { order_id: String }
    /// ```
    ///
    /// ## Instead
    /// Declare the newer version as well, before its producer publishes it: `version = 3, foreign, from = OrderPlaced`.
    foreign_version_unread, Note
}

/// The producer has the version `newest`.
#[must_use]
pub fn finding(subject: &Subject<'_>, newest: u32) -> Finding {
    let version = subject.event_version;
    RULE.finding(format!(
        "`{}` has a version {newest} at its producer, and version {version} is the newest that is read",
        subject.event_type
    ))
    .help(format!("declare `version = {newest}, foreign`, with `from` the version that is read now"))
}
