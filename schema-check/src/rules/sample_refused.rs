//! `sample_refused`

use crate::discover::Reading;
use crate::finding::{Finding, Place, Role, Side, Subject};
use crate::rule::declare_rule;
use crate::trial::Refusal;

declare_rule! {
    /// ## What it does
    /// Refuses code that can't read a sample of a committed version, or bring it to the newest one.
    ///
    /// Samples are generated from every revision of the version's schema: bounds, empty and long texts and lists, Unicode, nulls,
    /// each variant, recursion. Golden payloads stand in `schemas/<type>/v<version>.samples.json`, an array of `data`. All go through
    /// the real decode and the real upcasters. Of a generated sample only a panic, or what is left without a Rust type of the
    /// version, fails; of a golden one each refusal does.
    ///
    /// ## Why is this bad
    /// Samples stand for what is stored. What fails on them fails on real events: in the consumer, when they are replayed.
    ///
    /// ## Who breaks
    /// Today's code, on stored events like the sample.
    ///
    /// ## Example
    /// ```rust,ignore
    /// fn upcast(old: OrderPlacedV1) -> OrderPlaced {
    ///     let first = old.lines.into_iter().next().unwrap(); // no version of the event ever said that there is one
    ///     …
    /// ```
    ///
    /// ## Instead
    /// Let the upcaster take every payload that was ever valid, or return an error (`TryUpcast`): then the event becomes a dead
    /// letter. If such an event can't have been stored, say so: `retire` the version, or accept it with a reason.
    sample_refused, Deny
}

/// A sample of the version failed.
#[must_use]
pub fn finding(subject: &Subject<'_>, refusal: &Refusal) -> Finding {
    let what = match refusal.golden {
        Some(index) => format!("golden payload {index} of {subject}"),
        None => format!("a sample of {subject}"),
    };
    let step = &refusal.step;
    let is_own = step.event_type == subject.event_type && step.to_version == subject.event_version;
    let by = match step.event_type == subject.event_type {
        _ if is_own => "its own type".to_owned(),
        true => format!("the step to v{}", step.to_version),
        false => format!("the step to `{}` v{}", step.event_type, step.to_version),
    };
    let message = match &refusal.reading {
        Reading::Panicked { text, .. } if is_own => format!("decoding {what} panics: {text}"),
        Reading::Panicked { text, .. } => format!("{by} panics on {what}: {text}"),
        Reading::Refused { error, .. } | Reading::Decode { error } => format!("{by} refuses {what}: {error}"),
        _ => format!("nothing reads {what}"),
    };
    let pointer = refusal.golden.map(|index| format!("/{index}")).unwrap_or_default();
    RULE.finding(message)
        .at(Place { side: Side::Old, role: Role::Writer, pointer })
        .note(format!("stored v{} events like it cannot be handled", subject.event_version))
        .help(help(refusal, is_own))
}

fn help(refusal: &Refusal, is_own: bool) -> String {
    let panicked = matches!(refusal.reading, Reading::Panicked { .. });
    let mend = match (panicked, is_own, refusal.golden) {
        (true, true, _) => "let `Deserialize` return an error in place of a panic",
        (true, false, None) => {
            "let the step take every payload that was ever valid, or refuse it by `TryUpcast`: then it becomes a dead letter"
        }
        (true, false, Some(_)) => "let the step take it",
        (false, ..) => "let the code take every payload that was ever stored",
    };
    match refusal.golden {
        Some(_) => format!("{mend}; or take the payload out of the file, if nothing like it was ever stored"),
        None => mend.to_owned(),
    }
}
