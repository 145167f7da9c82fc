//! The fields that `key` names: they are there, in every variant, and they can be a key.

use proc_macro2::Span;
use syn::{Member, Type};

use crate::attr::{name_of, span_of};
use crate::model::{Body, EventModel, Field, Variant};
use crate::problems::Problems;
use crate::suggest::did_you_mean;

/// Every check of the key.
pub(super) fn all(problems: &Problems, model: &EventModel<'_>) {
    for key in model.attrs.key.given().map_or(&[][..], |key| key.fields()) {
        match &model.body {
            Body::Struct(fields) => in_struct(problems, key, fields),
            Body::Enum(variants) => in_enum(problems, key, variants),
            Body::Union(_) => {}
        }
    }
}

fn in_struct(problems: &Problems, key: &Member, fields: &[Field<'_>]) {
    match find(fields, key) {
        Some(field) => type_of(problems, key, field),
        None => problems.at(span_of(key), missing(key, fields.iter().map(Field::name).collect())),
    }
}

fn in_enum(problems: &Problems, key: &Member, variants: &[Variant<'_>]) {
    if variants.iter().all(|variant| find(&variant.fields, key).is_none()) {
        let names = variants.iter().flat_map(|variant| variant.fields.iter().map(Field::name)).collect();
        return problems.at(span_of(key), missing(key, names));
    }
    for variant in variants.iter().filter(|variant| find(&variant.fields, key).is_none()) {
        problems.at(variant.ident.span(), missing_in(variant, key));
    }
    if let Some(field) = variants.iter().filter_map(|v| find(&v.fields, key)).find(|field| refused(field.ty).is_some())
    {
        type_of(problems, key, field);
    }
}

fn find<'f, 'a>(fields: &'f [Field<'a>], key: &Member) -> Option<&'f Field<'a>> {
    fields.iter().find(|field| field.name() == name_of(key))
}

fn missing(key: &Member, names: Vec<String>) -> String {
    let name = name_of(key);
    let meant = did_you_mean(&name, names.iter().map(String::as_str));
    match (meant.is_empty(), names.is_empty()) {
        (false, _) => format!("there is no field `{name}`{meant}"),
        (true, true) => format!("there is no field `{name}`; write `keyless`, or `key = self::function`"),
        (true, false) => format!("there is no field `{name}`; the fields are {}", listed(&names)),
    }
}

fn missing_in(variant: &Variant<'_>, key: &Member) -> String {
    let (name, names) = (name_of(key), variant.fields.iter().map(Field::name).collect::<Vec<_>>());
    let meant = did_you_mean(&name, names.iter().map(String::as_str));
    format!("`{}` has no field `{name}`, the key, which every variant needs{meant}", variant.ident)
}

fn listed(names: &[String]) -> String {
    let mut listed: Vec<String> = Vec::new();
    for name in names.iter().map(|name| format!("`{name}`")) {
        if !listed.contains(&name) {
            listed.push(name);
        }
    }
    listed.join(", ")
}

fn type_of(problems: &Problems, key: &Member, field: &Field<'_>) {
    if let Some(wrong) = refused(field.ty) {
        let span: Span = span_of(key);
        problems
            .at(span, format!("{wrong}; name another field or a function, `key = self::function`, or write `keyless`"));
    }
}

/// Why a type can't be a key, judged by its last word: what is no `Display` is refused by the compiler.
fn refused(ty: &Type) -> Option<&'static str> {
    let name = match ty {
        Type::Group(group) => return refused(&group.elem),
        Type::Paren(paren) => return refused(&paren.elem),
        Type::Path(path) => path.path.segments.last()?.ident.to_string(),
        _ => return None,
    };
    match name.as_str() {
        "Option" => Some("an optional field is no key, as every event needs one"),
        "f32" | "f64" => Some("a float is no key, as its text isn't stable"),
        "bool" => Some("a `bool` is no key, as it orders all events in two lines"),
        _ => None,
    }
}
