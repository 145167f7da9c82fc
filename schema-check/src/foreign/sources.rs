//! `schemas/foreign/sources.toml`: where vendored schemas come from.

use serde::{Deserialize, Serialize};

use crate::error::CannotRun;
use crate::files::Tree;

/// The file below `schemas/foreign/`.
pub(crate) const FILE: &str = "sources.toml";

const HEAD: &str = "# Written by `schema-check vendor`; without arguments it vendors all of these again.\n";

/// Where the schemas of a type come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Source {
    /// The wire type.
    #[serde(rename = "type")]
    pub(crate) event_type: String,
    /// The version, where one plain file is one version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<u32>,
    /// A path from the folder above `schemas/`, or `git:URL`.
    pub(crate) from: String,
    /// The branch, tag or commit that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rev: Option<String>,
    /// The folder or file within the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// The place of the schema within its file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pointer: Option<String>,
    /// The commit that was found, where git knows one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) revision: Option<String>,
    /// When the files last changed, `2026-01-31`.
    pub(crate) date: String,
}

impl Source {
    /// What makes two entries one.
    pub(crate) fn key(&self) -> (&str, Option<u32>) {
        (&self.event_type, self.version)
    }

    /// Whether both were asked for in the same words.
    pub(crate) fn is_asked_as(&self, other: &Self) -> bool {
        (&self.from, &self.rev, &self.path, &self.pointer) == (&other.from, &other.rev, &other.path, &other.pointer)
    }
}

/// All of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sources {
    #[serde(default, rename = "source")]
    pub(crate) sources: Vec<Source>,
}

impl Sources {
    /// Reads the file, none when there is none.
    ///
    /// # Errors
    /// When it is not what `vendor` writes.
    pub(crate) fn read(tree: &Tree) -> Result<Self, CannotRun> {
        let Some(bytes) = tree.get(FILE) else { return Ok(Self::default()) };
        toml::from_str(&String::from_utf8_lossy(bytes)).map_err(|error| {
            CannotRun::new(format!("cannot read `foreign/{FILE}`"), "mend it, or bring it back from git").because(error)
        })
    }

    /// Takes an entry in; one that differs in its commit and day alone says nothing new.
    pub(crate) fn take(&mut self, source: Source, changed: bool) {
        match self.sources.iter_mut().find(|known| known.key() == source.key()) {
            Some(known) if changed || !known.is_asked_as(&source) => *known = source,
            Some(_) => {}
            None => self.sources.push(source),
        }
    }

    /// The text of the file.
    pub(crate) fn render(&mut self) -> String {
        self.sources.sort_by(|a, b| a.key().cmp(&b.key()));
        let text = toml::to_string(self).expect("text and numbers can be written as TOML");
        format!("{HEAD}\n{text}")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_an_unchanged_source_keeps_its_day() {
        let source = Source {
            event_type: "a.b".to_owned(),
            version: None,
            from: "git:https://example.org/a.git".to_owned(),
            rev: Some("main".to_owned()),
            path: None,
            pointer: None,
            revision: Some("abc".to_owned()),
            date: "2026-01-31".to_owned(),
        };
        let mut sources = Sources::default();
        sources.take(source.clone(), true);
        let later = Source { date: "2026-02-01".to_owned(), ..source };
        sources.take(later.clone(), false);
        let text = sources.render();
        assert!(text.contains("[[source]]\ntype = \"a.b\"\nfrom = "), "{text}");
        assert!(text.contains("2026-01-31"), "{text}");
        let tree = Tree::from([(FILE.to_owned(), text.into_bytes())]);
        assert_eq!(Sources::read(&tree).unwrap(), sources);
        sources.take(later, true);
        assert!(sources.render().contains("2026-02-01"));
    }
}
