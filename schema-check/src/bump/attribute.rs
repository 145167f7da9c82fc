//! `#[event(…)]` of the older and of the newer version.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::Attribute;

use super::edits::Edits;
use super::item::{Item, range};
use super::layout::{self, Source};

/// What says something about the step from the version before, or about this version alone.
const OF_ONE_VERSION: [&str; 8] =
    ["from", "with", "was", "since", "superseded", "readable_since", "deprecated", "from_schema"];

/// One entry of `#[event(…)]`.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) range: Range<usize>,
    pub(super) value: Option<TokenStream>,
    /// Which of several attributes it is in.
    list: usize,
}

/// The entries of every `#[event(…)]`.
pub(super) fn entries(attributes: &[Attribute]) -> Vec<Entry> {
    let lists = attributes.iter().filter(|attribute| attribute.path().is_ident("event"));
    let lists = lists.filter_map(|attribute| attribute.meta.require_list().ok()).enumerate();
    lists.flat_map(|(list, meta)| split(meta.tokens.clone(), list)).collect()
}

fn split(tokens: TokenStream, list: usize) -> Vec<Entry> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    let parts = tokens.split(is_comma);
    parts.filter_map(|part| entry(part, list)).collect()
}

fn entry(tokens: &[TokenTree], list: usize) -> Option<Entry> {
    let name = tokens.first()?.to_string();
    let is_equals = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '=');
    let value = tokens.get(1).filter(|token| is_equals(token)).and_then(|_| tokens.get(2..));
    let range = range(tokens.iter().cloned().collect())?;
    Some(Entry { name, range, value: value.map(|value| value.iter().cloned().collect()), list })
}

/// The newer version: the next number, `from` the older one, and no step of the version before.
pub(super) fn newer(source: &Source<'_>, item: &Item, version: u32, older: &str, edits: &mut Edits) {
    let entries = entries(&item.attributes);
    let next = version.saturating_add(1);
    for entry in entries.iter().filter(|entry| entry.name == "version") {
        edits.replace(entry.range.clone(), format!("version = {next}, from = {older}"));
    }
    remove(&entries, &|name| OF_ONE_VERSION.contains(&name), edits);
    let of_fields = item.fields().into_iter().flat_map(|field| &field.attrs);
    for attribute in of_fields.filter(|attribute| attribute.path().is_ident("event")) {
        range(attribute.to_token_stream()).into_iter().for_each(|range| layout::remove(source, range, edits));
    }
}

/// The older version: it is only read.
pub(super) fn older(item: &Item, edits: &mut Edits) {
    let entries = entries(&item.attributes);
    let last = entries.iter().filter(|entry| entry.name != "also").map(|entry| entry.range.end).max();
    last.into_iter().for_each(|last| edits.insert(last, ", superseded"));
    remove(&entries, &|name| name == "also", edits);
}

/// Takes entries out, with the commas that nobody needs any more.
fn remove(entries: &[Entry], goes: &dyn Fn(&str) -> bool, edits: &mut Edits) {
    for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| goes(&entry.name)) {
        let beside = |other: &&Entry| other.list == entry.list;
        let before = entries.iter().take(at).rfind(beside);
        let first = !entries.iter().take(at).filter(beside).any(|other| !goes(&other.name));
        let after = entries.iter().skip(at + 1).find(beside);
        match (before, after) {
            (Some(before), _) if !first => edits.remove(before.range.end..entry.range.end),
            (_, Some(after)) => edits.remove(entry.range.start..after.range.start),
            _ => edits.remove(entry.range.clone()),
        }
    }
}
