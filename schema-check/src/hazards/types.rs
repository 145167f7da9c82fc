//! Types that serde_json can't write, or that don't come back as they were. Judged by their last words: what a name
//! hides isn't seen.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{GenericArgument, PathArguments, PathSegment, Type};

use super::words::Reason;

/// Whether it is an `Option`.
pub(super) fn is_option(ty: &Type) -> bool {
    last_word(ty).is_some_and(|word| word.ident == "Option")
}

/// Everything unsafe about a type.
pub(super) fn of(ty: &Type, is_buffered: bool, is_written: bool) -> Vec<(Reason, String, Span)> {
    let mut found = Found { is_buffered, is_written, all: Vec::new() };
    found.visit_type(ty);
    found.all
}

/// Where a type is no object, so that no tag can be written into it.
pub(super) fn untaggable(ty: &Type) -> Option<(String, Span)> {
    match ty {
        Type::Group(group) => return untaggable(&group.elem),
        Type::Paren(paren) => return untaggable(&paren.elem),
        Type::Tuple(tuple) if !tuple.elems.is_empty() => return Some(("tuple".to_owned(), tuple.span())),
        Type::Array(array) => return Some(("array".to_owned(), array.span())),
        _ => {}
    }
    let word = last_word(ty)?;
    let name = word.ident.to_string();
    let lists = ["String", "Vec", "VecDeque", "HashSet", "BTreeSet", "Option", "bool", "char", "f32", "f64"];
    (lists.contains(&name.as_str()) || is_integer(&name)).then(|| (name, word.ident.span()))
}

struct Found {
    is_buffered: bool,
    is_written: bool,
    all: Vec<(Reason, String, Span)>,
}

impl Visit<'_> for Found {
    fn visit_path_segment(&mut self, word: &PathSegment) {
        let (name, arguments) = (word.ident.to_string(), arguments(word));
        let reason = match (name.as_str(), arguments.as_slice()) {
            ("Option", [inner]) if is_option(inner) || is_unit(inner) => Some(Reason::OptionOfOption),
            ("HashMap" | "BTreeMap" | "IndexMap", [key, ..]) if self.is_written && is_no_key(key) => {
                Some(Reason::NoKey)
            }
            ("HashMap" | "BTreeMap" | "IndexMap", [key, ..]) if self.is_buffered && is_number(key) => {
                Some(Reason::BufferedKeys)
            }
            ("i128" | "u128" | "RawValue", []) if self.is_buffered => Some(Reason::Buffered),
            _ => None,
        };
        match reason {
            Some(reason) => {
                self.all.push((reason, name, word.ident.span()));
                // The key was told of.
                arguments.iter().skip(1).for_each(|ty| self.visit_type(ty));
            }
            None => visit::visit_path_segment(self, word),
        }
    }
}

fn arguments(word: &PathSegment) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = &word.arguments else { return Vec::new() };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}

fn is_no_key(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(_) | Type::Array(_)) || last_word(ty).is_some_and(|word| word.ident == "Vec")
}

fn is_number(ty: &Type) -> bool {
    last_word(ty).is_some_and(|word| word.ident == "bool" || is_integer(&word.ident.to_string()))
}

fn is_integer(name: &str) -> bool {
    let width = name.strip_prefix(['i', 'u']).unwrap_or_default();
    ["8", "16", "32", "64", "128", "size"].contains(&width)
}

fn last_word(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Group(group) => last_word(&group.elem),
        Type::Paren(paren) => last_word(&paren.elem),
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}
