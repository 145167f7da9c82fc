//! `#[derive(DomainEvent)]` and `#[event_handlers]`.

mod attr;
mod expand;
mod fallback;
mod handlers;
mod model;
mod problems;
mod suggest;
#[cfg(test)]
#[allow(clippy::expect_used, clippy::print_stdout, reason = "a test says what it expected and what it measured")]
mod tests;
mod validate;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

use model::EventModel;
use problems::Problems;

/// Makes a struct or an enum a versioned domain event.
#[proc_macro_derive(DomainEvent, attributes(event))]
pub fn domain_event(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    derive(&input).into()
}

fn derive(input: &DeriveInput) -> proc_macro2::TokenStream {
    let problems = Problems::default();
    let model = EventModel::parse(&problems, input);
    validate::all(&problems, &model);
    match problems.check() {
        Ok(()) => expand::event(&model),
        Err(error) => [error.into_compile_error(), fallback::event(input, &model)].into_iter().collect(),
    }
}

/// Makes the methods of an impl the handlers of a consumer.
#[proc_macro_attribute]
pub fn event_handlers(args: TokenStream, item: TokenStream) -> TokenStream {
    handlers::event_handlers(args.into(), item.into()).into()
}
