//! The source files of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use crate::paths::{matches, paths};

/// One file: its path below the root of the workspace, and its text.
pub(crate) struct Source {
    pub(crate) file: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn new(file: &str, text: &str) -> Self {
        Self { file: file.to_owned(), text: text.to_owned() }
    }

    pub(crate) fn is(&self, file: &str) -> bool {
        self.file == file
    }

    /// Whether it is the file `room.rs`, or below the folder.
    pub(crate) fn is_in(&self, room: &str) -> bool {
        self.file.strip_prefix(room).is_some_and(|rest| rest.is_empty() || rest == ".rs" || rest.starts_with('/'))
    }

    /// Whether a file or folder on its way is called `room`.
    pub(crate) fn is_of(&self, room: &str) -> bool {
        self.file.trim_end_matches(".rs").split('/').any(|name| name == room)
    }

    /// The breaches: one line for each path that has one of the `patterns`.
    pub(crate) fn uses_of(&self, patterns: &[&str]) -> Vec<String> {
        let named = paths(&self.text);
        let forbidden = named.iter().filter(|path| patterns.iter().any(|pattern| matches(path, pattern)));
        forbidden.map(|path| format!("{} uses `{path}`", self.file)).collect()
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every file below the `folders` whose name ends with `.extension`, in order.
pub(crate) fn under(folders: &[&str], extension: &str) -> Vec<Source> {
    let mut files = Vec::new();
    folders.iter().for_each(|folder| walk(&root().join(folder), &mut files));
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

fn read(file: &Path) -> Source {
    let name = file.strip_prefix(root()).unwrap().to_str().unwrap();
    Source::new(name, &fs::read_to_string(file).unwrap())
}

fn walk(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        files.push(path.to_owned());
    }
    if path.is_dir() && !path.ends_with("target") && !path.ends_with(".git") {
        fs::read_dir(path).unwrap().for_each(|entry| walk(&entry.unwrap().path(), files));
    }
}
