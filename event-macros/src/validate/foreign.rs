//! What only the owner of an event says about it.

use proc_macro2::Span;

use crate::attr::Slot;
use crate::expand::last_word;
use crate::model::EventModel;
use crate::problems::Problems;

/// Every check of a foreign event.
pub(super) fn all(problems: &Problems, model: &EventModel<'_>) {
    if !model.is_foreign() {
        return;
    }
    let attrs = &model.attrs;
    if let Some(superseded) = attrs.superseded.given() {
        problems.at(superseded.span(), "a foreign event is never published here anyway; remove `superseded`");
    }
    let of_owner = [
        ("was", span_of(&attrs.was)),
        ("since", span_of(&attrs.since)),
        ("readable_since", span_of(&attrs.readable_since)),
        ("also", attrs.also.given().map(last_word)),
        ("deprecated", attrs.deprecated.given().map(|deprecated| deprecated.name.span())),
    ];
    for (name, span) in of_owner.into_iter().filter_map(|(name, span)| Some((name, span?))) {
        problems.at(span, format!("`{name}` is for the owner of an event to say; remove it, or `foreign`"));
    }
}

fn span_of<T>(slot: &Slot<crate::attr::Spanned<T>>) -> Option<Span> {
    slot.given().map(|given| given.span)
}
