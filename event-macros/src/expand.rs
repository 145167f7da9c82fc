//! The output of the derive: data, and calls of plain functions of `event_core::__private`.

mod chain;
mod cut_over;
mod discover;
mod from_schema;
mod key;
mod upcast;
mod warnings;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

pub(crate) use chain::last_word;

use crate::hazards::Hazard;
use crate::model::EventModel;

/// All that the derive writes for an event without mistakes.
pub(crate) fn event(model: &EventModel<'_>, hazards: &[Hazard]) -> TokenStream {
    let private = private(model);
    let implementation = domain_event(model, &private);
    let (checks, twin) = (chain::checks(model, &private), cut_over::checks(model, &private));
    let (warnings, discover) = (warnings::all(model, hazards), discover::event(model, &private));
    quote! {
        const _: () = {
            #implementation
            #checks
            #twin
            #warnings
            #discover
        };
    }
}

/// The path of the module that the output names.
pub(crate) fn private(model: &EventModel<'_>) -> TokenStream {
    let krate = model.krate();
    quote!(#krate::__private)
}

fn domain_event(model: &EventModel<'_>, private: &TokenStream) -> TokenStream {
    let ident = model.ident;
    let (event_type, version, aggregate) = (model.event_type(), number(model.version()), model.aggregate());
    let standing = standing(model, private);
    let (key, step) = (key::body(model, private), upcast::methods(model, private));
    let (constants, also) = (cut_over::constants(model, private), cut_over::also(model, private));
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl #private::DomainEvent for #ident {
            const EVENT_TYPE: &'static str = #event_type;
            const EVENT_VERSION: u32 = #version;
            const AGGREGATE: &'static str = #aggregate;
            #constants
            type Standing = #standing;
            fn event_key(&self) -> #private::Key {
                #key
            }
            #also
            #step
        }
    }
}

/// A superseded version is neither handled nor published, a foreign event is handled. What its standing asks of the
/// event is reported at the item.
pub(crate) fn standing(model: &EventModel<'_>, private: &TokenStream) -> TokenStream {
    let word = match (model.is_foreign(), model.attrs.superseded.is_missing()) {
        (true, _) => "Foreign",
        (false, true) => "Newest",
        (false, false) => "Superseded",
    };
    let word = Ident::new(word, Span::call_site());
    respanned(&quote!(#private::#word), model.ident.span())
}

/// The place of a token of the user, for code of ours: locals of ours are hidden from the user's expressions.
fn at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// The same tokens at the place of a token of the user: the compiler reports once what it finds twice at one place.
pub(crate) fn respanned(tokens: &TokenStream, span: Span) -> TokenStream {
    let at = |mut token: TokenTree| {
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.clone().into_iter().map(at).collect()
}

/// A number without the suffix of its type.
fn number(value: impl TryInto<u64>) -> proc_macro2::Literal {
    proc_macro2::Literal::u64_unsuffixed(value.try_into().unwrap_or_default())
}
