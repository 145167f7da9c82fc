//! The files of a `schemas/` folder as values: read from disk here, from git by the baseline.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use crate::error::CannotRun;

/// Paths below `schemas/`, with `/` between their parts, and contents.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// Reads a folder; one that isn't there is empty.
///
/// # Errors
/// When the folder or a file in it can't be read.
pub fn read_dir(folder: &Path) -> Result<Tree, CannotRun> {
    let mut tree = Tree::new();
    match read_into(&mut tree, folder, "") {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            let message = format!("cannot read `{}`", folder.display());
            Err(CannotRun::new(message, "make the folder and its files readable").because(error))
        }
        _ => Ok(tree),
    }
}

fn read_into(tree: &mut Tree, folder: &Path, prefix: &str) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.path().is_dir() {
            // `<type>/history` is the deepest that ours go.
            if path.matches('/').count() < 2 {
                read_into(tree, &entry.path(), &path)?;
            }
        } else if is_ours(&path) {
            tree.insert(path, fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// The folder of schemas that a file of a repository is in, and its path below it.
pub(crate) fn in_folder(path: &str) -> Option<(&str, &str)> {
    let slashes: Vec<usize> = path.match_indices('/').map(|(at, _)| at).collect();
    let below = |depth: usize| {
        let at = *slashes.get(slashes.len().checked_sub(depth)?)?;
        let (folder, file) = (path.get(..at)?, path.get(at + 1..)?);
        super::layout::parse(file).map(|_| (folder, file))
    };
    below(2).or_else(|| below(3))
}

/// Whether a path below `schemas/` can be a file of ours: others may share the folder.
pub(crate) fn is_ours(path: &str) -> bool {
    path == super::waivers::FILE || super::layout::parse(path).is_some() || super::layout::golden_of(path).is_some()
}
