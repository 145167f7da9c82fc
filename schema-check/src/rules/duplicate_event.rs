//! `duplicate_event`

use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses two declarations of one type and version.
    ///
    /// ## Why is this bad
    /// A version is one contract. Of two structs, consumers would follow whichever was found first.
    ///
    /// ## Who breaks
    /// Whoever reads the event: which of the two contracts holds is chance.
    ///
    /// ## Example
    /// ```rust,ignore
    /// #[event(type = "order.placed", version = 1, key = id)]
    /// pub struct OrderPlaced { pub id: OrderId }
    ///
    /// #[event(type = "order.placed", version = 1, key = id)]
    /// pub struct OrderReceived { pub id: OrderId }
    /// ```
    ///
    /// ## Instead
    /// Share one struct from a library, or give one of the two another `type` or `version`. A reader of somebody else's event is
    /// marked `foreign`.
    duplicate_event, Deny
}

/// The version is declared at both places, such as `src/orders.rs:14`.
#[must_use]
pub fn finding(subject: &Subject<'_>, first: &str, second: &str) -> Finding {
    RULE.finding(format!("{subject} is declared twice, at {first} and at {second}"))
        .help("share one struct, or give one of them another `type` or `version`")
}
