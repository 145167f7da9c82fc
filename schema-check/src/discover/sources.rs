//! Names that some source says serde reads in place of others: candidates, which only the decoder confirms.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::Visit;
use syn::{Attribute, Field, Fields};

use super::names::Names;
use super::project::Project;
use super::serde_attributes::SerdeAttributes;
use crate::learn::Candidate;

/// The crate whose trait every type within an event has.
const SCHEMARS: &str = "schemars";

/// The aliases in the sources of every package that can declare a type with a JSON Schema.
pub(super) fn aliases(project: &Project) -> Vec<Candidate> {
    let mut found = Aliases::default();
    for package in project.depending_on(SCHEMARS) {
        let folder = package.manifest_path.as_std_path().parent().unwrap_or(Path::new("."));
        found.folder(&folder.join("src"), 0);
        for target in package.targets.iter().filter(|target| target.is_lib() || target.is_bin() || target.is_cdylib()) {
            if let Some(folder) = target.src_path.as_std_path().parent() {
                found.folder(folder, 0);
            }
        }
    }
    found.all.into_iter().collect()
}

#[derive(Default)]
struct Aliases {
    all: BTreeSet<Candidate>,
}

impl Aliases {
    fn folder(&mut self, folder: &Path, depth: usize) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let is_link = path.symlink_metadata().is_ok_and(|entry| entry.is_symlink());
            if path.is_dir() && !is_link && depth < 32 && path.file_name().is_none_or(|name| name != "target") {
                self.folder(&path, depth + 1);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                self.file(&path);
            }
        }
    }

    /// A file that can't be read or parsed tells nothing: the compiler judges it.
    fn file(&mut self, path: &Path) {
        let text = fs::read_to_string(path).unwrap_or_default();
        if text.contains("alias")
            && let Ok(file) = syn::parse_file(&text)
        {
            self.visit_file(&file);
        }
    }

    fn item(&mut self, container: &[Attribute], parts: &[(String, u32, String)]) {
        for part in Names::of(&texts(container), parts).parts {
            let aliases = part.attributes.aliases;
            self.all.extend(aliases.into_iter().map(|alias| Candidate { name: part.named.read.clone(), alias }));
        }
    }

    /// Items that a macro makes are looked for in its tokens: a field or variant behind its attributes.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut waiting = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Group(group) => {
                    let text = group.stream().to_string();
                    let aliases = SerdeAttributes::parse(&text).aliases;
                    if aliases.is_empty() { self.tokens(group.stream()) } else { waiting.extend(aliases) }
                }
                TokenTree::Ident(ident) if ident != "pub" && !waiting.is_empty() => {
                    let name = ident.to_string().trim_start_matches("r#").to_owned();
                    let of_name = waiting.drain(..).map(|alias| Candidate { name: name.clone(), alias });
                    self.all.extend(of_name);
                }
                _ => {}
            }
        }
    }
}

impl<'a> Visit<'a> for Aliases {
    fn visit_item_struct(&mut self, item: &'a syn::ItemStruct) {
        self.item(&item.attrs, &parts("", &item.fields));
    }

    fn visit_item_enum(&mut self, item: &'a syn::ItemEnum) {
        let mut all = Vec::new();
        for variant in &item.variants {
            let name = plain(&variant.ident);
            all.push((name.clone(), 0, texts(&variant.attrs)));
            all.extend(parts(&format!("{name}."), &variant.fields));
        }
        self.item(&item.attrs, &all);
    }

    fn visit_macro(&mut self, mac: &'a syn::Macro) {
        self.tokens(mac.tokens.clone());
    }
}

fn parts(prefix: &str, fields: &Fields) -> Vec<(String, u32, String)> {
    let name = |(at, field): (usize, &Field)| field.ident.as_ref().map_or_else(|| at.to_string(), plain);
    fields
        .iter()
        .enumerate()
        .map(|(at, field)| (format!("{prefix}{}", name((at, field))), 0, texts(&field.attrs)))
        .collect()
}

fn plain(ident: &syn::Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

fn texts(attributes: &[Attribute]) -> String {
    let metas = attributes.iter().map(|attribute| attribute.meta.to_token_stream().to_string());
    metas.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<(String, String)> {
        let mut aliases = Aliases::default();
        aliases.visit_file(&syn::parse_file(source).unwrap());
        aliases.all.into_iter().map(|candidate| (candidate.name, candidate.alias)).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, alias)| ((*name).to_owned(), (*alias).to_owned())).collect()
    }

    #[test]
    fn aliases_come_with_the_name_on_the_wire() {
        let source = r#"
            mod inner {
                #[serde(rename_all = "camelCase")]
                struct Part { #[serde(alias = "old", alias = "older")] unit_price: u8 }
                fn f() { enum Kind { #[serde(rename = "b", alias = "B")] B { #[serde(alias = "y")] x: u8 } } }
            }
        "#;
        assert_eq!(found(source), pairs(&[("b", "B"), ("unitPrice", "old"), ("unitPrice", "older"), ("x", "y")]));
    }

    #[test]
    fn aliases_within_macros_are_candidates_too() {
        let source = r#"
            macro_rules! part { ($name:ident) => { struct $name { #[serde(alias = "a")] #[x] pub field: u8 } }; }
            part! { Other { #[serde(alias = "c")] pub d: u8 } }
        "#;
        assert_eq!(found(source), pairs(&[("d", "c"), ("field", "a")]));
    }
}
