//! serde's attributes of an event's own item, as the derive hands them over: text.

use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, Meta, Token};

use super::case::Case;

/// What serde's attributes on a container, a variant or a field say, as far as names and facts go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SerdeAttributes {
    pub(crate) rename: Both<String>,
    pub(crate) rename_all: Both<Case>,
    pub(crate) rename_all_fields: Both<Case>,
    pub(crate) aliases: Vec<String>,
    pub(crate) tag: Option<String>,
    pub(crate) content: Option<String>,
    pub(crate) other: bool,
    pub(crate) deny_unknown_fields: bool,
    pub(crate) default: bool,
    /// serde calls a function of the user's to read it: an absent `Option` is then an error.
    pub(crate) custom_reader: bool,
    pub(crate) untagged: bool,
    skip: bool,
    flatten: bool,
}

/// A setting for what is written and one for what is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Both<T> {
    pub(crate) writer: Option<T>,
    pub(crate) reader: Option<T>,
}

impl<T> Default for Both<T> {
    fn default() -> Self {
        Self { writer: None, reader: None }
    }
}

impl SerdeAttributes {
    /// Reads the text of the attributes, `serde (rename = "x")`, several separated by semicolons.
    pub(crate) fn parse(text: &str) -> Self {
        let mut attributes = Self::default();
        for meta in metas(text) {
            attributes.take(&meta);
        }
        attributes
    }

    /// Whether nothing is read under the field's own name.
    pub(crate) fn is_off_the_wire(&self) -> bool {
        self.skip || self.flatten
    }

    fn take(&mut self, meta: &Meta) {
        let Some(name) = meta.path().get_ident().map(ToString::to_string) else { return };
        match name.as_str() {
            "rename" => self.rename = both(meta, |text| Some(text.to_owned())),
            "rename_all" => self.rename_all = both(meta, Case::parse),
            "rename_all_fields" => self.rename_all_fields = both(meta, Case::parse),
            "alias" => self.aliases.extend(text_of(meta)),
            "tag" => self.tag = text_of(meta),
            "content" => self.content = text_of(meta),
            "other" => self.other = true,
            "deny_unknown_fields" => self.deny_unknown_fields = true,
            "default" => self.default = true,
            "with" | "deserialize_with" => self.custom_reader = true,
            "untagged" => self.untagged = true,
            "skip" | "skip_deserializing" => self.skip = true,
            "flatten" => self.flatten = true,
            _ => {}
        }
    }
}

/// The comma-separated settings inside of each `serde (…)`; those of `schemars (…)` don't change the wire.
fn metas(text: &str) -> Vec<Meta> {
    let Ok(tokens) = text.parse::<proc_macro2::TokenStream>() else { return Vec::new() };
    let mut of_serde = false;
    let groups = tokens.into_iter().filter_map(|token| match token {
        proc_macro2::TokenTree::Ident(ident) => {
            of_serde = ident == "serde";
            None
        }
        proc_macro2::TokenTree::Group(group) if of_serde => Some(group.stream()),
        _ => None,
    });
    groups.flat_map(one_by_one).collect()
}

/// serde takes some settings that are no `Meta`, such as `bound(…)` of types: those are left out.
fn one_by_one(group: proc_macro2::TokenStream) -> Vec<Meta> {
    let mut settings = vec![Vec::new()];
    for token in group {
        match &token {
            proc_macro2::TokenTree::Punct(comma) if comma.as_char() == ',' => settings.push(Vec::new()),
            _ => settings.last_mut().into_iter().for_each(|setting| setting.push(token.clone())),
        }
    }
    settings.into_iter().filter_map(|setting| syn::parse2::<Meta>(setting.into_iter().collect()).ok()).collect()
}

/// `name = "text"` for both, `name(serialize = "…", deserialize = "…")` for each.
fn both<T: Clone>(meta: &Meta, read: impl Fn(&str) -> Option<T>) -> Both<T> {
    if let Some(text) = text_of(meta) {
        let value = read(&text);
        return Both { writer: value.clone(), reader: value };
    }
    let mut both = Both::default();
    let Meta::List(list) = meta else { return both };
    let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
    for part in list.parse_args_with(parser).unwrap_or_default() {
        let value = text_of(&part).as_deref().and_then(&read);
        if part.path().is_ident("serialize") {
            both.writer = value;
        } else if part.path().is_ident("deserialize") {
            both.reader = value;
        }
    }
    both
}

fn text_of(meta: &Meta) -> Option<String> {
    match meta {
        Meta::NameValue(pair) => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn settings_for_both_and_for_each_side_are_read() {
        let parsed =
            SerdeAttributes::parse(r#"serde (rename (serialize = "a", deserialize = "b"), alias = "c", alias = "d")"#);
        assert_eq!(parsed.rename, Both { writer: Some("a".to_owned()), reader: Some("b".to_owned()) });
        assert_eq!(parsed.aliases, ["c", "d"]);
        let parsed = SerdeAttributes::parse(
            r#"serde (rename_all = "camelCase"); schemars (rename_all = "lowercase"); serde (deny_unknown_fields, tag = "kind")"#,
        );
        assert_eq!(parsed.rename_all.reader, Some(Case::Camel));
        assert!(parsed.deny_unknown_fields);
        assert_eq!(parsed.tag.as_deref(), Some("kind"));
    }

    #[test]
    fn settings_that_are_unknown_hide_no_others() {
        let parsed = SerdeAttributes::parse(r#"serde (default, crate = "x", with = "m", type = 3, other)"#);
        assert!(parsed.other);
        assert_eq!(SerdeAttributes::parse(""), SerdeAttributes::default());
    }
}
