//! What an event says to consumers that run another version: `readable_since`, `deprecated`, `also`.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::chain::{last_word, newer};
use super::upcast::older;
use super::{at, number, respanned};
use crate::attr::{Deprecated, Slot, Time};
use crate::model::EventModel;

/// The constants that are written for this alone.
pub(super) fn constants(model: &EventModel<'_>, private: &TokenStream) -> TokenStream {
    let since = model.attrs.readable_since.given().map(|since| number(since.value));
    let since = since.map(|since| quote!(const READABLE_SINCE: u32 = #since;));
    let deprecation = model.attrs.deprecated.given().map(|deprecated| deprecation(deprecated, private));
    quote!(#since #deprecation)
}

fn deprecation(deprecated: &Deprecated, private: &TokenStream) -> TokenStream {
    let micros = |time: &Slot<Time>| time.given().map(|time| Literal::i64_unsuffixed(time.micros));
    let (from, sunset) = (micros(&deprecated.from), micros(&deprecated.sunset));
    let migration = deprecated.migration.given().map_or("", String::as_str);
    quote!(const DEPRECATION: #private::Deprecated = #private::deprecated(&[#from], &[#sunset], #migration);)
}

/// The method that makes the twin.
pub(super) fn also(model: &EventModel<'_>, private: &TokenStream) -> TokenStream {
    let Some(also) = model.attrs.also.given() else {
        return TokenStream::new();
    };
    let span = last_word(also);
    let (path, also) = (respanned(private, span), respanned(&also.to_token_stream(), span));
    let call = quote_spanned!(at(span)=> #path::also::<Self, #also>);
    quote_spanned! {Span::mixed_site()=>
        fn __also(&self) -> #private::Also {
            #call(self)
        }
    }
}

/// The twin is an older version of the same type.
pub(super) fn checks(model: &EventModel<'_>, private: &TokenStream) -> TokenStream {
    let Some(also) = model.attrs.also.given() else {
        return TokenStream::new();
    };
    let (twin, newer) = (older(also, private), newer(model, also, private));
    quote_spanned!(at(last_word(also))=> const _: () = #twin.check_twin(#newer);)
}
