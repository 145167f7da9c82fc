//! Writes files all or nothing: first beside their places, then by renaming, and back where a rename fails.

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
    let mut work = Work::default();
    for change in changes {
        let staged = work.stage(change);
        staged.map_err(|error| failed(&mut work, change, error))?;
    }
    for change in changes {
        let moved = work.put(change);
        moved.map_err(|error| failed(&mut work, change, error))?;
    }
    Ok(())
}

fn failed(work: &mut Work, change: &Change, error: io::Error) -> CannotRun {
    let undone = work.undo();
    let message = format!("cannot write `{}`", change.path.display());
    let help = match undone {
        Ok(()) => "make the folder and the file writable; nothing was written",
        Err(_) => "make the folder and the file writable; bring what was written before it back from git",
    };
    CannotRun::new(message, help).because(error)
}

/// What was done so far.
#[derive(Default)]
struct Work {
    folders: Vec<PathBuf>,
    staged: Vec<PathBuf>,
    /// What was at a place before, and whether there was a file.
    replaced: Vec<(PathBuf, Option<Vec<u8>>)>,
}

impl Work {
    /// Writes beside the place, with the rights of the file that is there.
    fn stage(&mut self, change: &Change) -> io::Result<()> {
        let place = real(&change.path);
        let folder = place.parent().unwrap_or(&place);
        let missing = folder.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned);
        self.folders.extend(missing);
        fs::create_dir_all(folder)?;
        let beside = temporary(&place);
        self.staged.push(beside.clone());
        fs::write(&beside, &change.text)?;
        match fs::metadata(&place) {
            Ok(there) if there.is_file() => fs::set_permissions(&beside, there.permissions()),
            Ok(_) => Err(io::Error::other("it is no file")),
            Err(_) => Ok(()),
        }
    }

    fn put(&mut self, change: &Change) -> io::Result<()> {
        let place = real(&change.path);
        let before = if place.exists() { Some(fs::read(&place)?) } else { None };
        fs::rename(temporary(&place), &place)?;
        self.replaced.push((place, before));
        Ok(())
    }

    /// Takes everything back, the last first.
    fn undo(&mut self) -> io::Result<()> {
        let mut undone = Ok(());
        for (place, before) in self.replaced.drain(..).rev() {
            let back = before.map_or_else(|| fs::remove_file(&place), |before| fs::write(&place, before));
            undone = undone.and(back);
        }
        for staged in &self.staged {
            // Already renamed, or a leftover that harms nobody.
            let _ = fs::remove_file(staged);
        }
        for folder in &self.folders {
            // One that somebody else put a file into stays.
            let _ = fs::remove_dir(folder);
        }
        undone
    }
}

/// A link goes on to be one: what it leads to is written.
fn real(path: &Path) -> PathBuf {
    let is_link = fs::symlink_metadata(path).is_ok_and(|there| there.is_symlink());
    if is_link { path.canonicalize().unwrap_or_else(|_| path.to_owned()) } else { path.to_owned() }
}

fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn change(path: PathBuf) -> Change {
        Change { path, text: "new".to_owned() }
    }

    #[test]
    fn one_file_that_cannot_be_written_leaves_all_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let good = folder.path().join("a.json");
        fs::write(&good, "old").unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        fs::create_dir_all(folder.path().join("taken.json")).unwrap();
        for bad in ["file/b.json", "taken.json"] {
            let bad = change(folder.path().join(bad));
            write(&[change(folder.path().join("deep/er/new.json")), change(good.clone()), bad]).unwrap_err();
            assert_eq!(fs::read_to_string(&good).unwrap(), "old");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "a folder or a file was left behind");
        }
        write(&[change(good.clone()), change(folder.path().join("deep/c.json"))]).unwrap();
        assert_eq!(fs::read_to_string(&good).unwrap(), "new");
    }

    #[test]
    fn a_rename_that_fails_takes_back_those_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new, last) =
            (folder.path().join("a.json"), folder.path().join("n.json"), folder.path().join("z.json"));
        fs::write(&old, "old").unwrap();
        let changes = [change(old.clone()), change(new.clone()), change(last.clone())];
        let mut work = Work::default();
        changes.iter().for_each(|change| work.stage(change).unwrap());
        // Somebody makes a folder of that name in the meantime.
        fs::create_dir_all(last.join("inside")).unwrap();
        work.put(&changes[0]).unwrap();
        work.put(&changes[1]).unwrap();
        let error = work.put(&changes[2]).unwrap_err();
        failed(&mut work, &changes[2], error);
        assert_eq!(fs::read_to_string(&old).unwrap(), "old");
        assert!(!new.exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn rights_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (place, link) = (folder.path().join("a.json"), folder.path().join("link.json"));
        fs::write(&place, "old").unwrap();
        fs::set_permissions(&place, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&place, &link).unwrap();
        write(&[change(link.clone())]).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&place).unwrap(), "new");
        assert_eq!(fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
