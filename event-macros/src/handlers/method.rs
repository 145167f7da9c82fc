//! A method with `#[on]`: `async fn name(&self, event: Event, cx: &mut Context<'_, Db>) -> HandlerResult`.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Error, FnArg, ImplItem, ImplItemFn, PatType, ReceiverKind, ReturnType, Signature, Type, parse_quote};

use crate::problems::Problems;

use super::model::Handler;
use super::on::On;

/// Reads a method; nothing when it can't be a handler, which has been reported.
pub(super) fn handler(problems: &Problems, item: &mut ImplItem, on: On) -> Option<Handler> {
    let ImplItem::Fn(method) = item else {
        problems.push(Error::new_spanned(item, "`#[on]` belongs on an `async fn`"));
        return None;
    };
    allow_without_await(method);
    cfg(problems, method);
    signature(problems, &method.sig);
    let (event, context) = parameters(problems, &method.sig)?;
    Some(Handler { name: method.sig.ident.clone(), on, event, context })
}

/// A handler is async because we say so: clippy must not ask for another.
fn allow_without_await(method: &mut ImplItemFn) {
    if !awaits(method.block.to_token_stream()) {
        method.attrs.push(parse_quote!(#[allow(clippy::unused_async)]));
    }
}

fn awaits(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "await",
        TokenTree::Group(group) => awaits(group.stream()),
        _ => false,
    })
}

/// The routes of a consumer are numbered, so all of them are there or none.
fn cfg(problems: &Problems, method: &ImplItemFn) {
    for attribute in method.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")) {
        let message = "a handler can't be left out by `#[cfg]`; write it on the whole impl, or inside of the method";
        problems.push(Error::new_spanned(attribute.path(), message));
    }
}

fn signature(problems: &Problems, signature: &Signature) {
    let name = &signature.ident;
    if signature.asyncness.is_none() {
        problems.at(signature.fn_token.span, format!("a handler is async; write `async fn {name}`"));
    }
    if !signature.generics.params.is_empty() {
        let message = "a handler can't be generic; write the type of its event, and `'_` for lifetimes";
        problems.push(Error::new_spanned(&signature.generics.params, message));
    }
    if let ReturnType::Default = signature.output {
        problems.at(name.span(), "a handler says whether it failed; write `-> HandlerResult`");
    }
    receiver(problems, signature);
}

fn receiver(problems: &Problems, signature: &Signature) {
    let message = "a handler is shared by all deliveries; write `&self`";
    match signature.receiver() {
        None => problems.at(signature.ident.span(), "a handler is a method; write `&self` before its event"),
        Some(receiver) => match receiver.kind {
            ReceiverKind::Reference(_, _, None) => {}
            _ => problems.push(Error::new_spanned(receiver, message)),
        },
    }
}

/// The event, and the type behind `cx: &mut`.
fn parameters(problems: &Problems, signature: &Signature) -> Option<(Type, Option<Type>)> {
    let typed: Vec<&PatType> = signature.inputs.iter().filter_map(typed).collect();
    match typed.as_slice() {
        [] => {
            let message = format!("a handler takes its event; write `{}(&self, event: OrderPlaced)`", signature.ident);
            problems.at(signature.ident.span(), message);
            None
        }
        [event] => Some((self::event(problems, event)?, None)),
        [event, cx] => {
            let (event, context) = (self::event(problems, event), context(problems, cx));
            Some((event?, Some(context?)))
        }
        [_, _, other, ..] => {
            problems.push(Error::new_spanned(other, "a handler takes `&self`, its event and `cx`, no more"));
            None
        }
    }
}

fn typed(input: &FnArg) -> Option<&PatType> {
    match input {
        FnArg::Receiver(_) => None,
        FnArg::Typed(typed) => Some(typed),
    }
}

fn event(problems: &Problems, parameter: &PatType) -> Option<Type> {
    match &*parameter.ty {
        Type::Reference(_) => {
            problems.push(Error::new_spanned(&parameter.ty, "a handler owns its event; write the type without `&`"));
            None
        }
        Type::ImplTrait(_) => {
            problems.push(Error::new_spanned(&parameter.ty, "a handler can't be generic; write the type of its event"));
            None
        }
        event => Some(event.clone()),
    }
}

fn context(problems: &Problems, parameter: &PatType) -> Option<Type> {
    match &*parameter.ty {
        Type::Reference(reference) if reference.mutability.is_some() => Some((*reference.elem).clone()),
        other => {
            problems
                .push(Error::new_spanned(other, "the context is borrowed mutably; write `cx: &mut Context<'_, Db>`"));
            None
        }
    }
}
