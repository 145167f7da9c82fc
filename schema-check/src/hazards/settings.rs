//! serde's settings on a container, a variant or a field, each with its place.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::{Attribute, Ident, LitStr};

/// All of one place.
#[derive(Debug, Default)]
pub(super) struct Settings {
    all: Vec<Setting>,
    /// schemars was told what is on the wire.
    pub(super) is_described: bool,
    /// `#[allow(deprecated)]`: what we warn of is meant so.
    pub(super) allowed: bool,
}

/// One of them: `rename = "x"`, `default`, `rename(serialize = "x")`.
#[derive(Debug)]
pub(super) struct Setting {
    name: Ident,
    value: Vec<TokenTree>,
}

impl Settings {
    pub(super) fn of(attributes: &[Attribute]) -> Self {
        let mut settings = Self::default();
        for attribute in attributes {
            let Some(name) = attribute.path().get_ident().map(ToString::to_string) else { continue };
            let Ok(list) = attribute.meta.require_list() else { continue };
            match name.as_str() {
                "serde" => settings.all.extend(listed(list.tokens.clone())),
                "schemars" => {
                    settings.is_described |=
                        listed(list.tokens.clone()).iter().any(|it| it.is("with") || it.is("schema_with"));
                }
                "allow" | "expect" => {
                    settings.allowed |= listed(list.tokens.clone()).iter().any(|it| it.is("deprecated"));
                }
                _ => {}
            }
        }
        settings
    }

    pub(super) fn get(&self, name: &str) -> Option<&Setting> {
        self.all.iter().find(|setting| setting.is(name))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Every name that is read in place of the own one.
    pub(super) fn aliases(&self) -> impl Iterator<Item = String> {
        self.all.iter().filter(|setting| setting.is("alias")).filter_map(Setting::text)
    }
}

impl Setting {
    fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// Its name.
    pub(super) fn about(&self) -> String {
        self.name.to_string()
    }

    pub(super) fn span(&self) -> Span {
        self.name.span()
    }

    /// The text after `=`.
    pub(super) fn text(&self) -> Option<String> {
        let [TokenTree::Punct(equals), TokenTree::Literal(text)] = self.value.as_slice() else { return None };
        let text = (equals.as_char() == '=').then(|| text.clone())?;
        syn::parse2::<LitStr>(TokenTree::from(text).into()).ok().map(|text| text.value())
    }

    /// What it says for writing, and what for reading.
    pub(super) fn sides(&self) -> [Option<String>; 2] {
        if let [TokenTree::Group(group)] = self.value.as_slice() {
            let parts = listed(group.stream());
            let side = |name: &str| parts.iter().find(|part| part.is(name)).and_then(Self::text);
            return [side("serialize"), side("deserialize")];
        }
        [self.text(), self.text()]
    }
}

/// What stands between commas; what doesn't begin with a name is left out.
fn listed(tokens: TokenStream) -> Vec<Setting> {
    let mut all: Vec<Setting> = Vec::new();
    let mut begins = true;
    for token in tokens {
        match token {
            TokenTree::Punct(comma) if comma.as_char() == ',' => begins = true,
            TokenTree::Ident(name) if begins => {
                all.push(Setting { name, value: Vec::new() });
                begins = false;
            }
            // A literal that a macro of the user's passed stands in an invisible group.
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                all.last_mut().into_iter().for_each(|setting| setting.value.extend(group.stream()));
            }
            token => all.last_mut().into_iter().for_each(|setting| setting.value.push(token.clone())),
        }
    }
    all
}
