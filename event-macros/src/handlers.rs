//! `#[event_handlers]`: attributes → model → checks → impl of `Handlers`.

mod args;
mod expand;
mod fallback;
mod method;
mod model;
mod on;
mod validate;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Error, Item, ItemImpl};

use crate::problems::Problems;

use args::Args;
use model::HandlersModel;

/// The impl as it was written, and the impl of `Handlers`.
pub(crate) fn event_handlers(args: TokenStream, item: TokenStream) -> TokenStream {
    match inherent_impl(&item) {
        Ok(item) => from_impl(args, item),
        Err(error) => [error.into_compile_error(), item].into_iter().collect(),
    }
}

fn inherent_impl(item: &TokenStream) -> syn::Result<ItemImpl> {
    match syn::parse2(item.clone())? {
        Item::Impl(item) => Ok(item),
        other => Err(Error::new_spanned(first_token(&other), "expected handlers: write it on `impl Billing { … }`")),
    }
}

fn first_token(item: &Item) -> TokenStream {
    item.to_token_stream().into_iter().take(1).collect()
}

fn from_impl(args: TokenStream, mut item: ItemImpl) -> TokenStream {
    let problems = Problems::default();
    let args = Args::parse(&problems, args);
    let model = HandlersModel::parse(&problems, args, &mut item);
    validate::all(&problems, &model, &item);
    let output = match problems.check() {
        Ok(()) => expand::handlers(&model, &item),
        Err(error) => [error.into_compile_error(), fallback::handlers(&model, &item)].into_iter().collect(),
    };
    [item.into_token_stream(), output].into_iter().collect()
}
