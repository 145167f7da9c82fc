//! `from_schema = 1`, `from_schema(1 = self::from_v1, 2 = self::from_v2)`.

use proc_macro2::TokenStream;
use syn::parse::ParseStream;
use syn::{Error, ExprPath, Ident, Token, token};

use super::list::{expect, value};
use super::text::{Spanned, version};

/// Versions whose Rust types are gone, and how they are read.
pub(crate) struct FromSchema {
    pub(crate) name: Ident,
    pub(crate) steps: Vec<SchemaStep>,
    /// Whether each version was given its function.
    pub(crate) is_list: bool,
}

/// The step from one of them.
pub(crate) struct SchemaStep {
    pub(crate) version: Spanned<u32>,
    /// In a list each has its own; a single one is taken by `with` or by hand.
    pub(crate) function: Option<ExprPath>,
}

impl FromSchema {
    /// Reads what follows the name.
    pub(crate) fn parse(name: &Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(token::Paren) {
            let version = value(name, input, "from_schema = 1", |input| version("from_schema", input))?;
            let steps = vec![SchemaStep { version, function: None }];
            return Ok(Self { name: name.clone(), steps, is_list: false });
        }
        let content;
        syn::parenthesized!(content in input);
        let steps = content.parse_terminated(step, Token![,]);
        // After a mistake the rest is read over: what is left unread would be a second one.
        content.parse::<TokenStream>()?;
        let steps: Vec<_> = steps?.into_iter().collect();
        if steps.is_empty() {
            return Err(Error::new(name.span(), "no version: write `from_schema = 1`"));
        }
        twice(&steps)?;
        Ok(Self { name: name.clone(), steps, is_list: true })
    }
}

fn step(input: ParseStream<'_>) -> syn::Result<SchemaStep> {
    let version = version("from_schema", input)?;
    let example = format!("{} = self::from_v{0}", version.value);
    if !input.peek(Token![=]) {
        return Err(Error::new(version.span, format!("which function reads it? write `{example}`")));
    }
    input.parse::<Token![=]>()?;
    let function = expect(input, &format!("expected a function of `serde_json::Value`: write `{example}`"))?;
    Ok(SchemaStep { version, function: Some(function) })
}

fn twice(steps: &[SchemaStep]) -> syn::Result<()> {
    let mut seen = Vec::new();
    for SchemaStep { version, .. } in steps {
        if seen.contains(&version.value) {
            return Err(Error::new(version.span, format!("version {} is there twice; keep one", version.value)));
        }
        seen.push(version.value);
    }
    Ok(())
}
