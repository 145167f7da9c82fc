//! The vendored schemas of producers: `schemas/foreign/<type>/v<version>.writer.json` and their history, as their
//! producers have them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::FOLDER;
use crate::files::{Tree, as_schema, writer_of};

/// One state of what a producer writes.
#[derive(Debug, Clone)]
pub struct Revision {
    /// Below `schemas/`.
    pub file: String,
    /// Its number among the earlier ones; `None` for the one that counts.
    pub number: Option<u32>,
    /// The schema as it stands in the file, or why it is none.
    pub schema: Result<Value, String>,
}

/// A `schemas/foreign/` folder.
#[derive(Debug, Clone, Default)]
pub struct Vendored {
    versions: BTreeMap<(String, u32), Vec<Revision>>,
}

impl Vendored {
    /// Reads the files of the folder.
    #[must_use]
    pub fn read(tree: &Tree) -> Self {
        let mut vendored = Self::default();
        for (path, bytes) in tree {
            let Some((event_type, version, number)) = writer_of(path) else { continue };
            let (file, schema) = (format!("{FOLDER}/{path}"), as_schema(bytes));
            vendored.versions.entry((event_type, version)).or_default().push(Revision { file, number, schema });
        }
        // The one that counts first: its findings are those that a reader expects.
        let latest_first = |revision: &Revision| std::cmp::Reverse(revision.number.unwrap_or(u32::MAX));
        vendored.versions.values_mut().for_each(|revisions| revisions.sort_by_key(latest_first));
        vendored
    }

    /// All that is vendored of a version, the one that counts first.
    #[must_use]
    pub fn get(&self, event_type: &str, version: u32) -> &[Revision] {
        self.versions.get(&(event_type.to_owned(), version)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The newest version of a type.
    #[must_use]
    pub fn newest(&self, event_type: &str) -> Option<u32> {
        self.versions.keys().filter(|(known, _)| known == event_type).map(|(_, version)| *version).max()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn every_revision_of_a_version_is_read_the_one_that_counts_first() {
        let paths = ["a.b/history/v1.1.writer.json", "a.b/history/v1.2.writer.json", "a.b/v1.writer.json"];
        let more = ["a.b/v1.reader.json", "a.b/v2.writer.json", "sources.toml"];
        let tree: Tree = paths.into_iter().chain(more).map(|path| (path.to_owned(), b"{}".to_vec())).collect();
        let vendored = Vendored::read(&tree);
        let numbers: Vec<_> = vendored.get("a.b", 1).iter().map(|revision| revision.number).collect();
        assert_eq!(numbers, [None, Some(2), Some(1)]);
        assert_eq!(vendored.newest("a.b"), Some(2));
        assert!(vendored.get("a.b", 3).is_empty());
    }
}
