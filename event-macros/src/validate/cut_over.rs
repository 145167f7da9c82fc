//! What is said to consumers that run another version: `readable_since`, `also`.

use crate::expand::last_word;
use crate::model::EventModel;
use crate::problems::Problems;

/// Every check of a cut-over.
pub(super) fn all(problems: &Problems, model: &EventModel<'_>) {
    if model.is_foreign() {
        return;
    }
    readable_since(problems, model);
    also(problems, model);
}

/// It lies between the first version and the own one.
fn readable_since(problems: &Problems, model: &EventModel<'_>) {
    let (Some(readable), Some(version)) = (model.attrs.readable_since.given(), model.attrs.version.given()) else {
        return;
    };
    let (version, first) = (version.value, model.since());
    if readable.value > version {
        let message =
            format!("no reader of version {version} is newer than it; write `readable_since = {version}` at most");
        problems.at(readable.span, message);
    } else if readable.value < first && first <= version {
        let message = format!("no version below {first} was ever published; write `readable_since = {first}` at least");
        problems.at(readable.span, message);
    }
}

/// What is never published has no twin, and an event isn't its own.
fn also(problems: &Problems, model: &EventModel<'_>) {
    if let Some(also) = model.attrs.also.given()
        && (also.is_ident(model.ident) || also.is_ident("Self"))
    {
        return problems.at(last_word(also), "`also` names an older version, and this is the event itself");
    }
    if let (Some(also), false) = (model.attrs.also.given(), model.attrs.superseded.is_missing()) {
        problems.at(last_word(also), "a superseded version isn't published, and so has no twin; remove `also`");
    }
}
