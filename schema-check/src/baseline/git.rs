//! Reads a repository through the `git` program; never writes to it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::CannotRun;
use crate::files::Tree;

/// A repository's work tree.
#[derive(Debug)]
pub(super) struct Git {
    top: PathBuf,
}

impl Git {
    /// The repository that a folder is in.
    pub(super) fn at(folder: &Path) -> Option<Self> {
        let top = ask(folder, &["rev-parse", "--show-toplevel"])?;
        Some(Self { top: PathBuf::from(top) })
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
            let branch = revision.strip_prefix("origin/").unwrap_or(revision);
            CannotRun::new(
                format!("`--against git:{revision}` names no commit of this repository"),
                format!("git fetch {} {branch}", self.remote()),
            )
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
        Ok(default.filter(|target| self.commit(target).is_some()))
    }

    pub(super) fn merge_base(&self, head: &str, target: &str) -> Result<String, CannotRun> {
        self.ask(&["merge-base", head, target]).ok_or_else(|| {
            let message = format!("HEAD and `{target}` have no common commit");
            CannotRun::new(message, "name the state to compare with: `--against git:REV`")
        })
    }

    /// The files of ours below a folder, as a commit has them.
    pub(super) fn tree(&self, commit: &str, folder: &Path) -> Result<Tree, CannotRun> {
        let top = self.top.canonicalize().unwrap_or_else(|_| self.top.clone());
        let folder = resolved(folder);
        let Ok(within) = folder.strip_prefix(&top) else { return Ok(Tree::new()) };
        let prefix = format!("{}/", within.to_string_lossy().replace('\\', "/").trim_end_matches('/'));
        let listing = self.ask(&["ls-tree", "-r", "-z", "--name-only", commit, "--", &prefix]).unwrap_or_default();
        let ours = listing
            .split('\0')
            .filter_map(|path| path.strip_prefix(&prefix))
            .filter(|path| crate::files::is_ours(path));
        let paths: Vec<&str> = ours.collect();
        let contents = self.contents(commit, &prefix, &paths).map_err(|error| {
            CannotRun::new(format!("cannot read `{prefix}` at {commit}"), "see whether `git fsck` finds damage")
                .because(error)
        })?;
        Ok(paths.into_iter().map(str::to_owned).zip(contents).collect())
    }

    fn contents(&self, commit: &str, prefix: &str, paths: &[&str]) -> std::io::Result<Vec<Vec<u8>>> {
        let mut git = Command::new("git");
        git.arg("-C").arg(&self.top).args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = git.stderr(Stdio::null()).spawn()?;
        let asked: String = paths.iter().map(|path| format!("{commit}:{prefix}{path}\n")).collect();
        let stdin = child.stdin.take();
        // A thread of its own: git answers while it is still being asked.
        let asking = std::thread::spawn(move || stdin.map_or(Ok(()), |mut stdin| stdin.write_all(asked.as_bytes())));
        let output = child.wait_with_output()?;
        asking.join().map_err(|_| std::io::Error::other("the thread that asks git panicked"))??;
        batch(&output.stdout, paths.len()).ok_or_else(|| std::io::Error::other("git answered in another format"))
    }
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
fn resolved(folder: &Path) -> PathBuf {
    let existing = folder.ancestors().find_map(|parent| Some((parent, parent.canonicalize().ok()?)));
    existing.map_or_else(
        || folder.to_owned(),
        |(parent, real)| folder.strip_prefix(parent).map_or(real.clone(), |rest| real.join(rest)),
    )
}

fn ask(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim_end_matches('\n').to_owned())
}
