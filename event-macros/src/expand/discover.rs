//! What schema-check learns of an event: a call of a macro that expands to nothing in every other build.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::attr::{Deprecated, Key, name_of};
use crate::model::{Body, EventModel, Field, path_text, plain};

use super::{from_schema, number, upcast};

/// The call of `__discover!`: few tokens, because the compiler takes each from the derive and parses it in every build.
pub(super) fn event(model: &EventModel<'_>, private: &TokenStream) -> TokenStream {
    let (ident, name, line) = (model.ident, plain(model.ident), number(line(model.ident.span())));
    let (key, standing, cut_over) = (key(model), standing(model), cut_over(model, private));
    let (attributes, fields) = (text("attributes", &model.attributes), text("fields", &fields(&model.body)));
    quote! {
        #private::__discover! {
            #ident;
            ident: #name, line: #line, key: #key, #attributes #standing #cut_over #fields
        }
    }
}

/// A text, left out where it is empty.
fn text(name: &str, value: &str) -> Option<TokenStream> {
    let name = Ident::new(name, Span::call_site());
    (!value.is_empty()).then(|| quote!(#name: #value,))
}

/// Where it stands among the versions; what it shares with a first version is left out.
fn standing(model: &EventModel<'_>) -> TokenStream {
    let attrs = &model.attrs;
    let from = attrs.from.given().map(path_text).map(|from| quote!(from: #from,));
    let was = attrs.was.given().map(|was| &was.value).map(|was| quote!(was: #was,));
    let since = (model.since() != 1).then(|| number(model.since())).map(|since| quote!(since: #since,));
    let superseded = (!attrs.superseded.is_missing()).then(|| quote!(superseded: true,));
    let foreign = model.is_foreign().then(|| quote!(foreign: true,));
    quote!(#from #was #since #superseded #foreign)
}

/// What few events say; the rest is left out.
fn cut_over(model: &EventModel<'_>, private: &TokenStream) -> TokenStream {
    let attrs = &model.attrs;
    let since = attrs.readable_since.given().map(|since| number(since.value));
    let since = since.map(|since| quote!(readable_since: #since,));
    let also = attrs.also.given().map(|also| upcast::older(also, private));
    let also = also.map(|also| quote!(also: #also.event_version,));
    let schemas = attrs.from_schema.given().map(from_schema::versions);
    let schemas = schemas.map(|versions| quote!(from_schema: &[#versions],));
    let deprecated = attrs.deprecated.given().map(deprecated);
    quote!(#since #also #schemas #deprecated)
}

fn deprecated(deprecated: &Deprecated) -> TokenStream {
    let from = deprecated.from.given().map(|from| &from.text).map(|text| quote!(deprecated_from: #text,));
    let sunset = deprecated.sunset.given().map(|sunset| &sunset.text).map(|text| quote!(deprecated_sunset: #text,));
    let migration = deprecated.migration.given().map(|text| quote!(deprecated_migration: #text,));
    quote!(deprecated: true, #from #sunset #migration)
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

/// `order_id 14 serde (default)` for each field, `Variant 15` and `Variant.field 16` for enums, as one text.
fn fields(body: &Body<'_>) -> String {
    let all: Vec<String> = match body {
        Body::Struct(fields) => fields.iter().map(|field| of_field("", field)).collect(),
        Body::Enum(variants) => variants.iter().flat_map(of_variant).collect(),
        Body::Union(_) => Vec::new(),
    };
    all.join(UNIT_SEPARATOR)
}

/// What no attribute holds, unlike the end of a line.
const UNIT_SEPARATOR: &str = "\u{1f}";

fn of_variant(variant: &crate::model::Variant<'_>) -> Vec<String> {
    let name = plain(variant.ident);
    let prefix = format!("{name}.");
    let mut all = vec![entry(&name, variant.ident.span(), &variant.attributes)];
    all.extend(variant.fields.iter().map(|field| of_field(&prefix, field)));
    all
}

fn of_field(prefix: &str, field: &Field<'_>) -> String {
    entry(&format!("{prefix}{}", field.name()), field.span, &field.attributes)
}

fn entry(name: &str, span: Span, attributes: &str) -> String {
    format!("{name} {} {attributes}", line(span)).trim_end().to_owned()
}

/// The line in the user's file; 0 outside of the compiler.
fn line(span: Span) -> usize {
    if proc_macro::is_available() { span.unwrap().line() } else { 0 }
}
