//! What would not compile as a copy, found before anything is written.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Attribute, FnArg, ItemFn, Meta, Token, Type};

use super::attribute::entries;
use super::item::Item;
use super::layout::Source;
use super::{Obstacle, Wanted, shared};

pub(super) fn unparsed(error: &syn::Error) -> Obstacle {
    Obstacle { message: format!("the file can't be parsed: {error}"), help: "mend it first".to_owned() }
}

/// The compiler found the event where the file has no such item.
pub(super) fn unwritten(wanted: Wanted<'_>) -> Obstacle {
    let Wanted { event_type, version, line } = wanted;
    Obstacle {
        message: format!("line {line} has no struct or enum with `type = \"{event_type}\"`: a macro writes it"),
        help: format!(
            "write version {} by hand, where the macro is: keep version {version} as `superseded`, and name it by `from`",
            version.saturating_add(1)
        ),
    }
}

pub(super) fn check(source: &Source<'_>, item: &Item) -> Result<(), Obstacle> {
    let found = foreign(item)
        .or_else(|| itself(item))
        .or_else(|| conversion(item))
        .or_else(|| default(item))
        .or_else(|| key(source, item));
    found.map_or(Ok(()), Err)
}

fn foreign(item: &Item) -> Option<Obstacle> {
    entries(&item.attributes).iter().any(|entry| entry.name == "foreign").then(|| Obstacle {
        message: format!("`{}` is somebody else's event: its producer decides on versions", item.ident),
        help: "`schema-check vendor` fetches the schemas of its next version; then declare it by hand".to_owned(),
    })
}

/// A copy of a type that holds itself would hold the newest version.
fn itself(item: &Item) -> Option<Obstacle> {
    let words = shared::types(item);
    let name = item.name();
    words.iter().any(|word| *word == name || word == "Self").then(|| Obstacle {
        message: format!("`{name}` holds itself: the older version would hold the newest"),
        help: "move what repeats into a type of its own, then run this again".to_owned(),
    })
}

/// The words of serde's attributes on the type.
fn of_serde(attributes: &[Attribute]) -> Vec<Meta> {
    let of_serde = attributes.iter().filter(|attribute| attribute.path().is_ident("serde"));
    let parser = syn::punctuated::Punctuated::<Meta, Token![,]>::parse_terminated;
    of_serde.filter_map(|attribute| attribute.parse_args_with(parser).ok()).flatten().collect()
}

/// `from`, `try_from` and `into` are written for one type.
fn conversion(item: &Item) -> Option<Obstacle> {
    let names = ["from", "try_from", "into", "remote"];
    let metas = of_serde(&item.attributes);
    let found = names.into_iter().find(|name| metas.iter().any(|meta| meta.path().is_ident(name)))?;
    Some(Obstacle {
        message: format!("`#[serde({found} = …)]` converts `{}` alone, not a copy of it", item.ident),
        help: "write the next version by hand, with the same conversion for the older one".to_owned(),
    })
}

fn default(item: &Item) -> Option<Obstacle> {
    let metas = of_serde(&item.attributes);
    let default = metas.iter().find(|meta| meta.path().is_ident("default"))?;
    let derives = item.attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    let derived = derives.filter_map(|attribute| attribute.meta.require_list().ok());
    let derived = derived.flat_map(|list| list.tokens.clone()).any(|token| token.to_string() == "Default");
    let is_path = matches!(default, Meta::NameValue(_));
    (is_path || !derived).then(|| Obstacle {
        message: format!("`#[serde(default)]` of `{}` needs a `Default` that a copy would not have", item.ident),
        help: "derive `Default`, or move the default to the fields; then run this again".to_owned(),
    })
}

/// A function takes the one type that it was written for, unless it is generic.
fn key(source: &Source<'_>, item: &Item) -> Option<Obstacle> {
    let entries = entries(&item.attributes);
    let value = entries.iter().find(|entry| entry.name == "key")?.value.clone()?;
    let text = value.to_string().replace(' ', "");
    let function = text.rsplit_once("::")?.1.to_owned();
    let mut finder = Functions { name: &function, generic: false };
    finder.visit_file(&source.file);
    (!finder.generic).then(|| Obstacle {
        message: format!("`key = {text}` takes a `&{}` alone, and the older version has the same key", item.ident),
        help: format!("let `{function}` take any version, by a trait of yours; then run this again"),
    })
}

struct Functions<'a> {
    name: &'a str,
    generic: bool,
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        let signature = &function.sig;
        let is_impl = |input: &FnArg| match input {
            FnArg::Typed(typed) => has_impl(&typed.ty),
            FnArg::Receiver(_) => false,
        };
        let generic = signature.generics.type_params().next().is_some() || signature.inputs.iter().any(is_impl);
        self.generic |= signature.ident == self.name && generic;
        visit::visit_item_fn(self, function);
    }
}

fn has_impl(ty: &Type) -> bool {
    let tokens: TokenStream = ty.to_token_stream();
    tokens.into_iter().any(|token| matches!(token, TokenTree::Ident(ident) if ident == "impl"))
}
