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
    let schema = match finding.role {
        Role::Writer => &now.writer,
        Role::Reader => &now.reader,
    };
    let names = names_in(schema.pointer(&finding.pointer)?);
    let variants = event.fields.iter().filter(|field| field.field.is_none());
    let named = |field: &&Field| names.iter().any(|name| name == wire(field, finding.role));
    variants.into_iter().find(named)
}

fn names_in(schema: &Value) -> Vec<String> {
    let constant = |schema: &Value| schema.get("const").and_then(Value::as_str).map(str::to_owned);
    let mut names: Vec<String> = schema.as_str().map(str::to_owned).into_iter().chain(constant(schema)).collect();
    for (name, schema) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        names.extend(constant(schema).or_else(|| Some(name.clone())));
    }
    names
}
