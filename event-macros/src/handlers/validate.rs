//! What the arguments, the impl and its methods say together.

use std::collections::HashMap;

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Error, ItemImpl};

use crate::problems::Problems;

use super::model::{HandlersModel, text};

/// Every check; each adds its own mistakes.
pub(super) fn all(problems: &Problems, model: &HandlersModel, item: &ItemImpl) {
    consumer(problems, model);
    inherent(problems, item);
    any(problems, model, item);
    one_context(problems, model);
    one_handler_per_event(problems, model);
}

fn consumer(problems: &Problems, model: &HandlersModel) {
    if model.args.consumer.is_missing() {
        problems.at(Span::call_site(), "missing consumer; write `#[event_handlers(consumer = \"billing\")]`");
    }
}

fn inherent(problems: &Problems, item: &ItemImpl) {
    if let Some((path, _)) = &item.trait_ {
        let message = format!("handlers are methods of the type itself; write `impl {} {{ … }}`", text(&item.self_ty));
        problems.push(Error::new_spanned(path, message));
    }
}

fn any(problems: &Problems, model: &HandlersModel, item: &ItemImpl) {
    if !model.any {
        problems.push(Error::new_spanned(
            &item.self_ty,
            "no handlers; write `#[on]` above each `async fn` that takes an event",
        ));
    }
}

fn one_context(problems: &Problems, model: &HandlersModel) {
    let Some((first, expected)) = model.context() else { return };
    let contexts = model.handlers.iter().filter_map(|handler| handler.context.as_ref());
    for other in contexts.filter(|context| text(context) != text(expected)) {
        let (name, expected) = (&first.name, as_written(expected));
        let message = format!("all handlers of an impl take one context; write `{expected}`, as in `{name}`");
        problems.push(Error::new_spanned(other, message));
    }
}

fn as_written(ty: &impl ToTokens) -> String {
    text(ty).replace(',', ", ")
}

fn one_handler_per_event(problems: &Problems, model: &HandlersModel) {
    let mut first = HashMap::new();
    for handler in &model.handlers {
        let event = text(&handler.event);
        if let Some(name) = first.get(&event) {
            let message = format!("`{event}` is handled by `{name}` already; call both from one handler");
            problems.push(Error::new_spanned(&handler.event, message));
        } else {
            first.insert(event, &handler.name);
        }
    }
}
