//! What the derive knows about an event. After a mistake it holds placeholders, which are never expanded.

use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::spanned::Spanned as _;
use syn::{Attribute, Data, DeriveInput, Fields, Generics, Ident, Member, Path, Type, parse_quote};

use crate::attr::{self, Added, TypeAttrs};
use crate::problems::Problems;

/// An event: its item and its attributes.
pub(crate) struct EventModel<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) attrs: TypeAttrs,
    pub(crate) body: Body<'a>,
    /// The attributes that shape the data, for discovery.
    pub(crate) attributes: String,
    /// Where `untagged` stands among the attributes of the container.
    pub(crate) untagged: Option<Span>,
}

/// The shape of an item.
pub(crate) enum Body<'a> {
    Struct(Vec<Field<'a>>),
    Enum(Vec<Variant<'a>>),
    /// Not an event: the span of `union`.
    Union(Span),
}

/// A variant of an enum.
pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) fields: Vec<Field<'a>>,
    pub(crate) attributes: String,
}

/// A field of a struct or of a variant.
pub(crate) struct Field<'a> {
    pub(crate) member: Member,
    pub(crate) ty: &'a Type,
    /// Where it is: its name, or its type where it has none.
    pub(crate) span: Span,
    pub(crate) added: Option<Added>,
    pub(crate) attributes: String,
}

impl<'a> EventModel<'a> {
    /// Reads the item; adds every mistake of a single attribute to `problems`.
    pub(crate) fn parse(problems: &Problems, input: &'a DeriveInput) -> Self {
        Self {
            ident: &input.ident,
            generics: &input.generics,
            attrs: TypeAttrs::parse(problems, &input.attrs),
            body: Body::parse(problems, &input.data),
            attributes: shaping(&input.attrs),
            untagged: untagged(&input.attrs),
        }
    }

    /// The crate that the output names.
    pub(crate) fn krate(&self) -> Path {
        self.attrs.krate.given().cloned().unwrap_or_else(|| parse_quote!(::event_core))
    }

    /// The wire type.
    pub(crate) fn event_type(&self) -> &str {
        self.attrs.event_type.given().map_or("", |given| &given.value)
    }

    /// The version.
    pub(crate) fn version(&self) -> u32 {
        self.attrs.version.given().map_or(0, |given| given.value)
    }

    /// The oldest version that was ever published.
    pub(crate) fn since(&self) -> u32 {
        self.attrs.since.given().map_or(1, |given| given.value)
    }

    /// What the event is about; unless given, the wire type before its last dot.
    pub(crate) fn aggregate(&self) -> &str {
        let before_last_dot = || self.event_type().rsplit_once('.').map_or("", |(aggregate, _)| aggregate);
        self.attrs.aggregate.given().map_or_else(before_last_dot, String::as_str)
    }

    /// Whether it is somebody else's event.
    pub(crate) fn is_foreign(&self) -> bool {
        !self.attrs.foreign.is_missing()
    }

    /// Whether it says what it is upcast from.
    pub(crate) fn has_step(&self) -> bool {
        !self.attrs.from.is_missing() || !self.attrs.from_schema.is_missing()
    }

    /// The wire type of the older version.
    pub(crate) fn older_type(&self) -> &str {
        self.attrs.was.given().map_or_else(|| self.event_type(), |given| &given.value)
    }
}

impl<'a> Body<'a> {
    fn parse(problems: &Problems, data: &'a Data) -> Self {
        match data {
            Data::Struct(item) => Self::Struct(fields(problems, &item.fields)),
            Data::Enum(item) => {
                Self::Enum(item.variants.iter().map(|variant| Variant::parse(problems, variant)).collect())
            }
            Data::Union(item) => Self::Union(item.union_token.span()),
        }
    }

    /// All fields, those of every variant included.
    pub(crate) fn fields(&self) -> Vec<&Field<'a>> {
        match self {
            Self::Struct(fields) => fields.iter().collect(),
            Self::Enum(variants) => variants.iter().flat_map(|variant| &variant.fields).collect(),
            Self::Union(_) => Vec::new(),
        }
    }
}

impl<'a> Variant<'a> {
    fn parse(problems: &Problems, variant: &'a syn::Variant) -> Self {
        attr::none_on_variant(problems, &variant.attrs);
        Self { ident: &variant.ident, fields: fields(problems, &variant.fields), attributes: shaping(&variant.attrs) }
    }
}

impl Field<'_> {
    /// Its name without `r#`, or its index.
    pub(crate) fn name(&self) -> String {
        attr::name_of(&self.member)
    }
}

fn fields<'a>(problems: &Problems, fields: &'a Fields) -> Vec<Field<'a>> {
    let field = |(member, field): (Member, &'a syn::Field)| Field {
        span: field.ident.as_ref().map_or_else(|| field.ty.span(), Ident::span),
        member,
        ty: &field.ty,
        added: attr::added(problems, &field.attrs),
        attributes: shaping(&field.attrs),
    };
    fields.members().zip(fields).map(field).collect()
}

/// The attributes of serde and schemars, as text.
fn shaping(attributes: &[Attribute]) -> String {
    let is_shaping =
        |attribute: &&Attribute| attribute.path().is_ident("serde") || attribute.path().is_ident("schemars");
    let text = |attribute: &Attribute| attribute.meta.to_token_stream().to_string();
    attributes.iter().filter(is_shaping).map(text).collect::<Vec<_>>().join("; ")
}

fn untagged(attributes: &[Attribute]) -> Option<Span> {
    let of_serde = attributes.iter().filter(|attribute| attribute.path().is_ident("serde"));
    let mut tokens = of_serde.filter_map(|attribute| attribute.meta.require_list().ok()).flat_map(|l| l.tokens.clone());
    tokens.find_map(|token| match token {
        proc_macro2::TokenTree::Ident(ident) if ident == "untagged" => Some(ident.span()),
        _ => None,
    })
}

/// The text of an identifier without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// The text of a path as one would write it.
pub(crate) fn path_text(path: &impl ToTokens) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}
