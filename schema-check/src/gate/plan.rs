//! What `accept` writes for a version.

use std::path::Path;

use crate::files::{Change, Revision, current_file, history_file, render};
use crate::finding::Role;

/// The revision that the files lack.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The folder's path, for `accept`.
    pub(super) folder: std::path::PathBuf,
    pub(super) event_type: String,
    pub(super) event_version: u32,
    /// What the code has now.
    pub(super) now: Revision,
    /// The revision that moves into the history, and its number.
    pub(super) earlier: Option<(u32, Revision)>,
    /// Whether the files lack more than docs, titles, names of definitions or order.
    pub(super) due: bool,
}

impl Plan {
    /// Whether the check fails until this is written.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.due
    }

    /// The files, in the order in which they are written.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        let (event_type, version) = (self.event_type.as_str(), self.event_version);
        let mut changes = Vec::new();
        if let Some((number, earlier)) = &self.earlier {
            let file = |role| history_file(event_type, version, *number, role);
            changes.extend(both(&self.folder, earlier, file));
        }
        changes.extend(both(&self.folder, &self.now, |role| current_file(event_type, version, role)));
        changes
    }
}

fn both(folder: &Path, revision: &Revision, file: impl Fn(Role) -> String) -> [Change; 2] {
    let change = |role, schema| Change { path: folder.join(file(role)), text: render(schema) };
    [change(Role::Writer, &revision.writer), change(Role::Reader, &revision.reader)]
}
