//! The output for an impl with mistakes: no routes, so that the user sees our messages and no others.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ItemImpl, parse_quote};

use super::expand::{cfg, handles_events};
use super::model::HandlersModel;

/// An impl of `Handlers` for every context.
pub(super) fn handlers(model: &HandlersModel, item: &ItemImpl) -> TokenStream {
    let (krate, cfg, self_ty) = (model.krate(), cfg(item), &item.self_ty);
    let mut generics = item.generics.clone();
    generics.params.push(parse_quote!(__Cx: ::core::marker::Send));
    let (of_impl, _, bounds) = generics.split_for_impl();
    let private = quote!(#krate::__private);
    let events = handles_events(item, (&item.generics, &quote!(())), &private, &quote!(#private::Handled::BROKEN));
    quote! {
        #(#cfg)*
        const _: () = {
            #[automatically_derived]
            impl #of_impl #krate::__private::Handlers<__Cx> for #self_ty #bounds {
                const CONSUMER: &'static str = "";
                const UNKNOWN: #krate::__private::Unknown = #krate::__private::Unknown::Ignore;
                fn routes() -> ::std::vec::Vec<#krate::__private::Route> {
                    ::std::vec::Vec::new()
                }
                async fn handle<'__a>(
                    &'__a self,
                    __route: usize,
                    _: &'__a #krate::__private::Message,
                    _: &'__a mut __Cx,
                ) -> #krate::__private::HandlerResult {
                    #krate::__private::no_route(__route)
                }
            }
            #events
        };
    }
}
