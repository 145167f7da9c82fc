//! What serde does with an item and no schema says, or what it writes and can't read again: one list of reasons.
//!
//! The derive warns of it on the event's own item, at the attribute. schema-check reads the same of nested types, which
//! no derive of ours sees: this file and its folder stand in both crates, and a test holds them equal.

mod fields;
mod names;
mod settings;
mod types;
mod words;

#[cfg(test)]
mod tests;

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, Variant};

use fields::Scope;
use settings::Settings;
use words::Reason;

/// Something unsafe about an item.
#[derive(Debug, Clone)]
pub(crate) struct Hazard {
    /// The attribute or the type that it is about.
    pub(crate) about: String,
    /// Where that stands.
    pub(crate) span: Span,
    /// The variant, as it is called in Rust.
    pub(crate) variant: Option<String>,
    /// The field, as it is called in Rust, or its index.
    pub(crate) field: Option<String>,
    /// What is wrong with the item or the part of it.
    pub(crate) what: String,
    /// What to write instead.
    pub(crate) help: String,
}

/// Who writes and who reads an item.
#[derive(Debug, Clone, Copy)]
struct Sides {
    is_written: bool,
    is_read: bool,
}

/// Everything unsafe about an item: an event, or a type within one; `is_foreign`: it is never written.
/// `#[allow(deprecated)]` says that it is meant so.
pub(crate) fn of(item: &DeriveInput, is_event: bool, is_foreign: bool) -> Vec<Hazard> {
    let own = Settings::of(&item.attrs);
    if own.allowed {
        return Vec::new();
    }
    let is_read = !own.has("from") && !own.has("try_from");
    let sides = Sides { is_written: !is_foreign && !own.has("into"), is_read };
    let mut found = Vec::new();
    if is_event {
        of_event(&own, item, &mut found);
    }
    match &item.data {
        Data::Struct(data) => of_struct(&own, &data.fields, sides, &mut found),
        Data::Enum(data) => {
            of_enum(&own, &mut found);
            data.variants.iter().for_each(|variant| of_variant(&own, variant, sides, &mut found));
        }
        Data::Union(_) => {}
    }
    found
}

/// What serde implements nothing for, so that the compiler's words are about traits.
fn of_event(own: &Settings, item: &DeriveInput, found: &mut Vec<Hazard>) {
    let is_other =
        |remote: &settings::Setting| remote.text().is_some_and(|text| text != "Self" && item.ident.unraw() != text);
    if let Some(remote) = own.get("remote").filter(|remote| is_other(remote)) {
        found.push(Reason::Remote.hazard(remote.about(), remote.span(), None, None));
    }
    let Data::Struct(data) = &item.data else { return };
    for (at, field) in data.fields.iter().enumerate() {
        let name = field.ident.as_ref().map_or_else(|| at.to_string(), |ident| ident.unraw().to_string());
        let settings = Settings::of(&field.attrs);
        let borrow = settings.get("borrow");
        found.extend(borrow.map(|borrow| Reason::Borrow.hazard(borrow.about(), borrow.span(), None, Some(&name))));
    }
}

fn of_struct(own: &Settings, fields: &Fields, sides: Sides, found: &mut Vec<Hazard>) {
    if let (Some(tag), true) = (own.get("tag"), sides.is_written) {
        found.push(Reason::TagOnStruct.hazard(tag.about(), tag.span(), None, None));
    }
    let scope = Scope {
        container: own,
        variant: None,
        rules: [own.get("rename_all"), None],
        has_default: own.has("default"),
        is_buffered: false,
        is_tagged: false,
        sides,
    };
    scope.of_fields(fields, found);
}

/// Data without a tag says nothing of the variant that was written.
fn of_enum(own: &Settings, found: &mut Vec<Hazard>) {
    if let Some(untagged) = own.get("untagged") {
        found.push(Reason::Untagged.hazard(untagged.about(), untagged.span(), None, None));
    }
}

fn of_variant(own: &Settings, variant: &Variant, sides: Sides, found: &mut Vec<Hazard>) {
    let settings = Settings::of(&variant.attrs);
    if settings.allowed {
        return;
    }
    let name = variant.ident.unraw().to_string();
    let sides = Sides {
        is_written: sides.is_written && !settings.has("skip") && !settings.has("skip_serializing"),
        is_read: sides.is_read && !settings.has("skip") && !settings.has("skip_deserializing"),
    };
    let mut add = |reason: Reason, setting: &settings::Setting| {
        found.push(reason.hazard(setting.about(), setting.span(), Some(&name), None));
    };
    if let Some(untagged) = settings.get("untagged") {
        add(Reason::UntaggedVariant, untagged);
    }
    if let (Some(skipped), true) = (settings.get("skip_deserializing"), sides.is_written) {
        add(Reason::VariantNeverRead, skipped);
    }
    if let Some(custom) = fields::undescribed(&settings, sides) {
        add(Reason::Undescribed, custom);
    }
    if let (Some(identifier), false) = (own.get("field_identifier"), variant.fields.is_empty()) {
        add(Reason::Identifier, identifier);
    }
    if sides.is_written && sides.is_read && !settings.has("untagged") {
        let split = names::split(&settings, &name, [own.get("rename_all"), None], names::of_variant);
        found.extend(split.map(|split| split.hazard(Some(&name), None)));
    }
    let is_internal = own.has("tag") && !own.has("content");
    let scope = Scope {
        container: own,
        variant: Some(&name),
        rules: [settings.get("rename_all"), own.get("rename_all_fields")],
        has_default: false,
        is_buffered: is_internal || own.has("untagged") || settings.has("untagged"),
        is_tagged: is_internal && !settings.has("untagged"),
        sides,
    };
    if !fields::is_custom(&settings) {
        scope.of_fields(&variant.fields, found);
    }
}
