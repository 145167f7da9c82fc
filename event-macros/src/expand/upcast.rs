//! The step from the older version, and the shapes that it reads.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Expr, Path};

use super::chain::last_word;
use super::{at, from_schema, respanned};
use crate::attr::Added;
use crate::model::{Body, EventModel, Field};

/// The methods of an event that has an older version.
pub(super) fn methods(model: &EventModel<'_>, private: &TokenStream) -> TokenStream {
    if let Some(schemas) = model.attrs.from_schema.given() {
        return from_schema::methods(model, schemas, private);
    }
    let Some(from) = model.attrs.from.given() else {
        return TokenStream::new();
    };
    let (older, step) = (older(from, private), step(model, from, private));
    let named = respanned(&from.to_token_stream(), last_word(from));
    quote_spanned! {Span::mixed_site()=>
        fn __read_older(__wire: &#private::Wire<'_>) -> #private::Reading<Self> {
            let __old = #private::__read!(#named, __wire);
            #step
        }
        fn __older_shapes(__out: &mut #private::Shapes) {
            (#older.shapes)(__out);
        }
    }
}

/// Every use of the older version goes through one bound at one place, so that a type which is no event is reported once.
pub(super) fn older(from: &Path, private: &TokenStream) -> TokenStream {
    let span = last_word(from);
    let (private, from) = (respanned(private, span), respanned(&from.to_token_stream(), span));
    quote_spanned!(at(span)=> #private::older::<#from>())
}

/// From `__old` to the event.
fn step(model: &EventModel<'_>, from: &Path, private: &TokenStream) -> TokenStream {
    match (model.attrs.with.given(), &model.body) {
        (Some(with), _) => match &with.function {
            Some(function) => quote_spanned!(at(function.span())=> ::core::result::Result::Ok(#function(__old))),
            None => by_hand(with.name.span(), from, private),
        },
        (None, Body::Struct(fields)) => field_by_field(fields, private),
        (None, _) => by_hand(last_word(from), from, private),
    }
}

fn by_hand(span: Span, from: &Path, private: &TokenStream) -> TokenStream {
    let older = respanned(&from.to_token_stream(), span);
    quote_spanned!(at(span)=> #private::step::<Self, #older>(__old))
}

/// All expressions of `added` are evaluated before any field is moved.
fn field_by_field(fields: &[Field<'_>], private: &TokenStream) -> TokenStream {
    let added: Vec<_> = fields.iter().filter_map(|field| Some((field, expression(field)?))).collect();
    let old = (!added.is_empty()).then(|| borrow(&added));
    let locals = added.iter().map(|(field, expression)| evaluated(field, expression));
    // One path for all fields: that of each would be resolved by itself.
    let import = fields.iter().any(|field| field.added.is_none()).then(|| quote!(use #private::moved as __moved;));
    let moved = fields.iter().map(moved);
    quote_spanned! {Span::mixed_site()=>
        #import
        #old
        #(#locals)*
        ::core::result::Result::Ok(Self { #(#moved,)* })
    }
}

fn expression<'f>(field: &'f Field<'_>) -> Option<&'f Expr> {
    field.added.as_ref()?.expression.as_ref()
}

/// `old` is written by the user, so it must be found by the user's expressions.
fn borrow(added: &[(&Field<'_>, &Expr)]) -> TokenStream {
    let written = added.iter().find_map(|(_, expression)| written(expression.to_token_stream()));
    let old = Ident::new("old", written.map_or_else(Span::call_site, |span| Span::call_site().resolved_at(span)));
    quote_spanned!(Span::mixed_site()=> let #old = &__old;)
}

fn written(tokens: TokenStream) -> Option<Span> {
    tokens.into_iter().find_map(|token| match token {
        proc_macro2::TokenTree::Ident(ident) if ident == "old" => Some(ident.span()),
        proc_macro2::TokenTree::Group(group) => written(group.stream()),
        _ => None,
    })
}

fn evaluated(field: &Field<'_>, expression: &Expr) -> TokenStream {
    let (local, ty) = (local(field), field.ty);
    quote!(let #local: #ty = #expression;)
}

fn moved(field: &Field<'_>) -> TokenStream {
    let member = &field.member;
    match &field.added {
        Some(Added { expression: Some(_), .. }) => {
            let local = local(field);
            quote!(#member: #local)
        }
        Some(added) => quote_spanned!(at(added.name.span())=> #member: ::core::default::Default::default()),
        None => {
            let moved = Ident::new("__moved", at(field.span));
            quote_spanned!(at(field.span)=> #member: #moved(__old.#member))
        }
    }
}

fn local(field: &Field<'_>) -> Ident {
    format_ident!("__{}", field.name(), span = at(field.span))
}
