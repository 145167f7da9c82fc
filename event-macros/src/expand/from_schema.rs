//! The steps from versions whose Rust types are gone.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::{at, number, respanned};
use crate::attr::{FromSchema, SchemaStep};
use crate::model::EventModel;

/// The methods of an event that reads such versions.
pub(super) fn methods(model: &EventModel<'_>, from_schema: &FromSchema, private: &TokenStream) -> TokenStream {
    let event_type = model.older_type();
    let steps = from_schema.steps.iter().map(|step| entry(model, from_schema, step, private));
    let versions = versions(from_schema);
    quote_spanned! {Span::mixed_site()=>
        fn __read_older(__wire: &#private::Wire<'_>) -> #private::Reading<Self> {
            #private::read_by_schema(__wire, #event_type, &[#(#steps),*])
        }
        fn __older_shapes(__out: &mut #private::Shapes) {
            #private::shapes_by_schema(#event_type, &[#versions], __out);
        }
    }
}

/// `1, 2`
pub(super) fn versions(from_schema: &FromSchema) -> TokenStream {
    let versions = from_schema.steps.iter().map(|step| number(step.version.value));
    quote!(#(#versions),*)
}

/// `(1, |old| stepped(self::from_v1(old)))`
fn entry(model: &EventModel<'_>, from_schema: &FromSchema, step: &SchemaStep, private: &TokenStream) -> TokenStream {
    let version = number(step.version.value);
    let with = model.attrs.with.given();
    let call = match step.function.as_ref().or_else(|| with?.function.as_ref()) {
        Some(function) => {
            let private = respanned(private, function.span());
            quote_spanned!(at(function.span())=> #private::stepped::<Self, _>(#function(__old)))
        }
        None => {
            let span = with.map_or_else(|| from_schema.name.span(), |with| with.name.span());
            let private = respanned(private, span);
            quote_spanned!(at(span)=> #private::step::<Self, #private::Value>(__old))
        }
    };
    quote_spanned!(Span::mixed_site()=> (#version, |__old| #call))
}
