//! `#[derive(DomainEvent)]` and `#[event_handlers]`.

use proc_macro::TokenStream;

/// derive
#[proc_macro_derive(DomainEvent, attributes(event))]
pub fn domain_event(_: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// handlers
#[proc_macro_attribute]
pub fn event_handlers(_: TokenStream, item: TokenStream) -> TokenStream {
    item
}
