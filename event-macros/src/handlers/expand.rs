//! The impl of `Handlers`: a list of routes, and a match that calls the method of a route.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::visit_mut::{VisitMut, visit_type_reference_mut};
use syn::{Attribute, GenericParam, Generics, Ident, ItemImpl, Lifetime, Type, TypeReference, parse_quote};

use crate::expand::respanned;

use super::args::Unknown;
use super::model::{Handler, HandlersModel};
use super::on::On;

/// All that the attribute adds to an impl without mistakes.
pub(super) fn handlers(model: &HandlersModel, item: &ItemImpl) -> TokenStream {
    let krate = model.krate();
    let private = quote!(#krate::__private);
    let (implementation, events) = (implementation(model, item, &private), events(model, item, &private));
    let checks = checks(model, item, &private);
    let cfg = cfg(item);
    quote! {
        #(#cfg)*
        const _: () = {
            #implementation
            #events
            #checks
        };
    }
}

/// What leaves out the impl leaves out its handlers.
pub(super) fn cfg(item: &ItemImpl) -> impl Iterator<Item = &Attribute> {
    item.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"))
}

fn implementation(model: &HandlersModel, item: &ItemImpl, private: &TokenStream) -> TokenStream {
    let (header, context) = header(model, item, private);
    let consumer = model.args.consumer.given().map_or("", String::as_str);
    let unknown = unknown(model);
    let routes = model.handlers.iter().map(|handler| route(handler, private));
    let arms = model.handlers.iter().enumerate().map(|(index, handler)| arm(index, handler, private));
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        #header {
            const CONSUMER: &'static str = #consumer;
            const UNKNOWN: #private::Unknown = #private::Unknown::#unknown;
            fn routes() -> ::std::vec::Vec<#private::Route> {
                ::std::vec![#(#routes),*]
            }
            fn handle<'__a>(
                &'__a self,
                __route: usize,
                __message: &'__a #private::Message,
                __cx: &'__a mut #context,
            ) -> impl ::core::future::Future<Output = #private::HandlerResult> + ::core::marker::Send + '__a {
                async move {
                    let __result: #private::HandlerResult = match __route {
                        #(#arms)*
                        _ => #private::no_route(__route),
                    };
                    __result
                }
            }
        }
    }
}

/// What the consumer handles, as a constant, for `handles_each!`. The context is there so that a type can have handlers for
/// several; who asks leaves it to be inferred.
fn events(model: &HandlersModel, item: &ItemImpl, private: &TokenStream) -> TokenStream {
    let events = model.handlers.iter().map(|handler| {
        let on = on(handler, private);
        quote!(#private::handled(#on.event_type))
    });
    let mut generics = item.generics.clone();
    let context = match model.context() {
        Some((_, context)) => named(context, &mut generics).into_token_stream(),
        None => quote!(()),
    };
    handles_events(item, (&generics, &context), private, &quote!(#(#events),*))
}

/// The impl of `HandlesEvents`.
pub(super) fn handles_events(
    item: &ItemImpl,
    (generics, context): (&Generics, &TokenStream),
    private: &TokenStream,
    events: &TokenStream,
) -> TokenStream {
    let (of_impl, _, bounds) = generics.split_for_impl();
    let self_ty = &item.self_ty;
    quote! {
        #[automatically_derived]
        impl #of_impl #private::HandlesEvents<#context> for #self_ty #bounds {
            const EVENTS: &'static [#private::Handled] = &[#events];
        }
    }
}

/// `impl<'__cx0> Handlers<Context<'__cx0, Db>> for Billing`, and the context; any context where no handler takes it.
fn header(model: &HandlersModel, item: &ItemImpl, private: &TokenStream) -> (TokenStream, Type) {
    let mut generics = item.generics.clone();
    let context = match model.context() {
        Some((_, context)) => named(context, &mut generics),
        None => {
            generics.params.push(parse_quote!(__Cx: ::core::marker::Send));
            parse_quote!(__Cx)
        }
    };
    let (of_impl, _, bounds) = generics.split_for_impl();
    let self_ty = &item.self_ty;
    (quote!(impl #of_impl #private::Handlers<#context> for #self_ty #bounds), context)
}

/// Names the lifetimes that the context elides; an impl can't.
fn named(context: &Type, generics: &mut Generics) -> Type {
    let mut context = context.clone();
    let mut namer = Namer::default();
    namer.visit_type_mut(&mut context);
    for lifetime in namer.names.iter().rev() {
        generics.params.insert(0, GenericParam::Lifetime(parse_quote!(#lifetime)));
    }
    context
}

/// Gives each elided lifetime a name of its own.
#[derive(Default)]
struct Namer {
    names: Vec<Lifetime>,
}

impl Namer {
    fn name(&mut self, span: Span) -> Lifetime {
        let lifetime = Lifetime::new(&format!("'__cx{}", self.names.len()), span);
        self.names.push(lifetime.clone());
        lifetime
    }
}

impl VisitMut for Namer {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" {
            *lifetime = self.name(lifetime.span());
        }
    }

    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        if reference.lifetime.is_none() {
            reference.lifetime = Some(self.name(reference.and_token.span));
        }
        visit_type_reference_mut(self, reference);
    }
}

fn unknown(model: &HandlersModel) -> Ident {
    let name = match model.args.unknown.given() {
        Some(Unknown::DeadLetter) => "DeadLetter",
        Some(Unknown::Ignore) | None => "Ignore",
    };
    Ident::new(name, Span::call_site())
}

fn route(handler: &Handler, private: &TokenStream) -> TokenStream {
    let (on, options) = (on(handler, private), options(&handler.on, private));
    let name = crate::model::plain(&handler.name);
    quote!((#on.route)(#name, #options))
}

/// Every use of the event goes through one bound at one place, so that a type which is none is reported once.
fn on(handler: &Handler, private: &TokenStream) -> TokenStream {
    let event = &handler.event;
    let private = respanned(private, event.span());
    quote_spanned!(event.span()=> #private::on::<#event>())
}

fn options(on: &On, private: &TokenStream) -> TokenStream {
    let unordered = !on.unordered.is_missing();
    let attempts = optional(on.attempts.given().map(|attempts| Literal::u32_unsuffixed(*attempts).into_token_stream()));
    let timeout = optional(on.timeout.given().map(|milliseconds| {
        let milliseconds = Literal::u64_unsuffixed(*milliseconds);
        quote!(::core::time::Duration::from_millis(#milliseconds))
    }));
    let retry = optional(on.retry.given().map(|delays| {
        let delays = delays.iter().map(|milliseconds| Literal::u64_unsuffixed(*milliseconds));
        quote!(const { &[#(::core::time::Duration::from_millis(#delays)),*] })
    }));
    quote!(#private::HandlerOptions { unordered: #unordered, attempts: #attempts, retry: #retry, timeout: #timeout })
}

fn optional(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

/// `0 => run(self.charge(on::<OrderPlaced>().read(message)?, cx)).await,`
fn arm(index: usize, handler: &Handler, private: &TokenStream) -> TokenStream {
    let (name, on, index) = (&handler.name, on(handler, private), Literal::usize_unsuffixed(index));
    let site = Span::mixed_site();
    let mut arguments = quote_spanned!(site=> (#on.read)(__message)?);
    if handler.context.is_some() {
        arguments.extend(quote_spanned!(site=> , __cx));
    }
    let private = respanned(private, name.span());
    quote_spanned!(site.located_at(name.span())=> #index => #private::run(self.#name(#arguments)).await,)
}

/// Two names of one event, which only the compiler knows to be one.
fn checks(model: &HandlersModel, item: &ItemImpl, private: &TokenStream) -> TokenStream {
    let handlers: Vec<&Handler> = model.handlers.iter().filter(|handler| !is_generic(handler, item)).collect();
    if handlers.len() < 2 {
        return TokenStream::new();
    }
    let types = handlers.iter().map(|handler| {
        let on = on(handler, private);
        quote!(#on.event_type)
    });
    let each = handlers.iter().enumerate().skip(1).map(|(index, handler)| {
        let (event, index) = (&handler.event, Literal::usize_unsuffixed(index));
        let message = format!(
            "`{}` has the event type of another handler; call both from one handler",
            super::model::text(event)
        );
        quote_spanned!(event.span()=> const _: () = ::core::assert!(#private::is_first(__TYPES, #index), #message);)
    });
    quote! {
        const __TYPES: &[&str] = &[#(#types),*];
        #(#each)*
    }
}

/// Whether the event names a parameter of the impl, which a constant can't.
fn is_generic(handler: &Handler, item: &ItemImpl) -> bool {
    let parameters: Vec<String> = item.generics.type_params().map(|parameter| parameter.ident.to_string()).collect();
    names(handler.event.to_token_stream(), &parameters)
}

fn names(tokens: TokenStream, parameters: &[String]) -> bool {
    tokens.into_iter().any(|token| match token {
        proc_macro2::TokenTree::Ident(ident) => ident == "Self" || parameters.contains(&ident.to_string()),
        proc_macro2::TokenTree::Group(group) => names(group.stream(), parameters),
        _ => false,
    })
}
