//! Which files of a producer's checkout are schemas of its events.

use std::collections::BTreeMap;

use super::FOLDER;
use crate::error::CannotRun;
use crate::files::{current_file, history_file, writer_of};
use crate::finding::Role;

/// The most bytes that a schema may have.
pub(crate) const LARGEST: u64 = 4 * 1024 * 1024;
/// The most schemas that are vendored at once.
const MOST: usize = 5_000;
/// Folders that hold no sources.
const OTHERS: [&str; 2] = ["target", "node_modules"];

/// A file of a checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    /// With `/` between its parts.
    pub(crate) path: String,
    /// In bytes.
    pub(crate) size: u64,
    /// What its content is asked for by.
    pub(crate) id: String,
}

/// A schema of a producer, and where it goes below `schemas/foreign/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) event_type: String,
    pub(crate) version: u32,
    pub(crate) number: Option<u32>,
    pub(crate) listed: Listed,
}

impl Found {
    /// Its place below `schemas/foreign/`, made of what was read of its name and of nothing else.
    pub(crate) fn file(&self) -> String {
        match self.number {
            None => current_file(&self.event_type, self.version, Role::Writer),
            Some(number) => history_file(&self.event_type, self.version, number, Role::Writer),
        }
    }
}

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// All when empty.
    pub(crate) types: Vec<String>,
    pub(crate) version: Option<u32>,
}

/// Whether a folder of this name is looked into.
pub(crate) fn is_searched(name: &str) -> bool {
    (name == "." || !name.starts_with('.')) && !OTHERS.contains(&name)
}

/// The type of an event: words joined by dots.
pub(crate) fn is_event_type(text: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    text.len() <= 200 && text.contains('.') && text.split('.').all(word)
}

/// The schemas of the types that were asked for.
///
/// # Errors
/// When a type is at two places, is not there, or a file is too large.
pub(crate) fn find(listing: Vec<Listed>, asked: &Asked) -> Result<Vec<Found>, CannotRun> {
    let mut by_type: BTreeMap<String, BTreeMap<String, Vec<Found>>> = BTreeMap::new();
    for (folder, found) in listing.into_iter().filter_map(of_event) {
        let wanted = asked.types.is_empty() || asked.types.contains(&found.event_type);
        if wanted && asked.version.is_none_or(|version| version == found.version) {
            by_type.entry(found.event_type.clone()).or_default().entry(folder).or_default().push(found);
        }
    }
    if let Some(missing) = asked.types.iter().find(|asked| !by_type.contains_key(*asked)) {
        let message = format!("the source has no schema of `{missing}`");
        return Err(CannotRun::new(message, "look for its folder: it is named for the type, below `schemas/`"));
    }
    let mut all = Vec::new();
    for (event_type, mut places) in by_type {
        if let (Some((first, _)), Some((second, _))) = (places.first_key_value(), places.last_key_value())
            && first != second
        {
            return Err(at_two_places(&event_type, first, second));
        }
        all.extend(places.pop_first().into_iter().flat_map(|(_, found)| found));
    }
    bounded(&all).map(|()| all)
}

/// `services/orders/schemas/order.placed/history/v1.2.writer.json` as its folder and what it is.
fn of_event(listed: Listed) -> Option<(String, Found)> {
    let parts: Vec<&str> = listed.path.split('/').collect();
    let own = if parts.iter().rev().nth(1) == Some(&"history") { 3 } else { 2 };
    let (folder, own) = parts.split_at_checked(parts.len().checked_sub(own)?)?;
    // What the producer vendored itself isn't its own.
    let searched = folder.iter().all(|name| is_searched(name)) && folder.last() != Some(&FOLDER);
    let (event_type, version, number) =
        writer_of(&own.join("/")).filter(|(name, ..)| searched && is_event_type(name))?;
    let folder = folder.join("/");
    let found = Found { event_type, version, number, listed: listed.clone() };
    // A name that reads as another one, `v01` or `v+1`, is none of ours.
    let lawful = version > 0 && i32::try_from(version).is_ok() && found.file() == own.join("/");
    lawful.then_some((folder, found))
}

fn at_two_places(event_type: &str, first: &str, second: &str) -> CannotRun {
    let message = format!("the source has schemas of `{event_type}` in `{first}` and in `{second}`");
    CannotRun::new(message, "name the folder that counts: a longer PATH, or `--path FOLDER` with `git:`")
}

fn bounded(found: &[Found]) -> Result<(), CannotRun> {
    if found.len() > MOST {
        let message = format!("the source has {} schemas, and at most {MOST} are vendored at once", found.len());
        return Err(CannotRun::new(message, "name the types that you read: `--type order.placed`"));
    }
    found.iter().try_for_each(|found| bounded_one(&found.listed))
}

/// A file that is read is of a sane size.
pub(crate) fn bounded_one(listed: &Listed) -> Result<(), CannotRun> {
    if listed.size <= LARGEST {
        return Ok(());
    }
    let message = format!("`{}` has {} bytes, and a schema has at most {LARGEST}", listed.path, listed.size);
    Err(CannotRun::new(message, "cut out of it what you read: `--pointer /definitions/…`, or name another file"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn listed(paths: &[&str]) -> Vec<Listed> {
        paths.iter().map(|path| Listed { path: (*path).to_owned(), size: 2, id: (*path).to_owned() }).collect()
    }

    fn found(paths: &[&str], types: &[&str]) -> Result<Vec<String>, String> {
        let asked = Asked { types: types.iter().map(|one| (*one).to_owned()).collect(), version: None };
        let found = find(listed(paths), &asked).map_err(|error| error.message())?;
        Ok(found.iter().map(Found::file).collect())
    }

    #[test]
    fn schemas_are_found_at_any_depth_with_their_history() {
        let paths =
            ["a/b/schemas/x.y/v1.writer.json", "a/b/schemas/x.y/history/v1.2.writer.json", "x.z/v3.writer.json"];
        let files = ["x.y/v1.writer.json", "x.y/history/v1.2.writer.json", "x.z/v3.writer.json"];
        assert_eq!(found(&paths, &[]).unwrap(), files);
        assert_eq!(found(&paths, &["x.z"]).unwrap(), ["x.z/v3.writer.json"]);
        assert_eq!(found(&paths, &["x.q"]).unwrap_err(), "the source has no schema of `x.q`");
    }

    #[test]
    fn hostile_names_built_copies_and_what_the_producer_vendored_are_not_taken() {
        for path in [
            "schemas/../v1.writer.json",
            "schemas/..%2f.a/v1.writer.json",
            "schemas/a.b/v01.writer.json",
            "schemas/a.b/v+1.writer.json",
            "schemas/a.b/v0.writer.json",
            "schemas/a.b/v4294967295.writer.json",
            "schemas/a.b/v1.reader.json",
            "schemas/a.b/v1.writer.json/x",
            "schemas/a.b/history/v1.writer.json",
            "schemas/a\n.b/v1.writer.json",
            "schemas/foreign/a.b/v1.writer.json",
            "target/package/schemas/a.b/v1.writer.json",
            "node_modules/p/schemas/a.b/v1.writer.json",
            ".cache/schemas/a.b/v1.writer.json",
            "v1.writer.json",
        ] {
            assert_eq!(found(&[path], &[]).unwrap(), [""; 0], "{path}");
        }
    }

    #[test]
    fn one_type_at_two_places_and_a_file_without_end_are_refused() {
        let twice = found(&["a/x.y/v1.writer.json", "b/x.y/v1.writer.json"], &[]).unwrap_err();
        assert_eq!(twice, "the source has schemas of `x.y` in `a` and in `b`");
        let endless = Listed { size: u64::MAX, ..listed(&["x.y/v1.writer.json"]).pop().unwrap() };
        let message = find(vec![endless], &Asked::default()).unwrap_err().message();
        assert!(message.contains("a schema has at most 4194304"), "{message}");
    }
}
