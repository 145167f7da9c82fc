//! What attributes say together, and whether the item can be an event at all.

mod chain;
mod cut_over;
mod foreign;
mod from_schema;
mod key;

use syn::{Error, GenericParam, Generics};

use crate::model::{Body, EventModel, plain};
use crate::problems::Problems;

/// Every check; each adds its own mistakes.
pub(crate) fn all(problems: &Problems, model: &EventModel<'_>) {
    union(problems, model);
    generics(problems, model);
    untagged(problems, model);
    required(problems, model);
    chain::all(problems, model);
    cut_over::all(problems, model);
    foreign::all(problems, model);
    key::all(problems, model);
}

/// serde and schemars know no unions.
fn union(problems: &Problems, model: &EventModel<'_>) {
    if let Body::Union(span) = model.body {
        problems.at(span, "a union can't be an event; write a struct or an enum");
    }
}

/// A generic item has as many schemas as it has instances.
fn generics(problems: &Problems, model: &EventModel<'_>) {
    if model.generics.params.is_empty() {
        return;
    }
    let message = if only_lifetimes(model.generics) {
        "an event can't borrow; use owned types, such as `String` for `&str`"
    } else {
        "an event can't be generic, it has one schema; write a type for each instance"
    };
    problems.push(Error::new_spanned(&model.generics.params, message));
}

fn only_lifetimes(generics: &Generics) -> bool {
    generics.params.iter().all(|param| matches!(param, GenericParam::Lifetime(_)))
}

/// Data without a tag says nothing of the variant that was written: a change can't be told from another variant.
fn untagged(problems: &Problems, model: &EventModel<'_>) {
    if let (Some(span), Body::Enum(_)) = (model.untagged, &model.body) {
        problems.at(span, "an untagged event can't be guarded; write `tag = \"kind\"` instead of `untagged`");
    }
}

/// The wire type, the version and the key are never guessed.
fn required(problems: &Problems, model: &EventModel<'_>) {
    let attrs = &model.attrs;
    let Some(span) = attrs.event else {
        let then = format!("with `version = 1`, and `{}` or `keyless`", key_example(model));
        return problems
            .at(model.ident.span(), format!("missing event type; add `#[event(type = \"order.placed\")]`, {then}"));
    };
    if attrs.event_type.is_missing() {
        problems.at(span, "missing event type; add `#[event(type = \"order.placed\")]`");
    }
    if attrs.version.is_missing() {
        problems.at(span, "missing event version; add `version = 1`");
    }
    if attrs.key.is_missing() && attrs.keyless.is_missing() && !model.is_foreign() {
        let example = key_example(model);
        problems.at(span, format!("missing key; add `{example}`, or `keyless` if the order of events doesn't matter"));
    }
    if let (false, Some(keyless)) = (attrs.key.is_missing(), attrs.keyless.given()) {
        problems.at(keyless.span(), "both `key` and `keyless`; keep one");
    }
}

/// A key that this event could have: its first field that looks like an id.
fn key_example(model: &EventModel<'_>) -> String {
    let names: Vec<String> = model.body.fields().iter().map(|field| field.name()).collect();
    let id = names.iter().find(|name| *name == "id" || name.ends_with("_id"));
    format!("key = {}", id.or(names.first()).map_or("self::function", String::as_str))
}

/// A name for the older version of an item, for messages.
fn older_example(model: &EventModel<'_>) -> String {
    let name = plain(model.ident);
    let older = model.version().saturating_sub(1);
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let stem = stem.strip_suffix('V').filter(|stem| !stem.is_empty()).unwrap_or(&name);
    format!("{stem}V{older}")
}
