//! Steps that are written by hand: those to the version that is the older one now, and an enum's step to the newest.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Attribute, Fields, ItemFn, ItemImpl, Type};

use super::Obstacle;
use super::attribute::entries;
use super::edits::Edits;
use super::item::{Body, Item, range};
use super::layout::Source;

/// Lets steps that led to the newest version so far lead to the copy of it.
pub(super) fn retarget(source: &Source<'_>, item: &Item, older: &str, edits: &mut Edits) -> Result<(), Obstacle> {
    let entries = entries(&item.attributes);
    let value = |name: &str| entries.iter().find(|entry| entry.name == name).map(|entry| entry.value.clone());
    let by_hand = match (value("from"), value("with")) {
        (None, _) => return Ok(()),
        (Some(_), Some(Some(function))) => Step::Function(last_word(function)),
        (Some(_), Some(None)) => Step::Impl,
        (Some(_), None) if item.is_enum() => Step::Impl,
        _ => return Ok(()),
    };
    let mut steps = Steps { name: item.name(), older, by_hand: &by_hand, edits, found: false };
    steps.visit_file(&source.file);
    let found = steps.found;
    let what = match &by_hand {
        Step::Function(function) => format!("the function `{function}`"),
        Step::Impl => format!("`impl Upcast<…> for {}`", item.ident),
    };
    let obstacle = || Obstacle {
        message: format!("{what} is in another file, and has to make `{older}` from now on"),
        help: "move it beside the type; then run this again".to_owned(),
    };
    if found { Ok(()) } else { Err(obstacle()) }
}

enum Step {
    Function(String),
    Impl,
}

fn last_word(tokens: TokenStream) -> String {
    tokens.into_iter().last().map(|last| last.to_string()).unwrap_or_default()
}

struct Steps<'a> {
    name: String,
    older: &'a str,
    by_hand: &'a Step,
    edits: &'a mut Edits,
    found: bool,
}

impl Steps<'_> {
    /// Every mention of the newest version within a step means the copy.
    fn rename(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if ident == self.name => {
                    self.edits.replace(ident.span().byte_range(), self.older);
                }
                TokenTree::Group(group) => self.rename(group.stream()),
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Steps<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        if matches!(self.by_hand, Step::Function(name) if function.sig.ident == name) {
            self.found = true;
            self.rename(function.to_token_stream());
        }
        visit::visit_item_fn(self, function);
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        let of_step = item.trait_.as_ref().and_then(|(path, _)| path.segments.last());
        let of_step = of_step.is_some_and(|last| last.ident == "Upcast" || last.ident == "TryUpcast");
        let ours = matches!(&*item.self_ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == self.name));
        if matches!(self.by_hand, Step::Impl) && of_step && ours {
            self.found = true;
            self.rename(item.to_token_stream());
        }
        visit::visit_item_impl(self, item);
    }
}

/// An enum's step: the same variant, with the same fields, until somebody changes it.
pub(super) fn by_hand(source: &Source<'_>, item: &Item, older: &str, edits: &mut Edits) {
    let Body::Enum(variants) = &item.body else { return };
    let krate = entries(&item.attributes).into_iter().find(|entry| entry.name == "crate").and_then(|entry| entry.value);
    let krate = krate.map_or_else(|| "::event_core".to_owned(), |path| path.to_string().replace(' ', ""));
    let mut lines = vec![
        format!("impl {krate}::Upcast<{older}> for {} {{", item.ident),
        format!("    fn upcast(old: {older}) -> Self {{"),
        "        match old {".to_owned(),
    ];
    for variant in variants {
        let (name, fields) = (&variant.ident, fields(source, &variant.fields));
        lines.extend(conditions(source, &variant.attrs).map(|condition| format!("            {condition}")));
        lines.push(format!("            {older}::{name}{fields} => Self::{name}{fields},"));
    }
    lines.extend(["        }", "    }", "}"].map(str::to_owned));
    let indent = source.indent(item.range.start).unwrap_or_default();
    let newline = source.newline();
    let text: String = lines.iter().map(|line| format!("{newline}{indent}{line}")).collect();
    edits.insert(item.range.end, format!("{newline}{text}"));
}

/// The fields as a pattern and as an expression, which are the same text.
fn fields(source: &Source<'_>, fields: &Fields) -> String {
    match fields {
        Fields::Unit => String::new(),
        Fields::Named(named) => {
            let each = named.named.iter().map(|field| {
                let conditions: String =
                    conditions(source, &field.attrs).map(|condition| format!("{condition} ")).collect();
                format!("{conditions}{}", field.ident.as_ref().map(ToString::to_string).unwrap_or_default())
            });
            let each: Vec<String> = each.collect();
            if each.is_empty() { " {}".to_owned() } else { format!(" {{ {} }}", each.join(", ")) }
        }
        Fields::Unnamed(unnamed) => {
            let each: Vec<String> = (0..unnamed.unnamed.len()).map(|at| format!("field_{at}")).collect();
            format!("({})", each.join(", "))
        }
    }
}

/// `#[cfg(…)]`, as written.
fn conditions<'a>(source: &Source<'a>, attributes: &[Attribute]) -> impl Iterator<Item = &'a str> {
    let cfgs = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    cfgs.filter_map(|cfg| source.text.get(range(cfg.to_token_stream())?))
}
