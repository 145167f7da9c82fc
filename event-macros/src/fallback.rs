//! The output for an item with mistakes: empty impls, so that the user sees our messages and no others, and an editor
//! still completes.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, parse_quote};

use crate::model::{Body, EventModel};

/// Empty impls of what the derive implements.
pub(crate) fn event(input: &DeriveInput, model: &EventModel<'_>) -> TokenStream {
    if let Body::Union(_) = model.body {
        return TokenStream::new();
    }
    let private = crate::expand::private(model);
    let standing = crate::expand::standing(model, &private);
    let (ident, generics) = (&input.ident, bounded(input, &private));
    let (of_impl, of_type, bounds) = generics.split_for_impl();
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #of_impl #private::DomainEvent for #ident #of_type #bounds {
                const EVENT_TYPE: &'static str = "";
                const EVENT_VERSION: u32 = 0;
                const AGGREGATE: &'static str = "";
                type Standing = #standing;
                fn event_key(&self) -> #private::Key {
                    ::core::option::Option::None
                }
            }
        };
    }
}

/// A generic item is bound by what an event must be, for its parameters aren't.
fn bounded(input: &DeriveInput, private: &TokenStream) -> syn::Generics {
    let mut generics = input.generics.clone();
    if !generics.params.is_empty() {
        generics.make_where_clause().predicates.push(parse_quote! {
            Self: #private::Writes + #private::Reads + #private::Described
                + ::core::marker::Send + ::core::marker::Sync + 'static
        });
    }
    generics
}
