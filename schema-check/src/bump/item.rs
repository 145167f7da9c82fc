//! The item of an event in the source.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Attribute, Fields, Ident, Lit, Variant};

use super::Wanted;
use super::attribute::entries;
use super::layout::Source;

/// A struct or an enum with its attributes.
pub(super) struct Item {
    pub(super) ident: Ident,
    pub(super) attributes: Vec<Attribute>,
    pub(super) body: Body,
    /// From its first attribute to its end.
    pub(super) range: Range<usize>,
}

pub(super) enum Body {
    Struct(Fields),
    Enum(Vec<Variant>),
}

impl Item {
    pub(super) fn name(&self) -> String {
        self.ident.to_string()
    }

    pub(super) fn is_enum(&self) -> bool {
        matches!(self.body, Body::Enum(_))
    }

    /// All fields, those of every variant included.
    pub(super) fn fields(&self) -> Vec<&syn::Field> {
        match &self.body {
            Body::Struct(fields) => fields.iter().collect(),
            Body::Enum(variants) => variants.iter().flat_map(|variant| &variant.fields).collect(),
        }
    }
}

/// The item whose name is on the line, of this type.
pub(super) fn find(source: &Source<'_>, wanted: Wanted<'_>) -> Option<Item> {
    let mut finder = Finder { wanted, found: None };
    finder.visit_file(&source.file);
    finder.found
}

struct Finder<'a> {
    wanted: Wanted<'a>,
    found: Option<Item>,
}

impl Finder<'_> {
    fn take(&mut self, tokens: &impl ToTokens, ident: &Ident, attributes: &[Attribute], body: impl FnOnce() -> Body) {
        let line = u32::try_from(ident.span().start().line).unwrap_or_default();
        if line != self.wanted.line || !is_of(attributes, self.wanted.event_type) {
            return;
        }
        let Some(range) = range(tokens.to_token_stream()) else { return };
        self.found = Some(Item { ident: ident.clone(), attributes: attributes.to_vec(), body: body(), range });
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.take(item, &item.ident, &item.attrs, || Body::Struct(item.fields.clone()));
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.take(item, &item.ident, &item.attrs, || Body::Enum(item.variants.iter().cloned().collect()));
        visit::visit_item_enum(self, item);
    }
}

fn is_of(attributes: &[Attribute], event_type: &str) -> bool {
    let entries = entries(attributes);
    let given = entries.iter().find(|entry| entry.name == "type").and_then(|entry| entry.value.clone());
    matches!(given.map(syn::parse2::<Lit>), Some(Ok(Lit::Str(text))) if text.value() == event_type)
}

/// From the first to the last of the tokens.
pub(super) fn range(tokens: TokenStream) -> Option<Range<usize>> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let (first, last) = (tokens.first()?.span().byte_range(), tokens.last()?.span().byte_range());
    Some(first.start..last.end)
}
