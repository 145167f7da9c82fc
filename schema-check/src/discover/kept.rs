//! Keeps the user's own build: what cargo would overwrite is set aside and put back.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX, EXE_SUFFIX};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use cargo_metadata::Target;

use super::project::Project;
use crate::error::CannotRun;

/// Files of the user's build that are out of the way until this is dropped.
#[derive(Debug)]
pub(super) struct Kept {
    moves: Vec<Move>,
    _lock: File,
}

/// One file or folder, and where it is meanwhile.
#[derive(Debug)]
struct Move {
    place: PathBuf,
    aside: PathBuf,
    how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// Cargo replaces it by a link of its own: a link keeps the old one.
    Link,
    /// Cargo writes it in place.
    Copy,
    /// Cargo would take it for what is to be built.
    Rename,
}

impl Kept {
    /// Sets aside what the coming build writes under a name that the user's own build uses.
    pub(super) fn before_build(project: &Project) -> Result<Self, CannotRun> {
        let scratch = project.scratch();
        let lock = locked(&scratch).map_err(|error| cannot_keep(&scratch, error))?;
        let kept = Self { moves: moves(project, &scratch.join("kept")), _lock: lock };
        // A run that was killed left them aside.
        let leftovers = kept.moves.iter().filter(|one| one.aside.exists()).try_for_each(Move::put_back);
        leftovers
            .and_then(|()| kept.moves.iter().try_for_each(Move::set_aside))
            .map_err(|error| cannot_keep(&scratch, error))?;
        Ok(kept)
    }
}

impl Move {
    fn set_aside(&self) -> io::Result<()> {
        if !self.place.exists() {
            return Ok(());
        }
        self.aside.parent().map_or(Ok(()), fs::create_dir_all)?;
        match self.how {
            How::Link => {
                fs::hard_link(&self.place, &self.aside).or_else(|_| fs::copy(&self.place, &self.aside).map(drop))
            }
            How::Copy => fs::copy(&self.place, &self.aside).map(drop),
            How::Rename => fs::rename(&self.place, &self.aside),
        }
    }

    /// What was not there before is not there afterwards.
    fn put_back(&self) -> io::Result<()> {
        match fs::symlink_metadata(&self.place) {
            Ok(there) if there.is_dir() => fs::remove_dir_all(&self.place)?,
            Ok(_) => fs::remove_file(&self.place)?,
            Err(_) => {}
        }
        if self.aside.exists() { fs::rename(&self.aside, &self.place) } else { Ok(()) }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // What can't be put back now is put back by the next run, or written anew by the user's next build.
        for one in &self.moves {
            let _ = one.put_back();
        }
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

/// What has no hash of the build's features in its name.
fn moves(project: &Project, kept: &Path) -> Vec<Move> {
    let (output, intermediate) = (project.output_dir(), project.intermediate_dir());
    let mut moves = Vec::new();
    for package in project.reaching() {
        for name in package.targets.iter().flat_map(names) {
            let how = if name.ends_with(".d") { How::Copy } else { How::Link };
            let in_deps = Path::new("deps").join(&name);
            moves.push(Move { place: output.join(&name), aside: kept.join(&name), how });
            moves.push(Move { place: intermediate.join(&in_deps), aside: kept.join(&in_deps), how: How::Rename });
        }
        if package.targets.iter().any(is_dynamic) {
            moves.extend(fingerprints(&intermediate, &package.name, kept));
        }
    }
    moves.sort_by(|a, b| a.place.cmp(&b.place));
    moves.dedup_by(|a, b| a.place == b.place);
    moves
}

/// The names that cargo gives to what it builds of a target.
fn names(target: &Target) -> Vec<String> {
    if target.is_bin() {
        return vec![format!("{}{}", target.name, EXE_SUFFIX), format!("{}.d", target.name)];
    }
    let stem = target.name.replace('-', "_");
    let mut names = vec![format!("{stem}.d")];
    names.extend([".rlib", ".rmeta", ".a", ".d", DLL_SUFFIX].map(|suffix| format!("{DLL_PREFIX}{stem}{suffix}")));
    names
}

fn is_dynamic(target: &Target) -> bool {
    target.is_cdylib() || target.is_dylib()
}

/// Cargo tells builds of dynamic libraries apart by what these say, not by their names.
fn fingerprints(intermediate: &Path, package: &str, kept: &Path) -> Vec<Move> {
    let folder = Path::new(".fingerprint");
    let entries = fs::read_dir(intermediate.join(folder)).into_iter().flatten().flatten();
    let of_package = entries.filter(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.rsplit_once('-').is_some_and(|(name, _)| name == package)
    });
    let moved = of_package.map(|entry| {
        let name = folder.join(entry.file_name());
        Move { place: intermediate.join(&name), aside: kept.join(name), how: How::Rename }
    });
    moved.collect()
}
