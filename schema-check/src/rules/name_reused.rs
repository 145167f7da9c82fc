//! `name_reused`

use crate::contain::Pair;
use crate::diff::lookup;
use crate::finding::{Finding, Subject};
use crate::rule::declare_rule;
use crate::rules::field_type_changed;

declare_rule! {
    /// ## What it does
    /// Refuses to give a name a second meaning: a retired type or version that comes back, or, within one version, the name
    /// of a removed field with another type.
    ///
    /// ## Why is this bad
    /// What was stored under the name in its first life is still there. Each step by itself may be additive (`b:
    /// Option<String>`, then no `b`, then `b: Option<u8>`), and yet events from before the first step can't be read after the
    /// last.
    ///
    /// ## Who breaks
    /// Today's code, on events from the name's first life; and whoever still runs the build of that time.
    ///
    /// ## Example
    /// ```rust,ignore
    /// pub struct OrderPlaced {
    ///     pub order_id: OrderId,
    ///     pub coupon: Option<u8>, // was `Option<String>` two revisions ago
    /// }
    /// ```
    ///
    /// ## Instead
    /// Choose a name that was never used.
    name_reused, Deny
}

/// A retired type or version is declared again.
#[must_use]
pub fn retired(subject: &Subject<'_>) -> Finding {
    RULE.finding(format!("{subject} is retired and declared again"))
        .note("what was stored under this name is still read by it")
        .help("choose another `type`, or the next version")
}

/// Every version of the type is retired, and one that goes on from none of them is new.
#[must_use]
pub fn retired_type(subject: &Subject<'_>) -> Finding {
    RULE.finding(format!("{subject} is new, and every version of its type is retired"))
        .note("what was stored under this name is still read by it")
        .help("choose another `type`; or go on from the version before: `from = …` instead of `since = …`")
}

/// A retired version is declared as it was, and not only to be read.
#[must_use]
pub fn retired_and_live(subject: &Subject<'_>) -> Finding {
    RULE.finding(format!("{subject} is retired and can still be published"))
        .note("nobody expects events of it any more")
        .help("remove it; or mark it `superseded`, where older versions are read through it")
}

/// Says of fields that the latest revision lacks that their names are reused, not that their types changed.
///
/// `findings` are from the comparison with an earlier revision than `latest`.
#[must_use]
pub fn recast(findings: Vec<Finding>, subject: &Subject<'_>, latest: &Pair<'_>) -> Vec<Finding> {
    let gone = |path: &str| !lookup::has_field(latest.reader, path) && !lookup::has_field(latest.writer, path);
    let reused = |finding: Finding| match finding.field.clone() {
        Some(path) if finding.rule == field_type_changed::RULE.id && gone(&path) => Finding {
            rule: RULE.id,
            message: format!(
                "`{path}` is the name of a removed field of another type{}{}",
                subject.within(),
                then_and_now(&finding.message)
            ),
            note: finding.note.map(|note| note.replace("before this change", "before that field was removed")),
            help: Some(format!("choose a name that was never used, or {}", subject.bump())),
            ..finding
        },
        _ => finding,
    };
    findings.into_iter().map(reused).collect()
}

/// Which types, where the message of the change tells them.
fn then_and_now(message: &str) -> String {
    let types = message.split_once(" changed from `").and_then(|(_, types)| types.split_once("` to `"));
    let types = types.and_then(|(old, rest)| Some((old, rest.split_once('`')?.0)));
    types.map(|(old, new)| format!(": `{old}` then, `{new}` now")).unwrap_or_default()
}
