//! Where the types are declared that an event's schema has definitions of.

use std::path::{Path, PathBuf};

use serde_json::Value;
use syn::visit::Visit;

use super::{parts, parts_of_enum, plain, texts};
use crate::discover::event::Field;
use crate::discover::names::Names;

/// A nested type of an event, and its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nested {
    /// What the definition is called in the schema.
    pub definition: String,
    /// The file of the type.
    pub file: String,
    /// Its fields and variants.
    pub fields: Vec<Field>,
}

/// A type of the sources.
#[derive(Debug)]
pub(in crate::discover) struct Item {
    name: String,
    file: String,
    fields: Vec<Field>,
    /// The names on the wire that a definition of it has.
    names: Vec<String>,
}

impl Item {
    /// Whether a definition describes it.
    fn is(&self, name: &str, definition: &Value) -> bool {
        let named = name == self.name || name.trim_end_matches(|digit: char| digit.is_ascii_digit()) == self.name;
        named && !self.names.is_empty() && self.names.iter().all(|name| mentions(definition, name))
    }
}

/// Each definition that exactly one type of the sources can be.
pub(in crate::discover) fn nested(items: &[Item], schema: &Value) -> Vec<Nested> {
    let definitions = schema.get("$defs").and_then(Value::as_object);
    let mut found = Vec::new();
    for (name, definition) in definitions.into_iter().flatten() {
        let mut fitting = items.iter().filter(|item| item.is(name, definition));
        if let (Some(item), None) = (fitting.next(), fitting.next()) {
            let (definition, file) = (name.clone(), item.file.clone());
            found.push(Nested { definition, file, fields: item.fields.clone() });
        }
    }
    found
}

fn mentions(schema: &Value, name: &str) -> bool {
    match schema {
        Value::String(text) => text == name,
        Value::Object(object) => object.iter().any(|(key, child)| key == name || mentions(child, name)),
        Value::Array(items) => items.iter().any(|item| mentions(item, name)),
        _ => false,
    }
}

/// The types of all files.
pub(super) struct Items {
    root: PathBuf,
    file: String,
    pub(super) all: Vec<Item>,
}

impl Items {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), file: String::new(), all: Vec::new() }
    }

    pub(super) fn file(&mut self, path: &Path, file: &syn::File) {
        self.file = path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        self.visit_file(file);
    }

    fn add(&mut self, ident: &syn::Ident, attributes: &[syn::Attribute], parts: &[(String, u32, String)]) {
        let names = Names::of(&texts(attributes), parts);
        let on_the_wire =
            names.parts.iter().filter(|part| !part.attributes.is_off_the_wire() && !names.container.untagged);
        let on_the_wire = on_the_wire.map(|part| part.named.read.clone()).filter(|name| name.parse::<usize>().is_err());
        let names_on_the_wire = on_the_wire.collect();
        let (name, file) = (plain(ident), self.file.clone());
        self.all.push(Item { name, file, fields: names.fields(), names: names_on_the_wire });
    }
}

impl<'a> Visit<'a> for Items {
    fn visit_item_struct(&mut self, item: &'a syn::ItemStruct) {
        self.add(&item.ident, &item.attrs, &parts("", &item.fields));
    }

    fn visit_item_enum(&mut self, item: &'a syn::ItemEnum) {
        self.add(&item.ident, &item.attrs, &parts_of_enum(item));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_definition_is_the_one_type_that_fits() {
        let mut items = Items::new(Path::new("/project"));
        let source = r#"
            mod a { #[serde(rename_all = "camelCase")] struct Line { unit_price: u8 } enum Kind { A { x: u8 }, B } }
            mod b { struct Line { sku: String } struct Twice { z: u8 } }
            mod c { struct Twice { z: u8 } }
        "#;
        items.file(Path::new("/project/src/parts.rs"), &syn::parse_file(source).unwrap());
        let definition = |name: &str| json!({"properties": {name: {}}});
        let schema = json!({"$defs": {
            "Line": definition("unitPrice"), "Line2": definition("sku"), "Twice": definition("z"), "Other": definition("q"),
            "Kind": {"oneOf": [{"enum": ["B"]}, {"properties": {"A": {"properties": {"x": {}}}}}]}
        }});
        let found = nested(&items.all, &schema);
        let told: Vec<_> = found.iter().map(|it| (it.definition.as_str(), it.fields.first().unwrap().line)).collect();
        assert_eq!(told, [("Kind", 2), ("Line", 2), ("Line2", 3)]);
        assert!(found.iter().all(|it| it.file == "src/parts.rs"));
    }
}
