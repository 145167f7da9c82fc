//! The body of `event_key`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Member;
use syn::spanned::Spanned as _;

use super::at;
use crate::attr::{Key, name_of, span_of};
use crate::model::{Body, EventModel, Field, Variant};

/// The key of `self`.
pub(super) fn body(model: &EventModel<'_>, private: &TokenStream) -> TokenStream {
    let Some(key) = model.attrs.key.given() else {
        return quote!(::core::option::Option::None);
    };
    if let Key::Function(function) = key {
        return quote_spanned!(at(function.span())=> #private::single(&#function(self)));
    }
    match &model.body {
        Body::Struct(fields) => {
            let parts = key.fields().iter().map(|part| of_self(part, fields)).collect();
            call(key, parts, private)
        }
        Body::Enum(variants) => {
            let arms = variants.iter().map(|variant| arm(variant, key, private));
            quote_spanned!(Span::mixed_site()=> match self { #(#arms)* })
        }
        Body::Union(_) => TokenStream::new(),
    }
}

/// `&self.order_id`, at the place where the key was named.
fn of_self(part: &Member, fields: &[Field<'_>]) -> TokenStream {
    let member = real(part, fields);
    quote_spanned!(at(span_of(part))=> &self.#member)
}

/// `Self::Placed { order_id: __key0, .. } => single(__key0),`
fn arm(variant: &Variant<'_>, key: &Key, private: &TokenStream) -> TokenStream {
    let ident = variant.ident;
    let members = key.fields().iter().map(|part| real(part, &variant.fields));
    let locals: Vec<Ident> =
        key.fields().iter().enumerate().map(|(n, part)| format_ident!("__key{n}", span = at(span_of(part)))).collect();
    let value = call(key, locals.iter().map(|local| quote!(#local)).collect(), private);
    quote!(Self::#ident { #(#members: #locals,)* .. } => #value,)
}

fn call(key: &Key, parts: Vec<TokenStream>, private: &TokenStream) -> TokenStream {
    match key {
        Key::Joined(_) => quote!(#private::joined(&[#(#parts),*])),
        Key::Field(field) => quote_spanned!(at(span_of(field))=> #private::single(#(#parts)*)),
        Key::Function(_) => TokenStream::new(),
    }
}

/// The field as the item spells it, `r#type` for `type`, at the place where the key was named.
fn real(part: &Member, fields: &[Field<'_>]) -> Member {
    let found = fields.iter().find(|field| field.name() == name_of(part));
    let mut member = found.map_or_else(|| part.clone(), |field| field.member.clone());
    match &mut member {
        Member::Named(ident) => ident.set_span(ident.span().located_at(span_of(part))),
        Member::Unnamed(index) => index.span = span_of(part),
    }
    member
}
