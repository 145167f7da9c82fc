//! Attributes of nested types that make an event unsafe to evolve, though no schema shows it.

use std::path::{Path, PathBuf};

use serde_json::Value;
use syn::visit::Visit;
use syn::{Attribute, DeriveInput, Fields};

use super::{parts, parts_of_enum, plain, texts};
use crate::discover::event::Place;
use crate::discover::names::{Names, Part};
use crate::hazards;

/// An unsafe attribute on a type, or on a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hazard {
    /// The type's name in Rust.
    pub item: String,
    /// The field or variant, as it is called in Rust; `None` for the type itself.
    pub part: Option<String>,
    /// Where it is.
    pub place: Place,
    /// What is unsafe, in the words of the derive.
    pub what: String,
    /// What to write instead.
    pub help: String,
    /// The attribute or the type that it is about, as it stands at the place.
    pub about: String,
    /// The names on the wire of a struct's fields.
    pub names: Vec<String>,
}

impl Hazard {
    /// Whether the schema has a definition of the type.
    pub(in crate::discover) fn is_within(&self, schema: &Value) -> bool {
        let definitions = schema.get("$defs").and_then(Value::as_object);
        definitions.into_iter().flatten().any(|(name, definition)| {
            let named = name.trim_end_matches(|digit: char| digit.is_ascii_digit());
            let declared = self.names.is_empty() || declares(definition, &self.names);
            let right = if self.about == "untagged" { definition.get("anyOf").is_some() } else { declared };
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

    /// What an event does itself the compiler has told.
    fn item(&mut self, item: &DeriveInput, names: impl Fn(Option<&str>) -> Vec<String>) {
        if is_event(&item.attrs) {
            return;
        }
        for hazard in hazards::of(item, false, false) {
            let names = names(hazard.variant.as_deref());
            let line = u32::try_from(hazard.span.start().line).unwrap_or_default();
            let place = Place { file: self.file.clone(), line };
            let part = hazard.field.or(hazard.variant);
            let hazards::Hazard { about, what, help, .. } = hazard;
            self.all.push(Hazard { item: plain(&item.ident), part, place, what, help, about, names });
        }
    }
}

impl<'a> Visit<'a> for Hazards {
    fn visit_item_struct(&mut self, item: &'a syn::ItemStruct) {
        let all = Names::of(&texts(&item.attrs), &parts("", &item.fields)).parts;
        self.item(&item.clone().into(), |_| on_the_wire(&item.fields, all.iter()));
    }

    fn visit_item_enum(&mut self, item: &'a syn::ItemEnum) {
        let all = Names::of(&texts(&item.attrs), &parts_of_enum(item)).parts;
        self.item(&item.clone().into(), |name| {
            let variant = item.variants.iter().find(|variant| Some(plain(&variant.ident).as_str()) == name);
            let own = all.iter().filter(|part| part.named.variant.as_deref() == name);
            variant.map_or_else(Vec::new, |variant| on_the_wire(&variant.fields, own))
        });
    }
}

/// The names of fields that have one.
fn on_the_wire<'p>(fields: &Fields, parts: impl Iterator<Item = &'p Part>) -> Vec<String> {
    if !matches!(fields, Fields::Named(_)) {
        return Vec::new();
    }
    let read = parts.filter(|part| part.named.field.is_some() && !part.attributes.is_off_the_wire());
    read.map(|part| part.named.read.clone()).collect()
}

fn is_event(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("event"))
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
    fn a_hazard_is_found_with_its_line_and_in_the_words_of_the_derive() {
        let source = r#"
            #[serde(untagged)]
            enum OneOrMany { One(u8), Many(Vec<u8>) }
            struct Part {
                #[serde(skip_serializing_if = "Vec::is_empty")]
                tags: Vec<u8>,
                #[allow(deprecated)]
                twice: Option<Option<u8>>,
                #[serde(serialize_with = "secs")]
                time: Time,
            }
            #[event(type = "a.b", version = 1, keyless)]
            struct Event { told: Option<Option<u8>> }
        "#;
        let told: Vec<_> = found(source).into_iter().map(|it| (it.item, it.part, it.place.line, it.what)).collect();
        let named = |name: &str| Some(name.to_owned());
        let part = "Part".to_owned();
        assert_eq!(
            told,
            [
                (
                    "OneOrMany".to_owned(),
                    None,
                    2,
                    "is `untagged`: its variants are told by trying one after the other".to_owned()
                ),
                (
                    part.clone(),
                    named("tags"),
                    5,
                    "is left out by `skip_serializing_if` and has no default to be read without".to_owned()
                ),
                (
                    part,
                    named("time"),
                    9,
                    "is written or read by functions of its own, which the schema does not describe".to_owned()
                ),
            ]
        );
    }

    #[test]
    fn the_derive_and_we_have_one_list_of_reasons() {
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let derive = ours.join("../../event-macros/src");
        let files = ["settings", "fields", "names", "types", "words", "tests"].map(|file| format!("hazards/{file}.rs"));
        for file in files.iter().map(String::as_str).chain(["hazards.rs"]) {
            let [ours, theirs] = [&ours, &derive].map(|folder| std::fs::read_to_string(folder.join(file)).unwrap());
            assert!(ours == theirs, "`{file}` differs from event-macros: copy it");
        }
    }

    #[test]
    fn a_type_of_the_same_name_with_other_fields_is_another_type() {
        let source = r#"struct Part { #[serde(serialize_with = "secs")] time: Time, #[serde(skip)] cache: u8 }"#;
        let hazard = found(source).pop().unwrap();
        assert!(hazard.is_within(&json!({"$defs": {"Part": {"properties": {"time": {}}}}})));
        assert!(hazard.is_within(&json!({"$defs": {"Part2": {"properties": {"time": {}, "more": {}}}}})));
        assert!(!hazard.is_within(&json!({"$defs": {"Part": {"properties": {"x": {}}}}})));
        assert!(!hazard.is_within(&json!({"properties": {"time": {}}})));
    }
}
