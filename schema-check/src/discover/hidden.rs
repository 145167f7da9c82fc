//! Events in the sources that the build left out because a feature is off.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Item, Lit, Meta, Token};

use super::event::{Event, Place};
use super::project::Project;

/// An event that a feature hides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hidden {
    /// The wire type.
    pub event_type: String,
    /// The version.
    pub event_version: u32,
    /// Where it is.
    pub place: Place,
    /// The features that it needs and that are off.
    pub features: BTreeSet<String>,
}

/// The events behind `cfg(feature = …)` that are not among those that were found.
pub(super) fn events(project: &Project, found: &[Event]) -> Vec<Hidden> {
    let mut seen = BTreeSet::new();
    for package in project.reaching() {
        let on = project.active_features(&package.id);
        for target in package.targets.iter().filter(|target| target.is_lib() || target.is_bin() || target.is_cdylib()) {
            let features = target.required_features.iter().cloned().collect();
            let mut walk = Walk { root: project.root(), on: &on, seen: &mut seen };
            walk.file(target.src_path.as_std_path(), true, &features);
        }
    }
    let known = |hidden: &Hidden| {
        found.iter().any(|event| event.event_type == hidden.event_type && event.event_version == hidden.event_version)
    };
    seen.into_iter().filter(|hidden| !hidden.features.is_empty() && !known(hidden)).collect()
}

struct Walk<'a> {
    root: &'a Path,
    on: &'a BTreeSet<String>,
    seen: &'a mut BTreeSet<Hidden>,
}

impl Walk<'_> {
    /// A file that can't be read or parsed has no events for us: the compiler judges it.
    fn file(&mut self, path: &Path, is_root: bool, features: &BTreeSet<String>) {
        let Ok(text) = fs::read_to_string(path) else { return };
        let Ok(file) = syn::parse_file(&text) else { return };
        let folder = path.parent().unwrap_or(path);
        let stem = path.file_stem().unwrap_or_default();
        let children = if is_root || stem == "mod" { folder.to_owned() } else { folder.join(stem) };
        self.items(&file.items, path, &children, features);
    }

    fn items(&mut self, items: &[Item], file: &Path, children: &Path, features: &BTreeSet<String>) {
        for item in items {
            match item {
                Item::Struct(item) => self.event(&item.attrs, &item.ident, file, features),
                Item::Enum(item) => self.event(&item.attrs, &item.ident, file, features),
                Item::Mod(module) => self.module(module, file, children, features),
                _ => {}
            }
        }
    }

    fn module(&mut self, module: &syn::ItemMod, file: &Path, children: &Path, features: &BTreeSet<String>) {
        if is_for_tests(&module.attrs) {
            return;
        }
        let features = with_features(features, &module.attrs);
        let name = module.ident.to_string();
        match &module.content {
            Some((_, items)) => self.items(items, file, &children.join(name), &features),
            None => {
                let named = path_of(&module.attrs).map(|path| file.parent().unwrap_or(file).join(path));
                let usual = [children.join(format!("{name}.rs")), children.join(name).join("mod.rs")];
                let found = named.into_iter().chain(usual).find(|path| path.is_file());
                found.into_iter().for_each(|path: PathBuf| self.file(&path, false, &features));
            }
        }
    }

    fn event(&mut self, attributes: &[Attribute], name: &syn::Ident, file: &Path, features: &BTreeSet<String>) {
        if !derives_event(attributes) || is_for_tests(attributes) {
            return;
        }
        let Some((event_type, event_version)) = declared(attributes) else { return };
        let shown = file.strip_prefix(self.root).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let line = u32::try_from(name.span().start().line).unwrap_or_default();
        self.seen.insert(Hidden {
            event_type,
            event_version,
            place: Place { file: shown, line },
            features: with_features(features, attributes).difference(self.on).cloned().collect(),
        });
    }
}

fn metas(attribute: &Attribute) -> Vec<Meta> {
    let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
    attribute.parse_args_with(parser).map(|metas| metas.into_iter().collect()).unwrap_or_default()
}

fn derives_event(attributes: &[Attribute]) -> bool {
    let derives = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    derives.flat_map(metas).any(|meta| meta.path().segments.last().is_some_and(|last| last.ident == "DomainEvent"))
}

/// The type and the version that the attribute gives.
fn declared(attributes: &[Attribute]) -> Option<(String, u32)> {
    let ours = attributes.iter().filter(|attribute| attribute.path().is_ident("event"));
    let tokens: Vec<proc_macro2::TokenTree> =
        ours.filter_map(|attribute| attribute.meta.require_list().ok()).flat_map(|list| list.tokens.clone()).collect();
    // `type` is a keyword, which no `Meta` begins with, so the tokens are read one by one.
    let value = |name: &str| {
        let at =
            tokens.iter().position(|token| matches!(token, proc_macro2::TokenTree::Ident(ident) if ident == name))?;
        let literal = tokens.get(at + 2)?;
        syn::parse_str::<Lit>(&literal.to_string()).ok()
    };
    match (value("type")?, value("version")?) {
        (Lit::Str(event_type), Lit::Int(version)) => Some((event_type.value(), version.base10_parse().ok()?)),
        _ => None,
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    cfgs(attributes).flat_map(metas).any(|meta| meta.path().is_ident("test"))
}

fn cfgs(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"))
}

fn path_of(attributes: &[Attribute]) -> Option<String> {
    let path = attributes.iter().find(|attribute| attribute.path().is_ident("path"))?;
    match &path.meta.require_name_value().ok()?.value {
        Expr::Lit(ExprLit { lit: Lit::Str(path), .. }) => Some(path.value()),
        _ => None,
    }
}

/// The features that `cfg(feature = "…")` names, also within `all` and `any`; `not` asks for none.
fn with_features(before: &BTreeSet<String>, attributes: &[Attribute]) -> BTreeSet<String> {
    let mut features = before.clone();
    for meta in cfgs(attributes).flat_map(metas) {
        collect(&meta, &mut features);
    }
    features
}

fn collect(meta: &Meta, features: &mut BTreeSet<String>) {
    match meta {
        Meta::NameValue(pair) if pair.path.is_ident("feature") => {
            if let Expr::Lit(ExprLit { lit: Lit::Str(feature), .. }) = &pair.value {
                features.insert(feature.value());
            }
        }
        Meta::List(list) if list.path.is_ident("all") || list.path.is_ident("any") => {
            let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
            list.parse_args_with(parser).unwrap_or_default().iter().for_each(|meta| collect(meta, features));
        }
        _ => {}
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn walked(text: &str) -> Vec<Hidden> {
        let mut seen = BTreeSet::new();
        let file = syn::parse_file(text).unwrap();
        let mut walk = Walk { root: Path::new(""), on: &BTreeSet::from(["on".to_owned()]), seen: &mut seen };
        walk.items(&file.items, Path::new("src/lib.rs"), Path::new("src"), &BTreeSet::new());
        seen.into_iter().collect()
    }

    #[test]
    fn features_of_items_and_of_modules_around_them_are_collected() {
        let text = r#"
            #[cfg(all(feature = "a", feature = "on", not(feature = "z")))]
            mod inner {
                #[cfg(feature = "b")]
                #[derive(Debug, event_core::DomainEvent)]
                #[event(type = "x.y", version = 2, keyless)]
                struct Event;
            }
            #[cfg(test)]
            mod tests {
                #[derive(DomainEvent)]
                #[event(type = "x.t", version = 1, keyless)]
                struct Tested;
            }
        "#;
        let found = walked(text);
        assert_eq!(found.len(), 1, "{found:?}");
        let hidden = found.first().unwrap();
        assert_eq!((hidden.event_type.as_str(), hidden.event_version, hidden.place.line), ("x.y", 2, 7));
        assert_eq!(hidden.features, BTreeSet::from(["a".to_owned(), "b".to_owned()]));
    }
}
