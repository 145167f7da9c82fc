//! `init`: what a project needs beside its events: a pipeline that checks, and files that read the same on every machine.

use std::fs;
use std::path::{Path, PathBuf};

use super::arguments::{Arguments, Init};
use super::check::State;
use super::environment::Environment;
use super::{Answer, Outcome, written};
use crate::baseline::{Asked, repository, resolved};
use crate::error::CannotRun;
use crate::files::{self, Change};
use crate::gate::{Folder, Plan, Report};

/// The workflow below the repository's top.
const WORKFLOW: &str = ".github/workflows/schema-check.yml";

/// What `init` found and does.
#[derive(Debug, Default)]
struct Setup {
    changes: Vec<Change>,
    told: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, init: &Init, environment: &Environment) -> Outcome {
    let mut state = State::load(arguments, environment, &Asked::default())?;
    let report = state.judge();
    let repository = repository(&state.root);
    let top = repository.as_deref().unwrap_or(&state.root);
    let mut setup = Setup::default();
    setup.attributes(top, &state.folders)?;
    setup.workflow(top, &state.root, init.github)?;
    files::write(&setup.changes)?;
    setup.told.extend(next(&report, repository.is_some()));
    let text = written(arguments.format(environment), &setup.changes, setup.told.concat());
    Ok(Answer { text, ..Answer::default() })
}

impl Setup {
    fn write(&mut self, top: &Path, file: &str, text: String, why: &str) {
        self.told.push(format!("wrote {file}: {why}\n"));
        self.changes.push(Change { path: top.join(file), text });
    }

    /// Schemas have the same bytes on every machine, so that a checkout changes none.
    fn attributes(&mut self, top: &Path, folders: &[Folder]) -> Result<(), CannotRun> {
        const FILE: &str = ".gitattributes";
        let before = read(&top.join(FILE))?.unwrap_or_default();
        let with_events = folders.iter().filter(|folder| folder.own && !folder.events.is_empty());
        let lines = with_events.filter_map(|folder| Some(format!("{}/** text eol=lf", within(top, &folder.path)?)));
        let lacking: Vec<String> = lines.filter(|line| !before.lines().any(|known| known.trim() == line)).collect();
        if lacking.is_empty() {
            return Ok(());
        }
        let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
        let text = format!("{before}{gap}{}\n", lacking.join("\n"));
        self.write(top, FILE, text, "schemas have the same bytes on every machine");
        Ok(())
    }

    fn workflow(&mut self, top: &Path, root: &Path, asked: bool) -> Result<(), CannotRun> {
        if let Some(file) = checked_by(top)? {
            self.told.push(format!("kept {file}: it runs schema-check already\n"));
        } else if top.join(WORKFLOW).exists() {
            self.told.push(format!("kept {WORKFLOW}\n"));
        } else if asked || top.join(".github").is_dir() {
            let text = workflow(within(top, root).as_deref());
            self.write(top, WORKFLOW, text, "each pull request is checked, with its merge base");
        }
        Ok(())
    }
}

/// A workflow that names the tool.
fn checked_by(top: &Path) -> Result<Option<String>, CannotRun> {
    let folder = top.join(".github/workflows");
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| is_workflow(path)).collect();
    paths.sort();
    for path in paths {
        if read(&path)?.is_some_and(|text| text.contains("schema-check")) {
            return Ok(within(top, &path));
        }
    }
    Ok(None)
}

fn is_workflow(path: &Path) -> bool {
    path.is_file() && path.extension().is_some_and(|end| end == "yml" || end == "yaml")
}

/// The text of a file, `None` where there is none.
fn read(path: &Path) -> Result<Option<String>, CannotRun> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let message = format!("cannot read `{}`", path.display());
            Err(CannotRun::new(message, "make the file readable").because(error))
        }
    }
}

/// A path below the top with slashes, `None` for the top itself and what is outside.
fn within(top: &Path, path: &Path) -> Option<String> {
    let (top, path) = (resolved(top), resolved(path));
    let within = path.strip_prefix(top).ok()?.to_string_lossy().replace('\\', "/");
    (!within.is_empty()).then_some(within)
}

fn workflow(subfolder: Option<&str>) -> String {
    let folder = subfolder.map(|folder| format!("    defaults:\n      run:\n        working-directory: {folder}\n"));
    format!(
        "name: schema-check\non:\n  pull_request:\n  push:\n    branches: [main, master]\npermissions:\n  contents: read\njobs:\n  \
         schema-check:\n    runs-on: ubuntu-latest\n{}    steps:\n      - uses: actions/checkout@v4\n        with:\n          \
         fetch-depth: 0 # the merge base with the target branch has to be there\n      \
         - run: cargo install --locked --git {} schema-check\n      - run: cargo schema-check\n",
        folder.unwrap_or_default(),
        env!("CARGO_PKG_REPOSITORY"),
    )
}

/// What to type next.
fn next(report: &Report, in_repository: bool) -> Vec<String> {
    let due = report.rows.iter().filter(|row| row.plan.as_ref().is_some_and(Plan::is_due)).count();
    let mut next = Vec::new();
    if report.rows.is_empty() {
        next.push("next: declare an event by `#[derive(DomainEvent)]`, then run `schema-check accept`\n".to_owned());
    } else if report.summary().exit == 1 {
        next.push("next: run `schema-check`, and mend what it finds\n".to_owned());
    } else if due > 0 {
        next.push(format!(
            "next: run `schema-check accept` (versions that the files lack: {due}), and commit schemas/\n"
        ));
    } else {
        next.push("next: commit; nothing else is to be done\n".to_owned());
    }
    if !in_repository {
        next.push("note: not in a git repository: `git init` gives the check a history to compare with\n".to_owned());
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workflow_runs_where_the_workspace_is() {
        insta::assert_snapshot!(format!("{}---\n{}", workflow(None), workflow(Some("rust/orders"))));
    }
}
