//! Steps from versions whose Rust types are gone.

use crate::attr::FromSchema;
use crate::model::EventModel;
use crate::problems::Problems;

use super::chain::all_added;

/// Every check of `from_schema`.
pub(super) fn all(problems: &Problems, model: &EventModel<'_>) {
    let Some(from_schema) = model.attrs.from_schema.given() else { return };
    beside_from(problems, model, from_schema);
    versions(problems, model, from_schema);
    if let (true, Some(with)) = (from_schema.is_list, model.attrs.with.given()) {
        problems.at(with.name.span(), "each version of `from_schema` has its function; remove `with`");
    }
    for added in all_added(model) {
        let message = "`added` needs the struct of the older version; the step of `from_schema` makes the whole event";
        problems.at(added.name.span(), message);
    }
}

/// The oldest struct that is left reads what has none.
fn beside_from(problems: &Problems, model: &EventModel<'_>, from_schema: &FromSchema) {
    if let Some(from) = model.attrs.from.given() {
        let from = crate::model::path_text(from);
        let message = format!("`{from}` reads the versions below it; write `from_schema` there, or remove `from`");
        problems.at(from_schema.name.span(), message);
    }
}

/// They lie below the own version. Another type has versions of its own.
fn versions(problems: &Problems, model: &EventModel<'_>, from_schema: &FromSchema) {
    let Some(own) = model.attrs.version.given() else { return };
    let (own, first) = (own.value, model.since());
    let mut wrong = false;
    for version in from_schema.steps.iter().map(|step| &step.version) {
        if version.value >= own && model.attrs.was.is_missing() {
            let message = format!("version {} is not below version {own}, the own one", version.value);
            problems.at(version.span, message);
            wrong = true;
        } else if version.value < first && first < own {
            let message =
                format!("`since = {first}` says that version {} was never published; keep one", version.value);
            problems.at(version.span, message);
            wrong = true;
        }
    }
    if !wrong && model.attrs.was.is_missing() && model.attrs.from.is_missing() {
        gap(problems, from_schema, own);
    }
}

/// The versions run without a gap up to the own one.
fn gap(problems: &Problems, from_schema: &FromSchema, own: u32) {
    let has = |wanted: u32| from_schema.steps.iter().any(|step| step.version.value == wanted);
    let lowest = from_schema.steps.iter().map(|step| step.version.value).min().unwrap_or(own);
    if let Some(missing) = (lowest..own).find(|version| !has(*version)) {
        let list = format!("from_schema({lowest} = self::from_v{lowest}, {missing} = self::from_v{missing})");
        let message = format!("gap between versions: version {missing} isn't read; write `{list}`");
        problems.at(from_schema.name.span(), message);
    }
}
