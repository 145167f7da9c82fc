//! The derive's output as a whole: how large it is, and how it looks.

mod budget;
mod expansion;

use proc_macro2::TokenStream;
use syn::DeriveInput;

/// The formatted output of the derive for an item.
fn derived(item: &str) -> String {
    let input: DeriveInput = syn::parse_str(item).expect("the item is one of Rust");
    formatted(crate::derive(&input))
}

/// The formatted output of the attribute for an impl.
fn handled(arguments: &str, item: &str) -> String {
    let tokens = |text: &str| text.parse::<TokenStream>().expect("the text is tokens of Rust");
    formatted(crate::handlers::event_handlers(tokens(arguments), tokens(item)))
}

fn formatted(output: TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(output).expect("the output is a file of Rust"))
}
