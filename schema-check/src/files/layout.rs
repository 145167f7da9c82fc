//! Which file holds what: `<type>/v<version>.writer.json`, `<type>/history/v<version>.<n>.reader.json`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::Revision;
use super::text::without_mark;
use super::tree::Tree;
use crate::finding::Role;

/// The file of the revision that counts.
pub(crate) fn current_file(event_type: &str, version: u32, role: Role) -> String {
    format!("{event_type}/v{version}.{}.json", role.word())
}

/// The file of an earlier revision.
pub(crate) fn history_file(event_type: &str, version: u32, number: u32, role: Role) -> String {
    format!("{event_type}/history/v{version}.{number}.{}.json", role.word())
}

/// The file of payloads that the user says were stored.
pub(crate) fn golden_file(event_type: &str, version: u32) -> String {
    format!("{event_type}/v{version}.samples.json")
}

/// A committed file that is no schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Below `schemas/`.
    pub file: String,
    /// What is wrong with it.
    pub message: String,
}

/// All that is committed of one version.
#[derive(Debug, Clone, Default)]
pub struct Committed {
    /// The revision that counts.
    pub current: Option<Revision>,
    /// Earlier revisions by their number.
    pub history: BTreeMap<u32, Revision>,
    /// Payloads that the user says were stored.
    pub golden: Vec<Value>,
    /// Files that can't be read.
    pub unreadable: Vec<Unreadable>,
}

/// A `schemas/` folder.
#[derive(Debug, Clone, Default)]
pub struct Schemas {
    versions: BTreeMap<(String, u32), Committed>,
}

/// The parts of a file's path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    event_type: String,
    version: u32,
    number: Option<u32>,
    role: Role,
}

/// Reads the path of a schema's file, `None` for any other file.
pub(super) fn parse(path: &str) -> Option<Name> {
    let (folder, file) = path.rsplit_once('/')?;
    let (event_type, in_history) = match folder.strip_suffix("/history") {
        Some(event_type) => (event_type, true),
        None => (folder, false),
    };
    let role =
        [Role::Writer, Role::Reader].into_iter().find(|role| file.ends_with(&format!(".{}.json", role.word())))?;
    let numbers = file.strip_prefix('v')?.strip_suffix(&format!(".{}.json", role.word()))?;
    let (version, number) = match numbers.split_once('.') {
        Some((version, number)) => (version, Some(number.parse().ok()?)),
        None => (numbers, None),
    };
    let fits = number.is_some() == in_history && !event_type.contains('/');
    fits.then_some(Name { event_type: event_type.to_owned(), version: version.parse().ok()?, number, role })
}

/// The type and the version of a file of payloads, `None` for any other file.
pub(super) fn golden_of(path: &str) -> Option<(String, u32)> {
    let (event_type, file) = path.split_once('/')?;
    let version = file.strip_prefix('v')?.strip_suffix(".samples.json")?;
    Some((event_type.to_owned(), version.parse().ok()?))
}

/// The type, the version and the number of a writer's file.
pub(crate) fn writer_of(path: &str) -> Option<(String, u32, Option<u32>)> {
    parse(path).filter(|name| name.role == Role::Writer).map(|name| (name.event_type, name.version, name.number))
}

/// What was read of a revision, by the word of the role.
type Halves = BTreeMap<&'static str, Result<Value, Unreadable>>;

impl Schemas {
    /// Reads the files of a folder; those that can't be read are kept as [`Unreadable`].
    #[must_use]
    pub fn read(tree: &Tree) -> Self {
        let mut halves = BTreeMap::<(String, u32, Option<u32>), Halves>::new();
        for (path, bytes) in tree {
            let Some(name) = parse(path) else { continue };
            let value = schema(bytes).map_err(|message| Unreadable { file: path.clone(), message });
            let key = (name.event_type, name.version, name.number);
            halves.entry(key).or_default().insert(name.role.word(), value);
        }
        let mut schemas = Self::default();
        for ((event_type, version, number), mut roles) in halves {
            let missing = |role: Role| {
                let file = number.map_or_else(
                    || current_file(&event_type, version, role),
                    |number| history_file(&event_type, version, number, role),
                );
                Unreadable { file, message: "it is missing, and its other half is there".to_owned() }
            };
            let mut take = |role: Role| roles.remove(role.word()).unwrap_or_else(|| Err(missing(role)));
            let pair = (take(Role::Writer), take(Role::Reader));
            schemas.versions.entry((event_type, version)).or_default().take(number, pair);
        }
        for (path, bytes) in tree {
            let Some(version) = golden_of(path) else { continue };
            let committed = schemas.versions.entry(version).or_default();
            match payloads(bytes) {
                Ok(golden) => committed.golden = golden,
                Err(message) => committed.unreadable.push(Unreadable { file: path.clone(), message }),
            }
        }
        schemas
    }

    /// What is committed of a version.
    #[must_use]
    pub fn get(&self, event_type: &str, version: u32) -> Option<&Committed> {
        self.versions.get(&(event_type.to_owned(), version))
    }

    /// Every committed version.
    pub fn versions(&self) -> impl Iterator<Item = (&str, u32, &Committed)> {
        self.versions.iter().map(|((event_type, version), committed)| (event_type.as_str(), *version, committed))
    }

    /// The committed versions of a type.
    pub(crate) fn of_type(&self, event_type: &str) -> impl Iterator<Item = u32> {
        self.versions().filter(move |(known, ..)| *known == event_type).map(|(_, version, _)| version)
    }

    /// Takes a version out of another folder's state.
    pub(crate) fn take(&mut self, from: &mut Self, event_type: &str, version: u32) {
        self.versions.extend(from.versions.remove_entry(&(event_type.to_owned(), version)));
    }

    /// Whether nothing is committed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.versions.is_empty()
    }
}

/// A schema of ours is an object, also where an editor put a byte order mark before it.
pub(crate) fn schema(bytes: &[u8]) -> Result<Value, String> {
    let value: Value =
        serde_json::from_slice(without_mark(bytes)).map_err(|error| format!("it is not JSON: {error}"))?;
    if value.is_object() { Ok(value) } else { Err("it holds no schema: write an object".to_owned()) }
}

/// Golden payloads are a list; what each holds is the event's own matter.
fn payloads(bytes: &[u8]) -> Result<Vec<Value>, String> {
    let instead = "write an array of `data` payloads, such as `[{\"order_id\": \"o-1\"}]`";
    match serde_json::from_slice(without_mark(bytes)) {
        Ok(Value::Array(payloads)) => Ok(payloads),
        Ok(_) => Err(format!("it is no array: {instead}")),
        Err(error) => Err(format!("it is not JSON: {error}; {instead}")),
    }
}

impl Committed {
    fn take(&mut self, number: Option<u32>, pair: (Result<Value, Unreadable>, Result<Value, Unreadable>)) {
        match (pair, number) {
            ((Ok(writer), Ok(reader)), None) => self.current = Some(Revision { writer, reader }),
            ((Ok(writer), Ok(reader)), Some(number)) => drop(self.history.insert(number, Revision { writer, reader })),
            ((writer, reader), _) => self.unreadable.extend([writer, reader].into_iter().filter_map(Result::err)),
        }
    }

    /// Every revision with its number, the latest last.
    pub fn revisions(&self) -> impl Iterator<Item = (Option<u32>, &Revision)> {
        let earlier = self.history.iter().map(|(number, revision)| (Some(*number), revision));
        earlier.chain(self.current.iter().map(|revision| (None, revision)))
    }

    /// Whether its life was ended.
    #[must_use]
    pub fn is_retired(&self) -> bool {
        self.current.as_ref().is_some_and(Revision::is_retired)
    }

    /// The number of the next earlier revision.
    pub(crate) fn next_number(&self) -> u32 {
        self.history.keys().last().map_or(1, |last| last.saturating_add(1))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_ours_are_read() {
        assert!(parse("order.placed/v1.writer.json").is_some());
        assert_eq!(parse("order.placed/history/v1.2.reader.json").unwrap().number, Some(2));
        for other in [
            "v1.writer.json",
            "a.b/v1.json",
            "a.b/vx.writer.json",
            "a.b/history/v1.writer.json",
            "a.b/v1.2.writer.json",
            "a/b/v1.writer.json",
        ] {
            assert_eq!(parse(other), None, "{other}");
        }
    }

    #[test]
    fn only_an_object_is_a_schema_and_a_byte_order_mark_does_no_harm() {
        assert!(schema(b"\xef\xbb\xbf{}\r\n").is_ok());
        for other in ["[]", "5", "true", "", "{"] {
            assert!(schema(other.as_bytes()).is_err(), "{other}");
        }
    }

    #[test]
    fn golden_payloads_are_an_array() {
        let read = |text: &str| {
            let tree = Tree::from([("a.b/v1.samples.json".to_owned(), text.as_bytes().to_vec())]);
            Schemas::read(&tree).get("a.b", 1).unwrap().clone()
        };
        assert_eq!(read("\u{feff}[{}, 5]").golden, [serde_json::json!({}), serde_json::json!(5)]);
        for (text, message) in [("{}", "it is no array: write an array"), ("[", "it is not JSON: EOF while")] {
            let unreadable = read(text).unreadable;
            let first = unreadable.first().unwrap();
            assert_eq!(first.file, "a.b/v1.samples.json");
            assert!(first.message.starts_with(message), "{}", first.message);
        }
    }

    #[test]
    fn a_half_that_is_missing_is_unreadable() {
        let tree = Tree::from([("a.b/v1.writer.json".to_owned(), b"{}".to_vec())]);
        let schemas = Schemas::read(&tree);
        let unreadable = &schemas.get("a.b", 1).unwrap().unreadable;
        assert_eq!(unreadable.first().unwrap().file, "a.b/v1.reader.json");
    }
}
