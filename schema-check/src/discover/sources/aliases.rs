//! Names that some source says serde reads in place of others: candidates, which only the decoder confirms.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::Attribute;
use syn::visit::Visit;

use super::{parts, parts_of_enum, texts};
use crate::discover::names::Names;
use crate::discover::serde_attributes::SerdeAttributes;
use crate::learn::Candidate;

#[derive(Default)]
pub(super) struct Aliases {
    pub(super) all: BTreeSet<Candidate>,
}

impl Aliases {
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
        self.item(&item.attrs, &parts_of_enum(item));
    }

    fn visit_macro(&mut self, mac: &'a syn::Macro) {
        self.tokens(mac.tokens.clone());
    }
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
