//! The Rust line of a finding: its field or variant by the name on the wire, else the item's.

use serde_json::Value;

use crate::discover::{Event, Field, Place};
use crate::files::Revision;
use crate::finding::{Finding, Role, Side};

/// Where the code has to be changed, and what the field or variant there is called in Rust.
pub(super) fn of(event: &Event, now: &Revision, finding: &Finding) -> (Place, Option<String>) {
    let part = by_path(event, finding).or_else(|| by_place(event, now, finding));
    let line = part.map_or(event.place.line, |part| part.line);
    let token = part.and_then(|part| part.field.clone().or_else(|| part.variant.clone()));
    (Place { file: event.place.file.clone(), line }, token)
}

/// Where a nested type has to be changed, and what the field or variant is called there.
pub(super) fn nested(event: &Event, now: &Revision, finding: &Finding) -> Option<(Place, String)> {
    let (definition, rest) = finding.pointer.strip_prefix("/$defs/")?.split_once('/')?;
    let nested = event.nested.iter().find(|nested| nested.definition == plain(definition))?;
    let mut tokens = rest.rsplit('/');
    let property = tokens.next().filter(|_| tokens.next() == Some("properties")).map(plain);
    let named = |field: &&Field| field.field.is_some() && property.as_deref() == Some(wire(field, finding.role));
    let names = if finding.side == Side::New { names_at(now, finding) } else { Vec::new() };
    let variant = |field: &&Field| field.field.is_none() && names.iter().any(|name| name == wire(field, finding.role));
    let part = nested.fields.iter().find(named).or_else(|| nested.fields.iter().find(variant))?;
    let token = part.field.clone().or_else(|| part.variant.clone())?;
    Some((Place { file: nested.file.clone(), line: part.line }, token))
}

fn plain(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

fn wire(field: &Field, role: Role) -> &str {
    match role {
        Role::Writer => &field.written,
        Role::Reader => &field.read,
    }
}

/// `total.currency` and `lines[].sku` lead to `total` and `lines`; in an enum the first part may name the variant.
fn by_path<'a>(event: &'a Event, finding: &Finding) -> Option<&'a Field> {
    let path = finding.field.as_deref()?;
    let parts: Vec<&str> = path.split(['.', '[']).collect();
    let first = parts.first()?;
    let second = parts.get(1);
    let named = |name: &str, variant: Option<&str>| {
        let fields = event.fields.iter().filter(|field| field.field.is_some());
        fields
            .filter(|field| variant.is_none_or(|variant| field.variant.as_deref() == Some(variant)))
            .find(|field| wire(field, finding.role) == name)
    };
    let variant = event.fields.iter().find(|field| field.field.is_none() && wire(field, finding.role) == *first);
    match variant {
        Some(variant) => second.and_then(|field| named(field, variant.variant.as_deref())).or(Some(variant)),
        None => named(first, None),
    }
}

/// A branch of a union names its variant by a constant, a tag or its only property.
fn by_place<'a>(event: &'a Event, now: &Revision, finding: &Finding) -> Option<&'a Field> {
    if finding.side == Side::Old {
        return None;
    }
    let names = names_at(now, finding);
    let variants = event.fields.iter().filter(|field| field.field.is_none());
    let named = |field: &&Field| names.iter().any(|name| name == wire(field, finding.role));
    variants.into_iter().find(named)
}

fn names_at(now: &Revision, finding: &Finding) -> Vec<String> {
    let schema = match finding.role {
        Role::Writer => &now.writer,
        Role::Reader => &now.reader,
    };
    schema.pointer(&finding.pointer).map(names_in).unwrap_or_default()
}

fn names_in(schema: &Value) -> Vec<String> {
    let constant = |schema: &Value| schema.get("const").and_then(Value::as_str).map(str::to_owned);
    let mut names: Vec<String> = schema.as_str().map(str::to_owned).into_iter().chain(constant(schema)).collect();
    for (name, schema) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        names.extend(constant(schema).or_else(|| Some(name.clone())));
    }
    names
}
