//! What vendoring writes: a function of what the source has and of what is vendored.

use std::collections::BTreeMap;

use serde_json::Value;

use super::cut::cut;
use super::find::{Asked, Found, Listed, bounded_one, find, is_event_type};
use super::{Origin, Source};
use crate::error::CannotRun;
use crate::files::{Tree, as_schema, current_file, history_file, meaning_of, render, writer_of};
use crate::finding::Role;

/// What becomes of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    /// It was not there.
    Added,
    /// Its files differ.
    Updated,
    /// Its files are the source's.
    Unchanged,
    /// The source has it no longer; it stays.
    Gone,
}

impl What {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Gone => "gone",
        }
    }
}

/// What is written, by path below `schemas/foreign/`, and what is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) versions: BTreeMap<(String, u32), What>,
}

/// Plans what to write of a source; `known` is what was vendored of the same source before.
///
/// # Errors
/// When the source can't be read, or holds what is no schema.
pub(crate) fn plan(
    origin: &Origin,
    asked: &Asked,
    pointer: Option<&str>,
    vendored: &Tree,
    known: &[Source],
) -> Result<Plan, CannotRun> {
    if let Some(file) = origin.file()? {
        return one_file(origin, &file, asked, pointer, vendored);
    }
    if let Some(pointer) = pointer {
        let message = format!("`--pointer {pointer}` is for a file, and the source is a folder");
        return Err(CannotRun::new(message, "name the file: `schema-check vendor schema.json --pointer …`"));
    }
    let found = find(origin.list()?, asked)?;
    if found.is_empty() && known.is_empty() {
        return Err(CannotRun::new(
            "the source has no schemas of events",
            "name a checkout with `schemas/<type>/v1.writer.json` in it, or one plain file: `schema-check vendor FILE --type order.placed --version 1`",
        ));
    }
    let listed: Vec<&Listed> = found.iter().map(|found| &found.listed).collect();
    let mut files = BTreeMap::new();
    for (found, bytes) in found.iter().zip(origin.contents(&listed)?) {
        files.insert(found.file(), text(found, bytes)?);
    }
    let mut plan = compared(files, vendored);
    gone(&mut plan, asked, vendored, known);
    Ok(plan)
}

/// The text of a schema as its producer has it.
fn text(found: &Found, bytes: Vec<u8>) -> Result<String, CannotRun> {
    let refuse = |reason: String| {
        let message = format!("`{}` of the source is no schema: {reason}", found.listed.path);
        CannotRun::new(message, "nothing was written; ask its producer, or vendor other types by `--type`")
    };
    let schema = as_schema(&bytes).map_err(refuse)?;
    let card = |name: &str| schema.pointer(&format!("/x-event/{name}")).filter(|said| !said.is_null());
    let other_type = card("eventType").is_some_and(|said| *said != found.event_type.as_str());
    let other_version = card("eventVersion").is_some_and(|said| said.as_u64() != Some(found.version.into()));
    if other_type || other_version {
        return Err(refuse("its `x-event` names another event than its path".to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| refuse(error.to_string()))
}

/// One plain file is one version of a type.
fn one_file(
    origin: &Origin,
    file: &Listed,
    asked: &Asked,
    pointer: Option<&str>,
    vendored: &Tree,
) -> Result<Plan, CannotRun> {
    if pointer.is_none() {
        bounded_one(file)?;
    } else if file.size > 16 * super::find::LARGEST {
        return Err(CannotRun::new(format!("`{}` has {} bytes", file.path, file.size), "name a smaller file"));
    }
    let bytes = origin.contents(&[file])?.pop().unwrap_or_default();
    let refuse = |reason: String| {
        CannotRun::new(format!("`{}` is no schema: {reason}", file.path), "name a JSON Schema in a file")
    };
    let schema = as_schema(&bytes).map_err(refuse)?;
    let text = match pointer {
        Some(pointer) => render(&cut(&schema, pointer).map_err(refuse)?),
        None => String::from_utf8(bytes).map_err(|error| refuse(error.to_string()))?,
    };
    let (event_type, version) = named(&schema, asked)?;
    let mut files = BTreeMap::from([(current_file(&event_type, version, Role::Writer), text.clone())]);
    files.extend(earlier(&event_type, version, &text, vendored));
    Ok(compared(files, vendored))
}

/// What the file is: as asked, else as it says itself.
fn named(schema: &Value, asked: &Asked) -> Result<(String, u32), CannotRun> {
    let card = |name: &str| schema.pointer(&format!("/x-event/{name}"));
    let event_type = match asked.types.as_slice() {
        [one] => Some(one.clone()),
        _ => card("eventType").and_then(Value::as_str).map(str::to_owned),
    };
    let version = asked.version.or_else(|| card("eventVersion")?.as_u64()?.try_into().ok());
    match (
        event_type.filter(|name| is_event_type(name)),
        version.filter(|version| i32::try_from(*version).is_ok_and(|it| it > 0)),
    ) {
        (Some(event_type), Some(version)) => Ok((event_type, version)),
        _ => Err(CannotRun::new(
            "the file doesn't say which event it describes",
            "name it: `schema-check vendor FILE --type order.placed --version 1`",
        )),
    }
}

/// A plain file has no history: what it said before stays as an earlier revision, for such events were written.
fn earlier(event_type: &str, version: u32, text: &str, vendored: &Tree) -> Option<(String, String)> {
    let before = vendored.get(&current_file(event_type, version, Role::Writer))?;
    let (old, new) = (as_schema(before).ok()?, as_schema(text.as_bytes()).ok()?);
    if old.get("x-event").is_some() || meaning_of(&old) == meaning_of(&new) {
        return None;
    }
    let numbers = vendored
        .keys()
        .filter_map(|path| writer_of(path))
        .filter(|(known, of, _)| known == event_type && *of == version);
    let last = numbers.filter_map(|(_, _, number)| number).max().unwrap_or(0);
    Some((history_file(event_type, version, last + 1, Role::Writer), String::from_utf8_lossy(before).into_owned()))
}

/// The files that differ, and what that means for each version.
fn compared(files: BTreeMap<String, String>, vendored: &Tree) -> Plan {
    let mut plan = Plan::default();
    for (path, text) in files {
        let Some((event_type, version, _)) = writer_of(&path) else { continue };
        let known = vendored.contains_key(&current_file(&event_type, version, Role::Writer));
        let same = vendored.get(&path).is_some_and(|bytes| *bytes == text.as_bytes());
        let what = match (known, same) {
            (false, _) => What::Added,
            (true, false) => What::Updated,
            (true, true) => What::Unchanged,
        };
        let entry = plan.versions.entry((event_type, version)).or_insert(what);
        *entry = (*entry).min(what);
        if !same {
            plan.files.insert(path, text);
        }
    }
    plan
}

/// Versions that came from this source once and are no longer in it.
fn gone(plan: &mut Plan, asked: &Asked, vendored: &Tree, known: &[Source]) {
    let covered = |event_type: &String| {
        (asked.types.is_empty() || asked.types.contains(event_type))
            && known.iter().any(|source| source.event_type == *event_type)
    };
    for (event_type, version, _) in vendored.keys().filter_map(|path| writer_of(path)) {
        if covered(&event_type) && asked.version.is_none_or(|asked| asked == version) {
            plan.versions.entry((event_type, version)).or_insert(What::Gone);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn a_plain_file_that_changed_leaves_its_earlier_state_as_a_revision() {
        let (old, docs) = (r#"{"type":"string"}"#, r#"{"type":"string","description":"a"}"#);
        let vendored = tree(&[("a.b/v1.writer.json", old), ("a.b/history/v1.1.writer.json", "{}")]);
        let kept = earlier("a.b", 1, r#"{"type":"null"}"#, &vendored).unwrap();
        assert_eq!(kept, ("a.b/history/v1.2.writer.json".to_owned(), old.to_owned()));
        assert_eq!(earlier("a.b", 1, docs, &vendored), None);
        assert_eq!(earlier("a.b", 2, old, &vendored), None);
    }

    #[test]
    fn each_version_is_told_once() {
        let vendored =
            tree(&[("a.b/v1.writer.json", "{}"), ("a.b/v2.writer.json", "{}"), ("a.b/v9.writer.json", "{}")]);
        let files =
            [("a.b/v1.writer.json", "{}"), ("a.b/history/v1.1.writer.json", "{}"), ("a.b/v2.writer.json", "{}")];
        let more = [("a.b/v3.writer.json", "{}")];
        let files = files.iter().chain(&more).map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        let mut plan = compared(files.collect(), &vendored);
        let source = Source {
            event_type: "a.b".to_owned(),
            version: None,
            from: "../a".to_owned(),
            rev: None,
            path: None,
            pointer: None,
            revision: None,
            date: String::new(),
        };
        gone(&mut plan, &Asked::default(), &vendored, &[source]);
        let told: Vec<(u32, &str)> = plan.versions.iter().map(|((_, version), what)| (*version, what.word())).collect();
        assert_eq!(told, [(1, "updated"), (2, "unchanged"), (3, "added"), (9, "gone")]);
        assert_eq!(plan.files.keys().collect::<Vec<_>>(), ["a.b/history/v1.1.writer.json", "a.b/v3.writer.json"]);
    }
}
