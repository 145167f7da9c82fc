//! What the derive saw of an event in the source.

use serde_json::{Value, json};

/// What the derive saw of the event in the source.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The Rust item's name.
    pub ident: &'static str,
    /// The file of the item, as the compiler names it.
    pub file: &'static str,
    /// The line of the item.
    pub line: u32,
    /// The module of the item.
    pub module: &'static str,
    /// The package that declares the event.
    pub package: Option<&'static str>,
    /// The folder of that package.
    pub manifest_dir: Option<&'static str>,
    /// The container's serde attributes, as text.
    pub attributes: &'static str,
    /// The key as written, empty for keyless events.
    pub key: &'static str,
    /// The older version's Rust type as written, empty for none.
    pub from: &'static str,
    /// The earlier wire type, empty for none.
    pub was: &'static str,
    /// The first version that was ever published.
    pub since: u32,
    /// Whether the version is only read.
    pub superseded: bool,
    /// Whether it is somebody else's event.
    pub foreign: bool,
    /// The oldest version whose reader understands this one; 0 for its own.
    pub readable_since: u32,
    /// The version of the twin that is published beside it; 0 for none.
    pub also: u32,
    /// Versions whose Rust type is gone: they are read through a function on a JSON value.
    pub from_schema: &'static [u32],
    /// Whether consumers are asked to leave the event.
    pub deprecated: bool,
    /// Since when, empty for not told.
    pub deprecated_from: &'static str,
    /// When it ends, empty for not told.
    pub deprecated_sunset: &'static str,
    /// Where to read what to use instead, empty for not told.
    pub deprecated_migration: &'static str,
    /// Fields and variants, `order_id 14 serde (default)`: name, line, serde attributes; U+001F is between them.
    pub fields: &'static str,
}

impl Source {
    /// Nothing known: what a registration leaves out.
    pub const NONE: Self = Self {
        ident: "",
        file: "",
        line: 0,
        module: "",
        package: None,
        manifest_dir: None,
        attributes: "",
        key: "",
        from: "",
        was: "",
        since: 1,
        superseded: false,
        foreign: false,
        readable_since: 0,
        also: 0,
        from_schema: &[],
        deprecated: false,
        deprecated_from: "",
        deprecated_sunset: "",
        deprecated_migration: "",
        fields: "",
    };

    /// As JSON, under the names of the fields.
    pub(super) fn describe(&self) -> Value {
        json!({
            "ident": self.ident, "file": self.file, "line": self.line, "module": self.module,
            "package": self.package, "manifest_dir": self.manifest_dir, "attributes": self.attributes,
            "key": self.key, "from": self.from, "was": self.was, "since": self.since,
            "superseded": self.superseded, "foreign": self.foreign, "fields": fields(self.fields),
            "readable_since": self.readable_since, "also": self.also, "from_schema": self.from_schema,
            "deprecated": self.deprecated, "deprecated_from": self.deprecated_from,
            "deprecated_sunset": self.deprecated_sunset, "deprecated_migration": self.deprecated_migration,
        })
    }
}

/// Name, line and attributes of each.
fn fields(text: &str) -> Vec<(&str, u32, &str)> {
    text.split('\u{1f}').filter(|field| !field.is_empty()).map(field).collect()
}

fn field(text: &str) -> (&str, u32, &str) {
    let mut parts = text.splitn(3, ' ');
    let mut part = || parts.next().unwrap_or_default();
    (part(), part().parse().unwrap_or_default(), part())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_one_text_are_told_apart() {
        let text = "a 3\u{1f}B 4 serde (rename = \"b c\")\u{1f}B.0 5 serde (default)\nserde (alias = \"x\")";
        let found =
            [("a", 3, ""), ("B", 4, "serde (rename = \"b c\")"), ("B.0", 5, "serde (default)\nserde (alias = \"x\")")];
        assert_eq!(fields(text), found);
        assert_eq!(fields(""), []);
    }
}
