//! The chain of versions: `from`, `with`, `added`, `was`, `since`.

use crate::attr::Added;
use crate::model::{Body, EventModel, path_text};
use crate::problems::Problems;

use super::{from_schema, older_example};

/// Every check of the chain.
pub(super) fn all(problems: &Problems, model: &EventModel<'_>) {
    let complained = since(problems, model) || missing_from(problems, model);
    first_version(problems, model);
    was(problems, model);
    from_schema::all(problems, model);
    if !model.has_step() && !complained {
        without_from(problems, model);
    }
    match &model.body {
        _ if !model.attrs.from_schema.is_missing() => {}
        Body::Enum(_) => enum_step(problems, model),
        Body::Struct(_) => added_beside_with(problems, model),
        Body::Union(_) => {}
    }
}

/// `since` must leave room for what it says; whether it was a mistake.
fn since(problems: &Problems, model: &EventModel<'_>) -> bool {
    let (Some(since), Some(version)) = (model.attrs.since.given(), model.attrs.version.given()) else {
        return !model.attrs.since.is_missing();
    };
    if model.is_foreign() {
        return true;
    }
    let version = version.value;
    if since.value > version {
        problems.at(since.span, format!("`since` can't be above the own version; write `since = {version}`"));
        return true;
    }
    if since.value == version && version > 1 && model.has_step() {
        let step = if model.attrs.from.is_missing() { "from_schema" } else { "from" };
        let message = format!(
            "`since = {version}` says that no version below {version} was published, `{step}` that one was; keep one"
        );
        problems.at(since.span, message);
        return true;
    }
    false
}

/// Every version but the first published one is upcast from the version before it; whether it was a mistake. Of a
/// foreign event this service may read the later versions alone.
fn missing_from(problems: &Problems, model: &EventModel<'_>) -> bool {
    let Some(version) = model.attrs.version.given() else { return true };
    let missing = !model.has_step() && version.value > model.since() && !model.is_foreign();
    if missing {
        let (version, older) = (version.value, older_example(model));
        let message = format!(
            "version {version} needs the version it is upcast from; add `from = {older}`, or `since = {version}` if none below {version} was ever published"
        );
        problems.at(model.attrs.version.given().map_or(model.ident.span(), |given| given.span), message);
    }
    missing
}

/// Version 1 has no older version, unless it renames another type.
fn first_version(problems: &Problems, model: &EventModel<'_>) {
    let (Some(version), Some(from)) = (model.attrs.version.given(), model.attrs.from.given()) else { return };
    if version.value == 1 && model.attrs.was.is_missing() {
        let message = format!(
            "version 1 has no older version; write `version = 2` to be upcast from `{}`, or `was = \"old.type\"` if it renames the type",
            path_text(from)
        );
        problems.at(version.span, message);
    }
}

/// `was` names another type.
fn was(problems: &Problems, model: &EventModel<'_>) {
    if let Some(was) = model.attrs.was.given()
        && was.value == model.event_type()
        && !model.is_foreign()
    {
        problems.at(was.span, "`was` is the event type itself; remove it");
    }
}

/// Steps need a version to step from.
fn without_from(problems: &Problems, model: &EventModel<'_>) {
    let needs = |name: &str| format!("`{name}` needs the older version; add `from = OrderPlacedV1` on the type");
    if let (Some(was), false) = (model.attrs.was.given(), model.is_foreign()) {
        problems.at(was.span, needs("was"));
    }
    if let Some(with) = model.attrs.with.given() {
        problems.at(with.name.span(), needs("with"));
    }
    if let Body::Struct(_) = model.body {
        for added in all_added(model) {
            problems.at(added.name.span(), needs("added"));
        }
    }
}

/// An enum is upcast by hand.
fn enum_step(problems: &Problems, model: &EventModel<'_>) {
    let older = model.attrs.from.given().map_or_else(|| older_example(model), path_text);
    let by_hand = |name: &str| {
        format!("an enum is upcast by hand; remove `{name}` and write `impl Upcast<{older}> for {}`", model.ident)
    };
    if let (Some(with), false) = (model.attrs.with.given(), model.attrs.from.is_missing()) {
        problems.at(with.name.span(), by_hand("with"));
    }
    for added in all_added(model) {
        problems.at(added.name.span(), by_hand("added"));
    }
}

/// `with` makes the whole event, so nothing is left for `added`.
fn added_beside_with(problems: &Problems, model: &EventModel<'_>) {
    if model.attrs.with.is_missing() || model.attrs.from.is_missing() {
        return;
    }
    for added in all_added(model) {
        problems.at(added.name.span(), "`with` makes the whole event; remove `added`, or `with`");
    }
}

pub(super) fn all_added<'m>(model: &'m EventModel<'_>) -> Vec<&'m Added> {
    model.body.fields().iter().filter_map(|field| field.added.as_ref()).collect()
}
