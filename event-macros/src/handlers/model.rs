//! What `#[event_handlers]` knows about an impl.

use quote::ToTokens;
use syn::{Attribute, Ident, ImplItem, ItemImpl, Path, Type, parse_quote};

use crate::problems::Problems;

use super::args::Args;
use super::method;
use super::on::On;

/// The handlers of a consumer.
pub(super) struct HandlersModel {
    pub(super) args: Args,
    pub(super) handlers: Vec<Handler>,
    /// Whether a method has `#[on]`, be it a handler or not.
    pub(super) any: bool,
}

/// One method with `#[on]`, without mistakes.
pub(super) struct Handler {
    pub(super) name: Ident,
    pub(super) on: On,
    pub(super) event: Type,
    /// The type behind `cx: &mut`, where the method takes it.
    pub(super) context: Option<Type>,
}

impl HandlersModel {
    /// Takes every `#[on]` away and reads the methods that had one.
    pub(super) fn parse(problems: &Problems, args: Args, item: &mut ItemImpl) -> Self {
        let mut model = Self { args, handlers: Vec::new(), any: false };
        for item in &mut item.items {
            let Some(on) = attributes(item).and_then(|attributes| On::take(problems, attributes)) else { continue };
            model.any = true;
            model.handlers.extend(method::handler(problems, item, on));
        }
        model
    }

    /// The crate that the output names.
    pub(super) fn krate(&self) -> Path {
        self.args.krate.given().cloned().unwrap_or_else(|| parse_quote!(::event_core))
    }

    /// The type behind `cx: &mut` of the first method that takes it.
    pub(super) fn context(&self) -> Option<(&Handler, &Type)> {
        self.handlers.iter().find_map(|handler| Some((handler, handler.context.as_ref()?)))
    }
}

fn attributes(item: &mut ImplItem) -> Option<&mut Vec<Attribute>> {
    match item {
        ImplItem::Const(item) => Some(&mut item.attrs),
        ImplItem::Fn(item) => Some(&mut item.attrs),
        ImplItem::Type(item) => Some(&mut item.attrs),
        ImplItem::Macro(item) => Some(&mut item.attrs),
        _ => None,
    }
}

/// The text of a type, to compare what was written.
pub(super) fn text(ty: &impl ToTokens) -> String {
    crate::model::path_text(ty)
}
