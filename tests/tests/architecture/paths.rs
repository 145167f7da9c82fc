//! The paths that a source file names, read from its tokens: in `use` lines, in code and inside of macro calls.

use std::iter::Peekable;

use proc_macro2::{Delimiter, TokenStream, TokenTree, token_stream::IntoIter};

/// Every path in the order of the text, with the trees of `use` spelt out; a macro's name ends with `!`.
/// What stands under `#[cfg(test)]` is left out.
pub(crate) fn paths(text: &str) -> Vec<String> {
    let tokens: TokenStream = text.parse().unwrap();
    let mut out = Vec::new();
    collect(tokens, "", &mut out);
    out
}

/// Whether `path` has the segments of `pattern` in a row.
pub(crate) fn matches(path: &str, pattern: &str) -> bool {
    let (path, pattern): (Vec<_>, Vec<_>) = (path.split("::").collect(), pattern.split("::").collect());
    path.windows(pattern.len()).any(|window| window == pattern)
}

fn collect(tokens: TokenStream, prefix: &str, out: &mut Vec<String>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(name) => follow(joined(prefix, &name.to_string()), &mut tokens, out),
            TokenTree::Group(group) => collect(group.stream(), "", out),
            TokenTree::Punct(punct) if punct.as_char() == '#' && is_test_only(tokens.peek()) => skip_item(&mut tokens),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// Reads on after the first segment of a path, until it ends.
fn follow(mut path: String, tokens: &mut Peekable<IntoIter>, out: &mut Vec<String>) {
    while is_punct(tokens.peek(), ':') {
        tokens.next();
        if !is_punct(tokens.peek(), ':') {
            break;
        }
        tokens.next();
        match tokens.peek() {
            Some(TokenTree::Ident(name)) => path = joined(&path, &name.to_string()),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                collect(group.stream(), &path, out);
            }
            _ => break,
        }
        tokens.next();
    }
    if is_punct(tokens.peek(), '!') {
        path.push('!');
    }
    out.push(path);
}

fn joined(prefix: &str, name: &str) -> String {
    match (prefix, name) {
        ("", _) => name.to_owned(),
        (_, "self") => prefix.to_owned(),
        _ => format!("{prefix}::{name}"),
    }
}

fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

fn is_test_only(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Group(group)) if group.stream().to_string().replace(' ', "") == "cfg(test)")
}

/// Passes over an item: to its body or its semicolon.
fn skip_item(tokens: &mut Peekable<IntoIter>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return,
            TokenTree::Punct(punct) if punct.as_char() == ';' => return,
            _ => {}
        }
    }
}

#[test]
fn trees_macros_and_code_are_spelt_out() {
    let found = paths("use a::{b::{self, C}, d}; fn f() -> e::G { h!(i::j()); k::l::<m::N>() }");
    for path in ["a::b", "a::b::C", "a::d", "e::G", "h!", "i::j", "k::l", "m::N"] {
        assert!(found.iter().any(|found| found == path), "{path} is not in {found:?}");
    }
}

#[test]
fn a_pattern_matches_whole_segments() {
    assert!(matches("std::fs::File", "std::fs"));
    assert!(matches("std::time::Instant::now", "Instant::now"));
    assert!(!matches("std::fsx", "std::fs"));
    assert!(!matches("my::std::io", "std::fs"));
}
