//! Writes files all or nothing: first beside their places, then by renaming.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::CannotRun;

/// One file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub text: String,
}

/// Writes every file; when one can't be written, none is changed.
///
/// # Errors
/// When a file can't be written.
pub fn write(changes: &[Change]) -> Result<(), CannotRun> {
    let mut beside = Vec::new();
    let written = changes.iter().try_for_each(|change| {
        let temporary = temporary(&change.path);
        beside.push(temporary.clone());
        stage(&temporary, &change.text).map_err(|error| (change, error))
    });
    let renamed = written.and_then(|()| {
        let pairs = changes.iter().zip(&beside);
        pairs.into_iter().try_for_each(|(change, from)| fs::rename(from, &change.path).map_err(|error| (change, error)))
    });
    renamed.map_err(|(change, error)| {
        for temporary in &beside {
            // Already gone, or a leftover that harms nobody.
            let _ = fs::remove_file(temporary);
        }
        let message = format!("cannot write `{}`", change.path.display());
        CannotRun::new(message, "make the folder writable").because(error)
    })
}

fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

fn stage(path: &Path, text: &str) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn one_file_that_cannot_be_written_leaves_all_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let good = folder.path().join("a.json");
        fs::write(&good, "old").unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let change = |path: PathBuf| Change { path, text: "new".to_owned() };
        write(&[change(good.clone()), change(folder.path().join("file/b.json"))]).unwrap_err();
        assert_eq!(fs::read_to_string(&good).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        write(&[change(good.clone()), change(folder.path().join("deep/c.json"))]).unwrap();
        assert_eq!(fs::read_to_string(&good).unwrap(), "new");
    }
}
