//! Reads a repository through the `git` program; never writes to it.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::CannotRun;
use crate::files::Tree;

/// What git may not be told by the environment of a hook.
const OF_HOOKS: [&str; 6] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE"];

/// A repository's work tree.
#[derive(Debug)]
pub(super) struct Git {
    top: PathBuf,
}

impl Git {
    /// The repository that a folder is in; one that git refuses to read is an error, not none.
    pub(super) fn at(folder: &Path) -> Result<Option<Self>, CannotRun> {
        if let Some(top) = ask(folder, &["rev-parse", "--show-toplevel"]) {
            return Ok(Some(Self { top: PathBuf::from(top) }));
        }
        let Some(top) = repository_of(folder) else { return Ok(None) };
        let output = git(folder).args(["rev-parse", "--show-toplevel"]).output();
        let said = output.map_or_else(|error| error.to_string(), |output| said(&output.stderr));
        let message = format!("git cannot read the repository of `{}`: {said}", folder.display());
        let help = if said.contains("dubious ownership") {
            format!("git config --global --add safe.directory '{}'", top.display())
        } else {
            "see what `git status` says, and mend the repository".to_owned()
        };
        Err(CannotRun::new(message, help))
    }

    /// Whether a folder lies in the work tree, so that a commit can hold its files; a submodule in it is another one.
    pub(super) fn holds(&self, folder: &Path) -> bool {
        let top = self.top.canonicalize().unwrap_or_else(|_| self.top.clone());
        self.within(folder).is_some() && repository_of(&resolved(folder)).is_none_or(|repository| repository == top)
    }

    fn within(&self, folder: &Path) -> Option<PathBuf> {
        let top = self.top.canonicalize().unwrap_or_else(|_| self.top.clone());
        resolved(folder).strip_prefix(&top).ok().map(Path::to_owned)
    }

    fn ask(&self, arguments: &[&str]) -> Option<String> {
        ask(&self.top, arguments)
    }

    /// The checked-out commit.
    pub(super) fn head(&self) -> Option<String> {
        self.commit("HEAD")
    }

    fn commit(&self, revision: &str) -> Option<String> {
        self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")])
    }

    pub(super) fn parent(&self, commit: &str) -> Option<String> {
        self.commit(&format!("{commit}^1"))
    }

    fn is_shallow(&self) -> bool {
        self.ask(&["rev-parse", "--is-shallow-repository"]).as_deref() == Some("true")
    }

    /// In a shallow clone the merge base is not there.
    pub(super) fn must_not_be_shallow(&self) -> Result<(), CannotRun> {
        if !self.is_shallow() {
            return Ok(());
        }
        Err(CannotRun::new(
            "the clone is shallow, so the state before this change is not in it",
            format!(
                "git fetch --unshallow {}  (in GitHub Actions: `fetch-depth: 0` for actions/checkout)",
                self.remote()
            ),
        ))
    }

    /// A shallow clone may hold the revision all the same.
    pub(super) fn must_not_be_shallow_for(&self, revision: &str) -> Result<(), CannotRun> {
        if self.commit(revision).is_some() { Ok(()) } else { self.must_not_be_shallow() }
    }

    /// The commit that was asked for.
    pub(super) fn resolve(&self, revision: &str) -> Result<String, CannotRun> {
        self.commit(revision).ok_or_else(|| {
            let message = format!("`--against git:{revision}` names no commit of this repository");
            let remote = self.remote();
            let branch = revision.strip_prefix(&format!("{remote}/")).unwrap_or(revision);
            let letter = |letter: char| letter.is_alphanumeric() || "/._-".contains(letter);
            let is_name = !branch.is_empty() && !branch.starts_with('-') && branch.chars().all(letter);
            let help = "name a branch, a tag or a commit: `--against git:main`".to_owned();
            CannotRun::new(message, if is_name { format!("git fetch {remote} {branch}") } else { help })
        })
    }

    fn remote(&self) -> String {
        let remotes = self.ask(&["remote"]).unwrap_or_default();
        let first = remotes.lines().next().unwrap_or("origin");
        remotes.lines().find(|remote| *remote == "origin").unwrap_or(first).to_owned()
    }

    /// The branch that the change goes to: of the pull request, else the remote's default one.
    pub(super) fn target(&self, of_pull_request: Option<&str>) -> Result<Option<String>, CannotRun> {
        let remote = self.remote();
        if let Some(branch) = of_pull_request {
            let target = format!("{remote}/{branch}");
            if self.commit(&target).is_some() {
                return Ok(Some(target));
            }
            let message = format!("the target branch `{target}` is not in this clone");
            return Err(CannotRun::new(message, format!("git fetch {remote} {branch}:refs/remotes/{target}")));
        }
        let head = self.ask(&["symbolic-ref", "--quiet", &format!("refs/remotes/{remote}/HEAD")]);
        let default = head.and_then(|head| head.strip_prefix("refs/remotes/").map(str::to_owned));
        // Pipelines fetch into an empty repository: no clone told what the default branch is.
        let usual = ["main", "master"].map(|branch| format!("{remote}/{branch}"));
        Ok(default.into_iter().chain(usual).find(|target| self.commit(target).is_some()))
    }

    pub(super) fn merge_base(&self, head: &str, target: &str) -> Result<String, CannotRun> {
        self.ask(&["merge-base", head, target]).ok_or_else(|| {
            let message = format!("HEAD and `{target}` have no common commit");
            CannotRun::new(message, "name the state to compare with: `--against git:REV`")
        })
    }

    /// The files of ours below a folder, as a commit has them.
    pub(super) fn tree(&self, commit: &str, folder: &Path) -> Result<Tree, CannotRun> {
        let Some(prefix) = self.prefix(folder) else { return Ok(Tree::new()) };
        let listing = self.listing(commit, &prefix)?;
        let ours = listing.iter().filter_map(|path| path.strip_prefix(&prefix));
        self.read(commit, &prefix, ours.filter(|path| crate::files::is_ours(path)).collect())
    }

    /// What a commit has in folders of schemas that are not there any more: their package may have moved.
    pub(super) fn gone(&self, commit: &str, folders: &[PathBuf]) -> Result<Vec<Tree>, CannotRun> {
        let mut gone: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let listing = self.listing(commit, "")?;
        for path in &listing {
            if let Some((folder, file)) = crate::files::in_folder(path) {
                gone.entry(folder).or_default().push(file);
            }
        }
        let there = |folder: &str| {
            let path = self.top.join(folder);
            path.exists() || folders.iter().any(|known| resolved(known) == resolved(&path))
        };
        let gone = gone.into_iter().filter(|(folder, _)| !there(folder));
        gone.map(|(folder, files)| self.read(commit, &format!("{folder}/"), files)).collect()
    }

    /// A folder as git names it, with a slash at its end; nothing for the work tree itself.
    fn prefix(&self, folder: &Path) -> Option<String> {
        let within = self.within(folder)?.to_string_lossy().replace('\\', "/");
        Some(if within.is_empty() { within } else { format!("{}/", within.trim_end_matches('/')) })
    }

    /// Every file below a prefix; a name that isn't UTF-8 is none of ours.
    fn listing(&self, commit: &str, prefix: &str) -> Result<Vec<String>, CannotRun> {
        let mut git = git(&self.top);
        git.args(["ls-tree", "-r", "-z", "--name-only", commit]);
        git.args((!prefix.is_empty()).then_some(["--", prefix]).into_iter().flatten());
        let output = git.output().map_err(|error| damaged(prefix, commit).because(error))?;
        if !output.status.success() {
            return Err(damaged(prefix, commit).because(said(&output.stderr)));
        }
        let names = output.stdout.split(|byte| *byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
        Ok(names.filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    fn read(&self, commit: &str, prefix: &str, paths: Vec<&str>) -> Result<Tree, CannotRun> {
        let names: Vec<String> = paths.iter().map(|path| format!("{commit}:{prefix}{path}")).collect();
        let contents = blobs(&self.top, &names).map_err(|error| damaged(prefix, commit).because(error))?;
        Ok(paths.into_iter().map(str::to_owned).zip(contents).collect())
    }
}

fn damaged(prefix: &str, commit: &str) -> CannotRun {
    CannotRun::new(format!("cannot read `{prefix}` at {commit}"), "see whether `git fsck` finds damage")
}

/// `git` in a folder. In a hook it is told of another repository, or of an index that is being written.
pub(crate) fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder);
    for name in OF_HOOKS {
        git.env_remove(name);
    }
    git
}

/// The work tree that a folder is in.
pub(crate) fn repository_of(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|parent| parent.join(".git").exists()).map(Path::to_owned)
}

/// The contents that git knows by these names, each without a line break.
pub(crate) fn blobs(repository: &Path, names: &[String]) -> std::io::Result<Vec<Vec<u8>>> {
    let mut git = git(repository);
    git.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = git.stderr(Stdio::null()).spawn()?;
    let asked: String = names.iter().map(|name| format!("{name}\n")).collect();
    let stdin = child.stdin.take();
    // A thread of its own: git answers while it is still being asked.
    let asking = std::thread::spawn(move || stdin.map_or(Ok(()), |mut stdin| stdin.write_all(asked.as_bytes())));
    let output = child.wait_with_output()?;
    asking.join().map_err(|_| std::io::Error::other("the thread that asks git panicked"))??;
    batch(&output.stdout, names.len()).ok_or_else(|| std::io::Error::other("git answered in another format"))
}

/// `<id> blob <size>\n<content>\n`, once for each.
fn batch(mut output: &[u8], count: usize) -> Option<Vec<Vec<u8>>> {
    let mut contents = Vec::with_capacity(count);
    for _ in 0..count {
        let end = output.iter().position(|byte| *byte == b'\n')?;
        let head = std::str::from_utf8(output.get(..end)?).ok()?;
        let size: usize = head.rsplit_once(' ')?.1.parse().ok()?;
        let start = end + 1;
        contents.push(output.get(start..start + size)?.to_vec());
        output = output.get(start + size + 1..)?;
    }
    Some(contents)
}

/// The folder with its links followed, as far as it exists.
pub(crate) fn resolved(folder: &Path) -> PathBuf {
    let existing = folder.ancestors().find_map(|parent| Some((parent, parent.canonicalize().ok()?)));
    existing.map_or_else(
        || folder.to_owned(),
        |(parent, real)| folder.strip_prefix(parent).map_or(real.clone(), |rest| real.join(rest)),
    )
}

fn said(stderr: &[u8]) -> String {
    let said = String::from_utf8_lossy(stderr);
    said.lines().next().unwrap_or_default().trim_start_matches("fatal: ").to_owned()
}

fn ask(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = git(folder).args(arguments).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim_end_matches('\n').to_owned())
}
