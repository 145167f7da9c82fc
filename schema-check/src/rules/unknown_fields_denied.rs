//! `unknown_fields_denied`

use crate::diff::{Change, What};
use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses keys that a reader with `deny_unknown_fields` doesn't know: a new field, where older builds deny what they don't
    /// know, or a map that is read by a struct that denies.
    ///
    /// ## Why is this bad
    /// A reader that refuses what it doesn't know can't be sent anything new. Adding a field is the most common change of an
    /// event, and should break nobody.
    ///
    /// ## Who breaks
    /// The side that denies: consumers on the old build, or today's code on stored events, as the finding says.
    ///
    /// ## Example
    /// ```rust,ignore
    /// #[serde(deny_unknown_fields)]
    /// pub struct OrderPlaced {
    ///     pub order_id: OrderId,
    ///     #[serde(default)]
    ///     pub coupon: Option<String>, // new
    /// }
    /// ```
    ///
    /// ## Instead
    /// Publish the next version, and drop `deny_unknown_fields` there.
    unknown_fields_denied, Deny, check
}

fn check(change: &Change, subject: &Subject<'_>) -> Option<Finding> {
    let message = match &change.what {
        What::Refused if !change.is_backward() => {
            format!("`{}` is new{}, and older builds refuse unknown fields", change.spot.path, subject.within())
        }
        What::ExtraRefused if change.is_backward() => {
            format!("{} refuses unknown fields now", change.field(subject))
        }
        What::ExtraRefused => {
            format!("{} can have any field now, and older builds refuse unknown ones", change.field(subject))
        }
        _ => return None,
    };
    let finding = RULE.explains(change, subject, change.new_place(), message);
    let keep = if change.is_backward() { "drop `deny_unknown_fields`" } else { "leave it out" };
    Some(finding.help(format!("{keep}, or {}", subject.bump())))
}
