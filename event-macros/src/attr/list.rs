//! The grammar that all of our attributes share: `name`, `name = value`, separated by commas.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Error, Expr, Ident, Token};

use crate::problems::Problems;

/// Hands each entry to `entry`, which reads its value; goes on after a mistake with the next entry.
pub(crate) fn entries(
    problems: &Problems,
    tokens: TokenStream,
    mut entry: impl FnMut(&Ident, ParseStream<'_>) -> syn::Result<()>,
) {
    let read_all = |input: ParseStream<'_>| {
        while !input.is_empty() {
            if let Err(error) = one(input, &mut entry) {
                problems.push(error);
                skip_to_comma(input)?;
            }
            comma(problems, input)?;
        }
        Ok(())
    };
    problems.keep(read_all.parse2(tokens));
}

fn one(input: ParseStream<'_>, entry: &mut impl FnMut(&Ident, ParseStream<'_>) -> syn::Result<()>) -> syn::Result<()> {
    let name =
        input.call(Ident::parse_any).map_err(|error| Error::new(error.span(), "expected the name of an attribute"))?;
    entry(&name, input)
}

/// Reads the comma after an entry; without one the next entry is read all the same, unless it is none.
fn comma(problems: &Problems, input: ParseStream<'_>) -> syn::Result<()> {
    if input.parse::<Option<Token![,]>>()?.is_some() || input.is_empty() {
        return Ok(());
    }
    problems.push(input.error("expected `,`"));
    if input.peek(Ident::peek_any) {
        return Ok(());
    }
    skip_to_comma(input)?;
    input.parse::<Option<Token![,]>>().map(drop)
}

/// A comma within a value ends nothing: `topic = topic::<A, B>()` is one entry.
fn skip_to_comma(input: ParseStream<'_>) -> syn::Result<()> {
    if input.parse::<Option<Token![=]>>()?.is_some() {
        let value = input.fork();
        if value.parse::<Expr>().is_ok() {
            input.advance_to(&value);
        }
    }
    while !at_end(input) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

/// Whether the entry ends here.
pub(crate) fn at_end(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,])
}

/// Reads `= value` after `name`; `example` is what to write when it is missing.
pub(crate) fn value<T>(
    name: &Ident,
    input: ParseStream<'_>,
    example: &str,
    read: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<T> {
    let missing = || Error::new(name.span(), format!("`{}` needs a value: write `{example}`", name.unraw()));
    if !input.peek(Token![=]) {
        return Err(missing());
    }
    input.parse::<Token![=]>()?;
    if at_end(input) {
        return Err(missing());
    }
    read(input)
}

/// Reads nothing after the flag `name`.
pub(crate) fn flag(name: &Ident, input: ParseStream<'_>) -> syn::Result<Ident> {
    if input.peek(Token![=]) {
        return Err(Error::new(name.span(), format!("`{0}` takes no value: write `{0}`", name.unraw())));
    }
    Ok(name.clone())
}

/// Reads a `T`, or says `expected` at the token that isn't one.
pub(crate) fn expect<T: Parse>(input: ParseStream<'_>, expected: &str) -> syn::Result<T> {
    let fork = input.fork();
    match fork.parse::<T>() {
        Ok(_) => input.parse(),
        Err(_) => Err(input.error(expected)),
    }
}
