//! Tokens of `#[event(…)]` to spanned values. What an attribute says by itself is judged here, what it says together
//! with others in `validate.rs`.

mod deprecated;
mod from_schema;
mod key;
pub(crate) mod list;
mod slot;
pub(crate) mod text;
mod time;

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Error, Expr, ExprPath, Ident, Meta, Path, PathArguments, Type};

use crate::problems::Problems;
use crate::suggest::{did_you_mean, nearest};

pub(crate) use deprecated::Deprecated;
pub(crate) use from_schema::{FromSchema, SchemaStep};
pub(crate) use key::{Key, name_of, span_of};
pub(crate) use slot::Slot;
pub(crate) use text::Spanned;
pub(crate) use time::Time;

use list::{at_end, entries, flag, value};

/// The attributes of a type.
const ON_TYPE: [&str; 16] = [
    "type",
    "version",
    "key",
    "keyless",
    "aggregate",
    "from",
    "from_schema",
    "with",
    "superseded",
    "foreign",
    "was",
    "since",
    "readable_since",
    "also",
    "deprecated",
    "crate",
];

/// The attributes of a field.
const ON_FIELD: [&str; 1] = ["added"];

/// `#[event(…)]` on the type.
#[derive(Default)]
pub(crate) struct TypeAttrs {
    /// Where the first `#[event]` is, for what is missing in it.
    pub(crate) event: Option<Span>,
    pub(crate) event_type: Slot<Spanned<String>>,
    pub(crate) version: Slot<Spanned<u32>>,
    pub(crate) key: Slot<Key>,
    pub(crate) keyless: Slot<Ident>,
    pub(crate) aggregate: Slot<String>,
    pub(crate) from: Slot<Path>,
    pub(crate) from_schema: Slot<FromSchema>,
    pub(crate) with: Slot<With>,
    pub(crate) superseded: Slot<Ident>,
    pub(crate) foreign: Slot<Ident>,
    pub(crate) was: Slot<Spanned<String>>,
    pub(crate) since: Slot<Spanned<u32>>,
    pub(crate) readable_since: Slot<Spanned<u32>>,
    pub(crate) also: Slot<Path>,
    pub(crate) deprecated: Slot<Deprecated>,
    pub(crate) krate: Slot<Path>,
}

/// `with`, or `with = function`.
pub(crate) struct With {
    pub(crate) name: Ident,
    pub(crate) function: Option<ExprPath>,
}

/// `added`, or `added = expression`.
pub(crate) struct Added {
    pub(crate) name: Ident,
    pub(crate) expression: Option<Expr>,
}

impl TypeAttrs {
    /// Reads all `#[event(…)]` of a type.
    pub(crate) fn parse(problems: &Problems, attributes: &[Attribute]) -> Self {
        let mut attrs = Self::default();
        for attribute in of_ours(attributes) {
            attrs.event.get_or_insert_with(|| span_of_path(attribute));
            let Some(tokens) = problems.keep(tokens_of(attribute, "type = \"order.placed\", version = 1, keyless"))
            else {
                attrs.all_meant();
                continue;
            };
            entries(problems, tokens, |name, input| attrs.entry(problems, name, input));
        }
        attrs
    }

    fn entry(&mut self, problems: &Problems, name: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
        let example = |value: &str| format!("{} = {value}", name.unraw());
        match name.unraw().to_string().as_str() {
            "type" => self.event_type.fill(name, value(name, input, &example("\"order.placed\""), text::event_type)),
            "version" => self.version.fill(name, value(name, input, &example("1"), |i| text::version("version", i))),
            "key" => self.key.fill(name, value(name, input, &example("order_id"), Key::parse)),
            "keyless" => self.keyless.fill(name, flag(name, input)),
            "aggregate" => self.aggregate.fill(name, value(name, input, &example("\"order\""), text::aggregate)),
            "from" => self.from.fill(name, value(name, input, &example("OrderPlacedV1"), |i| older("from", i))),
            "from_schema" => self.from_schema.fill(name, FromSchema::parse(name, input)),
            "with" => self.with.fill(name, with(name, input)),
            "superseded" => self.superseded.fill(name, flag(name, input)),
            "foreign" => self.foreign.fill(name, flag(name, input)),
            "was" => self.was.fill(name, value(name, input, &example("\"order.created\""), text::event_type)),
            "since" => self.since.fill(name, value(name, input, &example("2"), |i| text::version("since", i))),
            "readable_since" => {
                let version = value(name, input, &example("1"), |input| text::version("readable_since", input));
                self.readable_since.fill(name, version)
            }
            "also" => self.also.fill(name, value(name, input, &example("OrderPlacedV1"), |i| older("also", i))),
            "deprecated" => self.deprecated.fill(name, Deprecated::parse(problems, name, input)),
            "crate" => self.krate.fill(name, value(name, input, &example("path"), Path::parse_mod_style)),
            other => {
                self.meant(other);
                Err(Error::new(name.span(), unknown_on_type(other)))
            }
        }
    }

    /// Nothing is missing in a list that isn't one.
    fn all_meant(&mut self) {
        self.event_type.meant();
        self.version.meant();
        self.key.meant();
    }

    /// A misspelt attribute isn't missing as well.
    fn meant(&mut self, written: &str) {
        match nearest(written, ON_TYPE) {
            Some("type") => self.event_type.meant(),
            Some("version") => self.version.meant(),
            Some("key") => self.key.meant(),
            Some("keyless") => self.keyless.meant(),
            Some("from") => self.from.meant(),
            Some("foreign") => self.foreign.meant(),
            Some("since") => self.since.meant(),
            Some("from_schema") => self.from_schema.meant(),
            _ => {}
        }
    }
}

/// Reads `#[event(added)]` of a field.
pub(crate) fn added(problems: &Problems, attributes: &[Attribute]) -> Option<Added> {
    let mut slot = Slot::default();
    for attribute in of_ours(attributes) {
        let Some(tokens) = problems.keep(tokens_of(attribute, "added")) else { continue };
        entries(problems, tokens, |name, input| match name.unraw().to_string().as_str() {
            "added" => slot.fill(name, added_value(name, input)),
            other => Err(Error::new(name.span(), unknown_on_field(other))),
        });
    }
    match slot {
        Slot::Given(added) => Some(added),
        Slot::Missing | Slot::Broken => None,
    }
}

/// Refuses `#[event(…)]` on a variant.
pub(crate) fn none_on_variant(problems: &Problems, attributes: &[Attribute]) {
    for attribute in of_ours(attributes) {
        problems.at(span_of_path(attribute), "a variant takes no `#[event(…)]`; write it on the enum");
    }
}

fn of_ours(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("event"))
}

fn span_of_path(attribute: &Attribute) -> Span {
    attribute.path().get_ident().map_or_else(Span::call_site, Ident::span)
}

fn tokens_of(attribute: &Attribute, example: &str) -> syn::Result<TokenStream> {
    match &attribute.meta {
        Meta::List(list) => Ok(list.tokens.clone()),
        Meta::Path(_) | Meta::NameValue(_) => {
            Err(Error::new(span_of_path(attribute), format!("expected a list: write `#[event({example})]`")))
        }
    }
}

fn unknown_on_type(name: &str) -> String {
    if ON_FIELD.contains(&name) {
        return format!("`{name}` belongs on a field: write `#[event({name})]` above it");
    }
    format!("unknown attribute `{name}`{}", did_you_mean(name, ON_TYPE))
}

fn unknown_on_field(name: &str) -> String {
    if ON_TYPE.contains(&name) {
        return format!("`{name}` belongs on the type: write it in the `#[event(…)]` above the type");
    }
    format!("unknown attribute `{name}`; a field takes `added` or `added = expression`")
}

/// Reads the path of an event, also where a macro passed it as a type.
fn older(name: &str, input: ParseStream<'_>) -> syn::Result<Path> {
    let wrong = format!("expected the older version: write `{name} = OrderPlacedV1`");
    let mut older: Type = list::expect(input, &wrong)?;
    while let Type::Group(group) = older {
        older = *group.elem;
    }
    match older {
        Type::Path(path) if path.qself.is_none() && is_plain(&path.path) => Ok(path.path),
        other => Err(Error::new_spanned(other, wrong)),
    }
}

fn is_plain(path: &Path) -> bool {
    path.segments.iter().all(|segment| matches!(segment.arguments, PathArguments::None))
}

fn with(name: &Ident, input: ParseStream<'_>) -> syn::Result<With> {
    let wrong = "expected a function from the older version: write `with = self::function`";
    if at_end(input) {
        return Ok(With { name: name.clone(), function: None });
    }
    let function = value(name, input, "with = self::function", |input| list::expect(input, wrong))?;
    Ok(With { name: name.clone(), function: Some(function) })
}

fn added_value(name: &Ident, input: ParseStream<'_>) -> syn::Result<Added> {
    if at_end(input) {
        return Ok(Added { name: name.clone(), expression: None });
    }
    let expression = value(name, input, "added = expression", |input| input.parse())?;
    Ok(Added { name: name.clone(), expression: Some(expression) })
}
