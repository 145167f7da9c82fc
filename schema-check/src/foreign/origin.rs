//! Where a producer's schemas are read: a folder, a file, or a commit of a git repository.
//!
//! Of a repository nothing is checked out: names and contents come from git's own objects, so that no link, hook or
//! filter of it means anything here.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::find::{Listed, is_event_type, is_searched};
use crate::baseline::{self, blobs};
use crate::error::CannotRun;

/// The most files of a source that are looked at.
const MOST: usize = 200_000;

/// A source that was opened.
#[derive(Debug)]
pub(crate) enum Origin {
    /// A folder, or a file.
    Path(PathBuf),
    /// A commit, in a repository of our own that holds nothing else.
    Commit { repository: TempDir, commit: String, path: Option<String> },
}

impl Origin {
    /// A path of this machine.
    ///
    /// # Errors
    /// When nothing is there.
    pub(crate) fn at(path: &Path) -> Result<Self, CannotRun> {
        match path.canonicalize() {
            Ok(path) => Ok(Self::Path(path)),
            Err(error) => {
                let message = format!("cannot read `{}`", path.display());
                Err(CannotRun::new(message, "name a checkout of the producer, its `schemas/` or a file, or `git:URL`")
                    .because(error))
            }
        }
    }

    /// Fetches one commit of a repository.
    ///
    /// # Errors
    /// When git can't, or the name of the revision is none.
    pub(crate) fn fetch(url: &str, rev: Option<&str>, path: Option<&str>) -> Result<Self, CannotRun> {
        let revision = rev.unwrap_or("HEAD");
        check(url, revision)?;
        let repository = tempfile::tempdir()
            .map_err(|error| CannotRun::new("cannot make a temporary folder", "make room in it").because(error))?;
        let folder = repository.path();
        git(folder, &["init", "--quiet", "--bare", "--template="], url)?;
        let fetch = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--depth=1", "--", url, revision];
        let shallow = git(folder, &fetch, url);
        let commit = match (shallow, is_hash(revision)) {
            (Ok(_), _) => git(folder, &["rev-parse", "--verify", "FETCH_HEAD^{commit}"], url)?,
            // Not every server hands out a commit by its hash alone.
            (Err(_), true) => {
                let all = ["fetch", "--quiet", "--no-recurse-submodules", "--", url, "+refs/*:refs/fetched/*"];
                git(folder, &all, url)?;
                git(folder, &["rev-parse", "--verify", &format!("{revision}^{{commit}}")], url)?
            }
            (Err(error), false) => return Err(error),
        };
        let path = path.map(|path| path.trim_matches('/').to_owned()).filter(|path| !path.is_empty() && path != ".");
        Ok(Self::Commit { repository, commit, path })
    }

    /// The commit that is read, where git knows one; with changes that are in no commit, none says what is read.
    pub(crate) fn revision(&self) -> Option<String> {
        match self {
            Self::Commit { commit, .. } => Some(commit.clone()),
            Self::Path(path) => {
                let (folder, file) =
                    if path.is_dir() { (path.as_path(), ".") } else { (path.parent()?, path.file_name()?.to_str()?) };
                // Files that git ignores are of no commit.
                ask(folder, &["ls-files", "--error-unmatch", "--", file])?;
                let clean = ask(folder, &["status", "--porcelain", "--", file])?.is_empty();
                let commit = ask(folder, &["rev-parse", "--verify", "--quiet", "HEAD"])?;
                clean.then_some(commit)
            }
        }
    }

    /// The one file that was named, if it was one.
    ///
    /// # Errors
    /// When it can't be read.
    pub(crate) fn file(&self) -> Result<Option<Listed>, CannotRun> {
        match self {
            Self::Path(path) if path.is_file() => {
                let size = path.metadata().map_err(|error| unreadable(path, error))?.len();
                let shown = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                Ok(Some(Listed { path: shown, size, id: path.to_string_lossy().into_owned() }))
            }
            Self::Commit { path: Some(path), .. } => Ok(self.list()?.into_iter().find(|listed| listed.path == *path)),
            _ => Ok(None),
        }
    }

    /// The files, with their paths below the source.
    ///
    /// # Errors
    /// When a folder can't be read, or there are too many files.
    pub(crate) fn list(&self) -> Result<Vec<Listed>, CannotRun> {
        let listing = match self {
            Self::Path(path) => {
                // The folder of one type may be named; another name says nothing.
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let name = if is_event_type(&name) { name } else { ".".to_owned() };
                let mut listing = Vec::new();
                walk(path, &name, &mut listing).map_err(|error| unreadable(path, error))?;
                listing
            }
            Self::Commit { repository, commit, path } => {
                let tree = git(repository.path(), &["ls-tree", "-r", "-l", "-z", "--full-tree", commit], "it")?;
                let within = |listed: &Listed| {
                    let below = |path: &str| listed.path == path || listed.path.starts_with(&format!("{path}/"));
                    path.as_deref().is_none_or(below)
                };
                tree.split('\0').filter_map(entry).filter(within).take(MOST + 1).collect()
            }
        };
        if listing.len() > MOST {
            let message = format!("the source has more than {MOST} files");
            return Err(CannotRun::new(message, "name the folder of its schemas: a longer PATH, or `--path FOLDER`"));
        }
        Ok(listing)
    }

    /// The contents of files that were listed.
    ///
    /// # Errors
    /// When one can't be read.
    pub(crate) fn contents(&self, listed: &[&Listed]) -> Result<Vec<Vec<u8>>, CannotRun> {
        match self {
            Self::Path(_) => {
                let read =
                    |listed: &&Listed| fs::read(&listed.id).map_err(|error| unreadable(Path::new(&listed.id), error));
                listed.iter().map(read).collect()
            }
            Self::Commit { repository, .. } => {
                let ids: Vec<String> = listed.iter().map(|listed| listed.id.clone()).collect();
                blobs(repository.path(), &ids)
                    .map_err(|error| CannotRun::new("cannot read what git fetched", "try again").because(error))
            }
        }
    }
}

/// Refuses what git would take for a flag, a refspec or a program to run.
fn check(url: &str, revision: &str) -> Result<(), CannotRun> {
    let odd = |letter: char| letter.is_whitespace() || letter.is_control() || "~^:?*[\\".contains(letter);
    if revision.is_empty() || revision.starts_with(['-', '+']) || revision.contains("..") || revision.contains(odd) {
        let message = format!("`{revision}` is no name of a revision");
        return Err(CannotRun::new(message, "name a branch, a tag or a commit: `--rev main`"));
    }
    if url.is_empty() || url.starts_with('-') || url.contains("::") || url.contains(char::is_control) {
        let message = format!("`git:{url}` names no repository");
        return Err(CannotRun::new(message, "name one as git does: `git:https://example.org/shop.git`"));
    }
    Ok(())
}

fn is_hash(revision: &str) -> bool {
    (7..=64).contains(&revision.len()) && revision.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `100644 blob <id> <size>\t<path>`; links and other repositories are left out.
fn entry(line: &str) -> Option<Listed> {
    let (head, path) = line.split_once('\t')?;
    let mut words = head.split_whitespace();
    let is_file = words.next()?.starts_with("100") && words.next()? == "blob";
    let (id, size) = (words.next()?.to_owned(), words.next()?.parse().ok()?);
    is_file.then(|| Listed { path: path.to_owned(), size, id })
}

/// Collects the files below a folder; follows no links.
fn walk(folder: &Path, prefix: &str, listing: &mut Vec<Listed>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (kind, name) = (entry.file_type()?, entry.file_name());
        let Some(name) = name.to_str() else { continue };
        let path = format!("{prefix}/{name}");
        if kind.is_dir() && is_searched(name) && path.matches('/').count() < 64 {
            walk(&entry.path(), &path, listing)?;
        } else if kind.is_file() && name.ends_with(".json") && listing.len() <= MOST {
            let id = entry.path().to_string_lossy().into_owned();
            listing.push(Listed { path, size: entry.metadata()?.len(), id });
        }
    }
    Ok(())
}

fn command(folder: &Path) -> Command {
    let mut command = baseline::git(folder);
    command.args(["-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=60"]);
    command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh").stdin(Stdio::null());
    command
}

fn git(folder: &Path, arguments: &[&str], url: &str) -> Result<String, CannotRun> {
    let output = command(folder).args(arguments).output();
    let output = output.map_err(|error| CannotRun::new("cannot run `git`", "install git").because(error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or_default().trim_start_matches("fatal: ").to_owned();
    let message = format!("git cannot read `{url}`: {said}");
    Err(CannotRun::new(message, "see whether `git ls-remote` of the same reads it, and whether it has the revision"))
}

fn ask(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = command(folder).args(arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn unreadable(path: &Path, error: io::Error) -> CannotRun {
    CannotRun::new(format!("cannot read `{}`", path.display()), "make it readable, or name another path").because(error)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn git_gets_no_flags_refspecs_or_programs_by_the_names_of_urls_and_revisions() {
        for (url, revision) in [
            ("--upload-pack=touch x", "main"),
            ("ext::sh -c x", "main"),
            ("https://example.org/a.git", "--all"),
            ("https://example.org/a.git", "+refs/heads/*"),
            ("https://example.org/a.git", "a:b"),
            ("https://example.org/a.git", "a b"),
            ("", "main"),
        ] {
            assert!(check(url, revision).is_err(), "{url} {revision}");
        }
        assert!(check("git@example.org:shop/orders.git", "release/2.0").is_ok());
    }

    #[test]
    fn links_and_other_repositories_in_a_commit_are_left_out() {
        let file = entry("100644 blob 1234      17\ta b/v1.json").unwrap();
        assert_eq!((file.path.as_str(), file.size, file.id.as_str()), ("a b/v1.json", 17, "1234"));
        assert_eq!(entry("120000 blob 1234      17\ta/link.json"), None);
        assert_eq!(entry("160000 commit 1234       -\tsub"), None);
    }
}
