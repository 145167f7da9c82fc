//! `key = order_id`, `key = 0`, `key = self::function`, `key = (tenant, order_id)`.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, ExprPath, Ident, Index, LitInt, LitStr, Member, Token, parenthesized, token};

/// What names the key of an event.
pub(crate) enum Key {
    /// One field.
    Field(Member),
    /// A function from the event to its key.
    Function(ExprPath),
    /// Several fields, joined by `/`.
    Joined(Vec<Member>),
}

impl Key {
    /// The fields that the key is made of.
    pub(crate) fn fields(&self) -> &[Member] {
        match self {
            Self::Field(field) => std::slice::from_ref(field),
            Self::Function(_) => &[],
            Self::Joined(fields) => fields,
        }
    }

    /// Reads the value of `key`.
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(token::Paren) {
            return joined(input).map(Self::Joined);
        }
        if input.peek(Token![<]) || input.peek(Token![::]) || input.peek2(Token![::]) {
            return input.parse().map(Self::Function);
        }
        field(input).map(Self::Field)
    }
}

/// The name of a field as it is compared and printed: without `r#`.
pub(crate) fn name_of(member: &Member) -> String {
    match member {
        Member::Named(ident) => ident.unraw().to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}

/// Where a field was named.
pub(crate) fn span_of(member: &Member) -> Span {
    match member {
        Member::Named(ident) => ident.span(),
        Member::Unnamed(index) => index.span,
    }
}

fn field(input: ParseStream<'_>) -> syn::Result<Member> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Err(Error::new(text.span(), format!("a key is a field: write `key = {}`", text.value())));
    }
    if input.peek(LitInt) {
        let index: LitInt = input.parse()?;
        return Ok(Member::Unnamed(Index { index: index.base10_parse()?, span: index.span() }));
    }
    input.call(Ident::parse_any).map(Member::Named).map_err(|error| {
        Error::new(error.span(), "expected a field, `self::function`, or fields as in `key = (tenant, order_id)`")
    })
}

fn joined(input: ParseStream<'_>) -> syn::Result<Vec<Member>> {
    let content;
    let parens = parenthesized!(content in input);
    let fields: Vec<Member> = content.parse_terminated(field, Token![,])?.into_iter().collect();
    match fields.as_slice() {
        [] => Err(Error::new(parens.span.join(), "a key needs a field: write `key = order_id`, or `keyless`")),
        [one] => {
            Err(Error::new(span_of(one), format!("one field needs no parentheses: write `key = {}`", name_of(one))))
        }
        _ => match twice(&fields) {
            Some(again) => {
                Err(Error::new(span_of(again), format!("`{}` is twice in the key; keep one", name_of(again))))
            }
            None => Ok(fields),
        },
    }
}

fn twice(fields: &[Member]) -> Option<&Member> {
    let mut seen = Vec::new();
    fields.iter().find(|field| {
        let name = name_of(field);
        let again = seen.contains(&name);
        seen.push(name);
        again
    })
}
