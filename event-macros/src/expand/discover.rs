//! What schema-check learns of an event: a call of a macro that expands to nothing in every other build.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::attr::{Key, name_of};
use crate::model::{Body, EventModel, Field, path_text, plain};

use super::number;

/// The call of `__discover!`.
pub(super) fn event(model: &EventModel<'_>, private: &TokenStream) -> TokenStream {
    let (ident, name, line) = (model.ident, plain(model.ident), number(line(model.ident.span())));
    let (attributes, key) = (&model.attributes, key(model));
    let from = model.attrs.from.given().map(path_text).unwrap_or_default();
    let was = model.attrs.was.given().map_or("", |was| &was.value);
    let (since, superseded) = (number(model.since()), !model.attrs.superseded.is_missing());
    let foreign = model.is_foreign().then(|| quote!(foreign: true,));
    let fields = fields(&model.body);
    quote! {
        #private::__discover! {
            #ident;
            ident: #name, line: #line, attributes: #attributes, key: #key, from: #from, was: #was,
            since: #since, superseded: #superseded, #foreign fields: &[#(#fields),*],
        }
    }
}

/// The key as it was written; nothing when there is none.
fn key(model: &EventModel<'_>) -> String {
    match model.attrs.key.given() {
        None => String::new(),
        Some(Key::Field(field)) => name_of(field),
        Some(Key::Function(function)) => path_text(function),
        Some(Key::Joined(fields)) => format!("({})", fields.iter().map(name_of).collect::<Vec<_>>().join(", ")),
    }
}

/// `("order_id", 14, "")` for each field, `("Variant", …)` and `("Variant.field", …)` for enums.
fn fields(body: &Body<'_>) -> Vec<TokenStream> {
    match body {
        Body::Struct(fields) => fields.iter().map(|field| of_field("", field)).collect(),
        Body::Enum(variants) => variants.iter().flat_map(of_variant).collect(),
        Body::Union(_) => Vec::new(),
    }
}

fn of_variant(variant: &crate::model::Variant<'_>) -> Vec<TokenStream> {
    let name = plain(variant.ident);
    let prefix = format!("{name}.");
    let mut all = vec![entry(&name, variant.ident.span(), &variant.attributes)];
    all.extend(variant.fields.iter().map(|field| of_field(&prefix, field)));
    all
}

fn of_field(prefix: &str, field: &Field<'_>) -> TokenStream {
    entry(&format!("{prefix}{}", field.name()), field.span, &field.attributes)
}

fn entry(name: &str, span: Span, attributes: &str) -> TokenStream {
    let line = number(line(span));
    quote!((#name, #line, #attributes))
}

/// The line in the user's file; 0 outside of the compiler.
fn line(span: Span) -> usize {
    if proc_macro::is_available() { span.unwrap().line() } else { 0 }
}
