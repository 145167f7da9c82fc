//! An event as the code has it now.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::facts;
use super::names::Names;
use super::program::Decoder;
use super::project::Project;
use super::sources::{Hazard, Nested};
use crate::error::CannotRun;
use crate::learn::Missed;

/// An event that was discovered, with its two schemas.
#[derive(Debug, Clone)]
pub struct Event {
    /// The wire type.
    pub event_type: String,
    /// The version.
    pub event_version: u32,
    /// What the key is within.
    pub aggregate: String,
    /// The key as written; `None` for keyless events.
    pub key: Option<String>,
    /// The earlier wire type.
    pub was: Option<String>,
    /// The first version that was published.
    pub since: u32,
    /// Whether it is only read.
    pub superseded: bool,
    /// Whether it is somebody else's.
    pub foreign: bool,
    /// The oldest version whose reader understands it, where the code says so.
    pub readable_since: Option<u32>,
    /// Versions without a Rust type, which it reads through a function on a JSON value.
    pub from_schema: Vec<u32>,
    /// What it says of its end, where it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// Every type and version that can be read as it, the newest first.
    pub shapes: Vec<(String, u32)>,
    /// Where the item is.
    pub place: Place,
    /// The folder of the package that declares it.
    pub package_dir: PathBuf,
    /// Fields and variants, with their lines and names on the wire.
    pub fields: Vec<Field>,
    /// What serde writes.
    pub writer: Value,
    /// What serde reads.
    pub reader: Value,
    /// What the schemas don't say: aliases, `other`, unknown fields denied.
    pub facts: Vec<Value>,
    /// Places of which its decoder accepted no value that we tried.
    pub missed: Vec<Missed>,
    /// Values of leaves that its decoder accepts where it refuses the plainest, by the writer's pointers.
    pub chosen: BTreeMap<String, Value>,
    /// Where its nested types are declared.
    pub nested: Vec<Nested>,
    /// Attributes of nested types that make it unsafe to evolve.
    pub hazards: Vec<Hazard>,
    /// Who decodes it.
    pub decoder: Decoder,
}

/// What CloudEvents' deprecation attributes say of an event; empty where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deprecated {
    /// Since when.
    pub from: String,
    /// When it ends.
    pub sunset: String,
    /// Where to read what to use instead.
    pub migration: String,
}

/// A line in a Rust file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Relative to the workspace where the file is inside of it.
    pub file: String,
    /// Counted from 1.
    pub line: u32,
}

/// A field or a variant of an event's own item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The variant's name, `None` for a struct.
    pub variant: Option<String>,
    /// The field's name, `None` for a variant itself.
    pub field: Option<String>,
    /// Its line.
    pub line: u32,
    /// Its name as it is written.
    pub written: String,
    /// Its name as it is read.
    pub read: String,
}

/// What a program says of an event.
#[derive(Debug, Deserialize)]
pub(super) struct Raw {
    event_type: String,
    event_version: u32,
    aggregate: String,
    source: RawSource,
    #[serde(default)]
    shapes: Vec<(String, u32)>,
    writer: Option<Value>,
    reader: Option<Value>,
    panic: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RawSource {
    pub(super) ident: String,
    file: String,
    line: u32,
    manifest_dir: Option<PathBuf>,
    pub(super) attributes: String,
    key: String,
    was: String,
    since: u32,
    superseded: bool,
    #[serde(default)]
    foreign: bool,
    #[serde(default)]
    readable_since: u32,
    #[serde(default)]
    from_schema: Vec<u32>,
    #[serde(default)]
    deprecated: bool,
    #[serde(default)]
    deprecated_from: String,
    #[serde(default)]
    deprecated_sunset: String,
    #[serde(default)]
    deprecated_migration: String,
    pub(super) fields: Vec<(String, u32, String)>,
}

impl Event {
    pub(super) fn from_program(project: &Project, raw: &Raw, decoder: Decoder) -> Result<Self, CannotRun> {
        let source = &raw.source;
        let (Some(writer), Some(reader)) = (&raw.writer, &raw.reader) else {
            return Err(panicked(raw));
        };
        let names = Names::of(&source.attributes, &source.fields);
        let package_dir = source.manifest_dir.clone().unwrap_or_default();
        Ok(Self {
            event_type: raw.event_type.clone(),
            event_version: raw.event_version,
            aggregate: raw.aggregate.clone(),
            key: Some(source.key.clone()).filter(|key| !key.is_empty()),
            was: Some(source.was.clone()).filter(|was| !was.is_empty()),
            since: source.since,
            superseded: source.superseded,
            foreign: source.foreign,
            readable_since: Some(source.readable_since).filter(|since| *since > 0),
            from_schema: source.from_schema.clone(),
            deprecated: source.deprecated(),
            shapes: raw.shapes.clone(),
            place: Place { file: shown(project, &package_dir, &source.file), line: source.line },
            package_dir,
            facts: facts::of_item(&names, reader),
            fields: names.fields(),
            writer: writer.clone(),
            reader: reader.clone(),
            hazards: Vec::new(),
            nested: Vec::new(),
            missed: Vec::new(),
            chosen: BTreeMap::new(),
            decoder,
        })
    }

    /// The key by the names on the wire: renaming a Rust field doesn't change it.
    #[must_use]
    pub fn wire_key(&self) -> Option<String> {
        let wire = |name: &str| {
            let field = self.fields.iter().find(|field| field.field.as_deref() == Some(name));
            field.map_or_else(|| name.to_owned(), |field| field.written.clone())
        };
        let key = self.key.as_deref()?;
        let joined = key.strip_prefix('(').and_then(|key| key.strip_suffix(')'));
        Some(match joined {
            Some(parts) => {
                format!("({})", parts.split(',').map(|part| wire(part.trim())).collect::<Vec<_>>().join(", "))
            }
            None => wire(key),
        })
    }

    /// How many steps lead from a version to this one; `None` where none do.
    #[must_use]
    pub(crate) fn reads_at(&self, event_type: &str, event_version: u32) -> Option<usize> {
        self.shapes.iter().position(|(known, version)| known == event_type && *version == event_version)
    }

    /// Whether both are one item, seen in two programs.
    pub(super) fn is_same_item(&self, other: &Self) -> bool {
        self.order() == other.order()
    }

    /// How events are listed.
    pub(super) fn order(&self) -> (&str, u32, &Place) {
        (&self.event_type, self.event_version, &self.place)
    }
}

impl RawSource {
    fn deprecated(&self) -> Option<Deprecated> {
        self.deprecated.then(|| Deprecated {
            from: self.deprecated_from.clone(),
            sunset: self.deprecated_sunset.clone(),
            migration: self.deprecated_migration.clone(),
        })
    }
}

fn panicked(raw: &Raw) -> CannotRun {
    let panic = raw.panic.as_deref().unwrap_or("it told no schema");
    CannotRun::new(
        format!("cannot make the schema of `{}` v{}: {panic}", raw.event_type, raw.event_version),
        format!("the `JsonSchema` of `{}`, or of a type inside of it, panicked: mend it", raw.source.ident),
    )
}

/// The file relative to the workspace; the compiler names it relative to there, or by its full path.
fn shown(project: &Project, package_dir: &Path, file: &str) -> String {
    let path = Path::new(file);
    let within = path.strip_prefix(project.root()).unwrap_or(path);
    let in_package = package_dir.join(within);
    let outside = within.is_relative() && !project.root().join(within).exists() && in_package.exists();
    let shown = if outside { in_package } else { within.to_owned() };
    shown.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
impl Event {
    /// An event for tests of what is decided about events.
    pub(crate) fn sample(event_type: &str, event_version: u32) -> Self {
        let schema = serde_json::json!({ "type": "object", "properties": {} });
        Self {
            event_type: event_type.to_owned(),
            event_version,
            aggregate: "sample".to_owned(),
            key: None,
            was: None,
            since: 1,
            superseded: false,
            foreign: false,
            readable_since: None,
            from_schema: Vec::new(),
            deprecated: None,
            shapes: (1..=event_version).rev().map(|version| (event_type.to_owned(), version)).collect(),
            place: Place { file: "src/lib.rs".to_owned(), line: event_version },
            package_dir: PathBuf::new(),
            fields: Vec::new(),
            writer: schema.clone(),
            reader: schema,
            facts: Vec::new(),
            hazards: Vec::new(),
            nested: Vec::new(),
            missed: Vec::new(),
            chosen: BTreeMap::new(),
            decoder: Decoder { program: 0, index: 0 },
        }
    }
}
