//! Keeps the user's own build: what cargo would overwrite is set aside and put back.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::project::Project;
use crate::error::CannotRun;

/// Files of the user's build that are out of the way until this is dropped.
#[derive(Debug)]
pub(super) struct Kept {
    aside: PathBuf,
    files: Vec<PathBuf>,
    output_dir: PathBuf,
    _lock: File,
}

impl Kept {
    /// Sets aside what the coming build writes under a name that the user's own build uses.
    pub(super) fn before_build(project: &Project) -> Result<Self, CannotRun> {
        let scratch = project.scratch();
        let lock = locked(&scratch).map_err(|error| cannot_keep(&scratch, error))?;
        let files = written_by(project).into_iter().collect();
        let kept = Self { aside: scratch.join("kept"), files, output_dir: project.output_dir(), _lock: lock };
        kept.put_back_leftovers().and_then(|()| kept.set_aside()).map_err(|error| cannot_keep(&scratch, error))?;
        Ok(kept)
    }

    fn set_aside(&self) -> io::Result<()> {
        for file in &self.files {
            let from = self.output_dir.join(file);
            let to = self.aside.join(file);
            if from.exists() {
                fs::create_dir_all(to.parent().unwrap_or(&self.aside))?;
                aside(file, &from, &to)?;
            }
        }
        Ok(())
    }

    /// A run that was killed left the user's files aside.
    fn put_back_leftovers(&self) -> io::Result<()> {
        for file in &self.files {
            let (from, to) = (self.aside.join(file), self.output_dir.join(file));
            if from.exists() {
                fs::rename(from, to)?;
            }
        }
        Ok(())
    }

    fn put_back(&self) -> io::Result<()> {
        for file in &self.files {
            let (from, to) = (self.aside.join(file), self.output_dir.join(file));
            if from.exists() {
                fs::rename(from, to)?;
            } else if to.exists() {
                fs::remove_file(to)?;
            }
        }
        Ok(())
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // What can't be put back now is put back by the next run, or written anew by the user's next build.
        let _ = self.put_back();
    }
}

/// Cargo replaces the files beside `deps` by links of its own, so a link keeps the old one; it writes `.d` files in
/// place; and a file in `deps` would pass for the one that is to be built.
fn aside(file: &Path, from: &Path, to: &Path) -> io::Result<()> {
    if file.starts_with("deps") {
        fs::rename(from, to)
    } else if file.extension().is_some_and(|extension| extension == "d") {
        fs::copy(from, to).map(drop)
    } else {
        fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(drop))
    }
}

fn cannot_keep(scratch: &Path, error: io::Error) -> CannotRun {
    let message = format!("cannot set the last build aside in `{}`", scratch.display());
    CannotRun::new(message, "make cargo's target folder writable").because(error)
}

/// One run at a time for each target folder.
fn locked(scratch: &Path) -> io::Result<File> {
    fs::create_dir_all(scratch)?;
    let lock = File::create(scratch.join("lock"))?;
    lock.lock()?;
    Ok(lock)
}

/// The files without a hash in their names, relative to the output folder.
fn written_by(project: &Project) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    for target in project.reaching().iter().flat_map(|package| &package.targets) {
        let library = format!("{}{}", std::env::consts::DLL_PREFIX, target.name.replace('-', "_"));
        let names = if target.is_bin() {
            vec![format!("{}{}", target.name, std::env::consts::EXE_SUFFIX), format!("{}.d", target.name)]
        } else {
            let of = |suffix: &str| format!("{library}{suffix}");
            let suffixes = [".rlib", ".rmeta", ".a", ".d", std::env::consts::DLL_SUFFIX];
            suffixes.map(of).to_vec()
        };
        files.extend(names.iter().map(|name| Path::new("deps").join(name)));
        files.extend(names.into_iter().map(PathBuf::from));
    }
    files
}
