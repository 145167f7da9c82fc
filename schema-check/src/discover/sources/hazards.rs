//! Attributes of nested types that make an event unsafe to evolve, though no schema shows it.

use std::path::{Path, PathBuf};

use serde_json::Value;
use syn::visit::Visit;
use syn::{Attribute, Field};

use super::{line, parts, parts_of_enum, plain, texts};
use crate::discover::event::Place;
use crate::discover::names::Names;
use crate::discover::serde_attributes::SerdeAttributes;

/// What is unsafe about an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unsafe {
    /// Variants are told by trying one after the other.
    Untagged,
    /// What is left out when written has to be there when read.
    SkippedWithoutDefault,
    /// The schema describes the type, not what a function of the user's reads or writes.
    Undescribed,
}

/// An unsafe attribute on a type, or on a field of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hazard {
    /// The type's name in Rust.
    pub item: String,
    /// The field or variant, as it is called in Rust; `None` for the type itself.
    pub part: Option<String>,
    /// Where it is.
    pub place: Place,
    /// What is unsafe.
    pub kind: Unsafe,
    /// The names on the wire of a struct's fields.
    pub names: Vec<String>,
}

impl Hazard {
    /// Whether the schema has a definition of the type.
    pub(in crate::discover) fn is_within(&self, schema: &Value) -> bool {
        let definitions = schema.get("$defs").and_then(Value::as_object);
        definitions.into_iter().flatten().any(|(name, definition)| {
            let named = name.trim_end_matches(|digit: char| digit.is_ascii_digit());
            let right = match self.kind {
                Unsafe::Untagged => definition.get("anyOf").is_some(),
                _ => self.names.is_empty() || declares(definition, &self.names),
            };
            (named == self.item || *name == self.item) && right
        })
    }
}

/// Whether some object within has all of these keys.
fn declares(schema: &Value, names: &[String]) -> bool {
    let has = |field: &String| schema.get("properties").is_some_and(|all| all.get(field).is_some());
    names.iter().all(has)
        || match schema {
            Value::Object(object) => object.values().any(|child| declares(child, names)),
            Value::Array(items) => items.iter().any(|child| declares(child, names)),
            _ => false,
        }
}

/// Those of all files.
pub(super) struct Hazards {
    root: PathBuf,
    file: String,
    pub(super) all: Vec<Hazard>,
}

impl Hazards {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), file: String::new(), all: Vec::new() }
    }

    pub(super) fn file(&mut self, path: &Path, file: &syn::File) {
        self.file = path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        self.visit_file(file);
    }

    fn add(&mut self, item: &syn::Ident, part: Option<String>, line: u32, kind: Unsafe, names: &[String]) {
        let place = Place { file: self.file.clone(), line };
        self.all.push(Hazard { item: plain(item), part, place, kind, names: names.to_vec() });
    }

    fn fields<'f>(
        &mut self,
        item: &syn::Ident,
        default: bool,
        fields: impl Iterator<Item = &'f Field>,
        names: &[String],
    ) {
        for (at, field) in fields.enumerate() {
            let attributes = SerdeAttributes::parse(&texts(&field.attrs));
            let name = field.ident.as_ref().map_or_else(|| at.to_string(), plain);
            let place = field.ident.as_ref().map_or_else(|| line(&field.ty), line);
            let has_default = default || attributes.default || is_option(&field.ty) && !attributes.custom_reader;
            if attributes.skipped_if && !has_default {
                self.add(item, Some(name.clone()), place, Unsafe::SkippedWithoutDefault, names);
            }
            if (attributes.custom_reader || attributes.custom_writer) && !is_described(&field.attrs) {
                self.add(item, Some(name), place, Unsafe::Undescribed, names);
            }
        }
    }
}

impl<'a> Visit<'a> for Hazards {
    fn visit_item_struct(&mut self, item: &'a syn::ItemStruct) {
        let own = SerdeAttributes::parse(&texts(&item.attrs));
        let parts = Names::of(&texts(&item.attrs), &parts("", &item.fields)).parts;
        let on_the_wire = parts.iter().filter(|part| !part.attributes.is_off_the_wire());
        let names: Vec<String> = match &item.fields {
            syn::Fields::Named(_) => on_the_wire.map(|part| part.named.read.clone()).collect(),
            _ => Vec::new(),
        };
        self.fields(&item.ident, own.default, item.fields.iter(), &names);
    }

    fn visit_item_enum(&mut self, item: &'a syn::ItemEnum) {
        let own = SerdeAttributes::parse(&texts(&item.attrs));
        if own.untagged {
            self.add(&item.ident, None, line(&item.ident), Unsafe::Untagged, &[]);
        }
        let parts = Names::of(&texts(&item.attrs), &parts_of_enum(item)).parts;
        for part in parts.iter().filter(|part| part.named.field.is_none() && part.attributes.untagged) {
            self.add(&item.ident, part.named.variant.clone(), part.named.line, Unsafe::Untagged, &[]);
        }
        for variant in &item.variants {
            let name = plain(&variant.ident);
            let own = parts.iter().filter(|part| part.named.variant.as_deref() == Some(&name));
            let on_the_wire = own.filter(|part| part.named.field.is_some() && !part.attributes.is_off_the_wire());
            let names: Vec<String> = match &variant.fields {
                syn::Fields::Named(_) => on_the_wire.map(|part| part.named.read.clone()).collect(),
                _ => Vec::new(),
            };
            self.fields(&item.ident, false, variant.fields.iter(), &names);
        }
    }
}

fn is_option(kind: &syn::Type) -> bool {
    matches!(kind, syn::Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Option"))
}

/// Whether the field says to schemars what is on the wire.
fn is_described(attributes: &[Attribute]) -> bool {
    let of_schemars = attributes.iter().filter(|attribute| attribute.path().is_ident("schemars"));
    of_schemars.filter_map(|attribute| attribute.meta.require_list().ok()).any(|list| {
        let words = list.tokens.to_string();
        ["with", "schema_with"].iter().any(|word| words.split_whitespace().any(|said| said == *word))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(source: &str) -> Vec<Hazard> {
        let mut hazards = Hazards::new(Path::new("/project"));
        hazards.file(Path::new("/project/src/lib.rs"), &syn::parse_file(source).unwrap());
        hazards.all
    }

    #[test]
    fn each_kind_is_found_with_its_line() {
        let source = r#"
            #[serde(untagged)]
            enum OneOrMany { One(u8), Many(Vec<u8>) }
            struct Part {
                #[serde(skip_serializing_if = "Vec::is_empty")]
                tags: Vec<u8>,
                #[serde(skip_serializing_if = "Vec::is_empty", default)]
                fine: Vec<u8>,
                #[serde(skip_serializing_if = "Option::is_none")]
                fine_too: Option<u8>,
                #[serde(with = "secs")]
                time: Time,
                #[serde(with = "secs")]
                #[schemars(with = "u64")]
                described: Time,
            }
        "#;
        let told: Vec<_> = found(source).into_iter().map(|it| (it.item, it.part, it.place.line, it.kind)).collect();
        let named = |name: &str| Some(name.to_owned());
        assert_eq!(
            told,
            [
                ("OneOrMany".to_owned(), None, 3, Unsafe::Untagged),
                ("Part".to_owned(), named("tags"), 6, Unsafe::SkippedWithoutDefault),
                ("Part".to_owned(), named("time"), 12, Unsafe::Undescribed),
            ]
        );
    }

    #[test]
    fn a_type_of_the_same_name_with_other_fields_is_another_type() {
        let source = r#"struct Part { #[serde(with = "secs")] time: Time, #[serde(skip)] cache: u8 }"#;
        let hazard = found(source).pop().unwrap();
        assert!(hazard.is_within(&json!({"$defs": {"Part": {"properties": {"time": {}}}}})));
        assert!(hazard.is_within(&json!({"$defs": {"Part2": {"properties": {"time": {}, "more": {}}}}})));
        assert!(!hazard.is_within(&json!({"$defs": {"Part": {"properties": {"x": {}}}}})));
        assert!(!hazard.is_within(&json!({"properties": {"time": {}}})));
    }
}
