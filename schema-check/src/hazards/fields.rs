//! What is unsafe about the fields of a struct or of a variant.

use syn::ext::IdentExt;
use syn::{Field, Fields};

use super::settings::{Setting, Settings};
use super::types;
use super::words::Reason;
use super::{Hazard, Sides, names};

/// What holds for all fields beside each other.
pub(super) struct Scope<'a> {
    pub(super) container: &'a Settings,
    pub(super) variant: Option<&'a str>,
    /// The settings that rename them, the nearest first.
    pub(super) rules: [Option<&'a Setting>; 2],
    /// An absent field has the container's default.
    pub(super) has_default: bool,
    /// serde keeps what it reads in a buffer of its own.
    pub(super) is_buffered: bool,
    /// A tag is written into the value of a newtype.
    pub(super) is_tagged: bool,
    pub(super) sides: Sides,
}

impl Scope<'_> {
    pub(super) fn of_fields(&self, fields: &Fields, found: &mut Vec<Hazard>) {
        let is_tuple = matches!(fields, Fields::Unnamed(_)) && fields.len() > 1;
        for (at, field) in fields.iter().enumerate() {
            let settings = Settings::of(&field.attrs);
            if settings.allowed || settings.has("skip") {
                continue;
            }
            let name = field.ident.as_ref().map_or_else(|| at.to_string(), |ident| ident.unraw().to_string());
            let of = FieldScope { scope: self, field, name, settings: &settings };
            match fields {
                Fields::Unnamed(_) if is_tuple => of.in_tuple(found),
                Fields::Unnamed(_) => of.in_newtype(found),
                _ => of.by_name(found),
            }
            of.of_any(found);
        }
    }
}

struct FieldScope<'a> {
    scope: &'a Scope<'a>,
    field: &'a Field,
    name: String,
    settings: &'a Settings,
}

impl FieldScope<'_> {
    fn sides(&self) -> Sides {
        Sides {
            is_written: self.scope.sides.is_written && !self.settings.has("skip_serializing"),
            is_read: self.scope.sides.is_read && !self.settings.has("skip_deserializing"),
        }
    }

    fn add(&self, found: &mut Vec<Hazard>, reason: Reason, setting: &Setting) {
        found.push(reason.hazard(setting.about(), setting.span(), self.scope.variant, Some(&self.name)));
    }

    /// Whether it is read where it is absent.
    fn is_optional(&self) -> bool {
        let default = self.scope.has_default || self.settings.has("default") || self.settings.has("flatten");
        default || self.is_option() && !is_custom_reader(self.settings)
    }

    /// Also under another name: what is asked whether it is `None` is an `Option`, or reads like one.
    fn is_option(&self) -> bool {
        let asked = self.settings.get("skip_serializing_if").and_then(Setting::text);
        types::is_option(&self.field.ty) || asked.is_some_and(|function| function.ends_with("Option::is_none"))
    }

    fn by_name(&self, found: &mut Vec<Hazard>) {
        let Sides { is_written, is_read } = self.sides();
        if let (Some(skipped), true) = (self.settings.get("skip_serializing_if"), is_written && is_read)
            && !self.is_optional()
        {
            self.add(found, Reason::SkippedWithoutDefault, skipped);
        }
        if let (Some(skipped), true) = (self.settings.get("skip_serializing"), self.scope.sides.is_written && is_read)
            && !self.is_optional()
        {
            self.add(found, Reason::NeverWritten, skipped);
        }
        let denies = self.scope.container.has("deny_unknown_fields");
        if let (Some(skipped), true) = (self.settings.get("skip_deserializing"), denies && is_written) {
            self.add(found, Reason::WrittenAndDenied, skipped);
        }
        if let (Some(flatten), true) = (self.settings.get("flatten"), denies && is_read) {
            self.add(found, Reason::FlattenDenied, flatten);
        }
        if is_written && is_read && !self.settings.has("flatten") {
            let split = names::split(self.settings, &self.name, self.scope.rules, names::of_field);
            found.extend(split.map(|split| split.hazard(self.scope.variant, Some(&self.name))));
        }
    }

    /// The items of a tuple have no names: where one is left out, those after it move up.
    fn in_tuple(&self, found: &mut Vec<Hazard>) {
        let Sides { is_written, is_read } = self.sides();
        for name in ["skip_serializing_if", "skip_serializing"] {
            if let (Some(skipped), true) = (self.settings.get(name), self.scope.sides.is_written && is_read) {
                self.add(found, Reason::SkippedInTuple, skipped);
            }
        }
        if let (Some(skipped), true) = (self.settings.get("skip_deserializing"), is_written) {
            self.add(found, Reason::SkippedInTuple, skipped);
        }
    }

    /// The value of a newtype stands for the whole.
    fn in_newtype(&self, found: &mut Vec<Hazard>) {
        if self.scope.is_tagged && self.sides().is_written && !is_custom(self.settings) {
            let untaggable = types::untaggable(&self.field.ty);
            found.extend(
                untaggable
                    .map(|(about, span)| Reason::Untaggable.hazard(about, span, self.scope.variant, Some(&self.name))),
            );
        }
    }

    fn of_any(&self, found: &mut Vec<Hazard>) {
        if let Some(custom) = undescribed(self.settings, self.sides()) {
            self.add(found, Reason::Undescribed, custom);
        }
        if is_custom(self.settings) {
            return;
        }
        let is_buffered = self.sides().is_read && (self.scope.is_buffered || self.settings.has("flatten"));
        let hazards = types::of(&self.field.ty, is_buffered, self.sides().is_written);
        found.extend(
            hazards
                .into_iter()
                .map(|(reason, about, span)| reason.hazard(about, span, self.scope.variant, Some(&self.name))),
        );
    }
}

/// Functions of the user's on both sides, or on one.
pub(super) fn is_custom(settings: &Settings) -> bool {
    is_custom_reader(settings) || settings.has("serialize_with")
}

fn is_custom_reader(settings: &Settings) -> bool {
    settings.has("with") || settings.has("deserialize_with")
}

/// A function of the user's that the schema doesn't know. `with` alone is known: schemars takes it for a type with a
/// schema, and compiles nothing else.
pub(super) fn undescribed(settings: &Settings, sides: Sides) -> Option<&Setting> {
    if settings.is_described {
        return None;
    }
    let writer = settings.get("serialize_with").filter(|_| sides.is_written);
    writer.or_else(|| settings.get("deserialize_with").filter(|_| sides.is_read))
}
