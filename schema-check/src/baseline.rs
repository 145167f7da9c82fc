//! What the events are compared with besides the files: an earlier state of them, from git or from a folder.

mod git;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::CannotRun;
use crate::files::{Tree, read_dir};
use git::Git;
pub(crate) use git::{blobs, git, repository_of as repository, resolved};

/// What was asked for, and what the environment says.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// `--against`.
    pub against: Option<String>,
    /// Whether it runs in a pipeline: the variable `CI`.
    pub ci: bool,
    /// The target branch of a pull request: the variable `GITHUB_BASE_REF`.
    pub target_branch: Option<String>,
}

/// An earlier state of `schemas/` folders.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    /// How reports name it.
    pub name: String,
    /// The files, by the folder in today's tree; `None` when only the files count.
    pub trees: Option<BTreeMap<PathBuf, Tree>>,
    /// What was in folders that are not there any more: their package may have moved.
    pub gone: Vec<Tree>,
}

impl Baseline {
    fn files_alone(why: &str) -> Self {
        Self { name: format!("the files alone: {why}"), ..Self::default() }
    }

    /// The state of one folder.
    #[must_use]
    pub fn tree(&self, folder: &Path) -> Option<&Tree> {
        self.trees.as_ref().and_then(|trees| trees.get(folder))
    }
}

/// Finds the baseline of the folders, which lie in the workspace at `root`.
///
/// # Errors
/// When a baseline was asked for, or is needed in a pipeline, and can't be read.
pub fn find(asked: &Asked, root: &Path, folders: &[PathBuf]) -> Result<Baseline, CannotRun> {
    match asked.against.as_deref().map(|against| (against, against.strip_prefix("git:"))) {
        Some((_, Some(revision))) => {
            let git = Git::at(root)?.ok_or_else(|| no_repository(root))?;
            git.must_not_be_shallow_for(revision)?;
            of_revision(&git, &git.resolve(revision)?, revision, root, folders)
        }
        Some((folder, None)) => of_folder(Path::new(folder), root, folders),
        None if !asked.ci => Ok(Baseline::files_alone("not in a pipeline (`CI` is not set)")),
        None => in_pipeline(asked, root, folders),
    }
}

fn in_pipeline(asked: &Asked, root: &Path, folders: &[PathBuf]) -> Result<Baseline, CannotRun> {
    let Some(git) = Git::at(root)? else { return Ok(Baseline::files_alone("not in a git repository")) };
    git.must_not_be_shallow()?;
    let Some(head) = git.head() else { return Ok(Baseline::files_alone("nothing is committed yet")) };
    let Some(target) = git.target(asked.target_branch.as_deref())? else {
        return Ok(Baseline::files_alone("there is no remote-tracking default branch"));
    };
    let base = git.merge_base(&head, &target)?;
    if base != head {
        return of_revision(&git, &base, &format!("the merge base with {target}"), root, folders);
    }
    match git.parent(&head) {
        Some(parent) => of_revision(&git, &parent, "HEAD^1", root, folders),
        None => Ok(Baseline::files_alone("the first commit has nothing before it")),
    }
}

fn of_revision(git: &Git, commit: &str, name: &str, root: &Path, folders: &[PathBuf]) -> Result<Baseline, CannotRun> {
    let mut trees = BTreeMap::new();
    // What git can't know is judged against the files alone.
    for folder in folders.iter().filter(|folder| git.holds(folder)) {
        trees.insert(folder.clone(), git.tree(commit, folder)?);
    }
    let short: String = commit.chars().take(12).collect();
    let outside: Vec<String> =
        folders.iter().filter(|folder| !git.holds(folder)).map(|folder| shown(folder, root)).collect();
    let alone = match outside.len() {
        0 => String::new(),
        _ => format!("; {} of another repository or of none: the files alone", outside.join(", ")),
    };
    let gone = git.gone(commit, folders)?;
    Ok(Baseline { name: format!("git {short} ({name}){alone}"), trees: Some(trees), gone })
}

fn shown(folder: &Path, root: &Path) -> String {
    folder.strip_prefix(root).unwrap_or(folder).display().to_string()
}

/// A folder holds `<type>/…`, or is a checkout of the whole workspace.
fn of_folder(folder: &Path, root: &Path, folders: &[PathBuf]) -> Result<Baseline, CannotRun> {
    if !folder.is_dir() {
        let message = format!("`--against {}` names no folder", folder.display());
        return Err(CannotRun::new(message, "name a folder like `schemas/`, or a git revision: `--against git:main`"));
    }
    let mut trees = BTreeMap::new();
    for ours in folders {
        let within = ours.strip_prefix(root).ok().map(|relative| folder.join(relative)).filter(|path| path.is_dir());
        trees.insert(ours.clone(), read_dir(&within.unwrap_or_else(|| folder.to_owned()))?);
    }
    Ok(Baseline { name: format!("the folder {}", folder.display()), trees: Some(trees), gone: Vec::new() })
}

fn no_repository(root: &Path) -> CannotRun {
    let message = format!("`{}` is not in a git repository", root.display());
    CannotRun::new(message, "drop `--against git:…`, or name a folder: `--against DIR`")
}
