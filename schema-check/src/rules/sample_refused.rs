//! `sample_refused`

use crate::finding::{Finding, Place, Role, Side, Subject};
use crate::rule::declare_rule;

declare_rule! {
    /// ## What it does
    /// Refuses a change after which a sample of a version can't be decoded or brought to the newest version.
    ///
    /// Not in force yet: no check tries samples so far.
    ///
    /// ## Why is this bad
    /// Samples stand for what is stored. What fails on them fails on real events.
    ///
    /// ## Who breaks
    /// Today's code, on stored events like the sample.
    ///
    /// ## Example
    /// An upcaster that fails, or panics, on a golden payload of `schemas/order.placed/v1.samples.json`.
    ///
    /// ## Instead
    /// Mend the upcaster so that it takes every payload that was ever valid.
    sample_refused, Deny
}

/// A sample of the version failed; `index` counts from 0, `error` is what the code said.
#[must_use]
pub fn finding(subject: &Subject<'_>, index: usize, error: &str) -> Finding {
    RULE.finding(format!("sample {index} of {subject} is refused: {error}"))
        .at(Place { side: Side::Old, role: Role::Writer, pointer: String::new() })
        .help("make the upcasters take every payload that was ever valid")
}
