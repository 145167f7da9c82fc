//! `versions_swapped`

use crate::finding::{Finding, Place, Role, Side, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses versions of an event whose schemas changed places: each is fine, under the number of another.
    ///
    /// ## Why is this bad
    /// Stored events carry the number of their version. After the exchange they are read as what they are not.
    ///
    /// ## Who breaks
    /// Today's code, on every stored event of these versions; and older builds, on every new one.
    ///
    /// ## Example
    /// ```rust,ignore
    /// #[event(type = "order.placed", version = 2, key = order_id, from = OrderPlaced)]
    /// pub struct OrderPlacedV1 { … } // was `version = 1`
    ///
    /// #[event(type = "order.placed", version = 1, key = order_id, superseded)]
    /// pub struct OrderPlaced { … }   // was `version = 2`
    /// ```
    ///
    /// ## Instead
    /// Give each struct its own number back.
    versions_swapped, Deny
}

/// The code has under the number of the version what is committed as `other`.
#[must_use]
pub fn finding(subject: &Subject<'_>, other: u32) -> Finding {
    let version = subject.event_version;
    RULE.finding(format!("{subject} is now what is committed as v{other}: versions changed their numbers"))
        .at(Place { side: Side::New, role: Role::Writer, pointer: String::new() })
        .note(format!("stored v{version} events are read as what they are not"))
        .help(format!("give this struct its number back: `version = {other}`; what is v{version} stands in the files of v{version}"))
}
