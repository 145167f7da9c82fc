//! Who sits the exam: a program that answers lines as `schema-check compare --jsonl` does.

use std::env;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde::Deserialize;

use super::case::Case;
use crate::interrupt::Interrupt;
use crate::process::capture;

/// How long all answers to one question paper may take, with building the program.
const LIMIT: Duration = Duration::from_secs(3600);
/// The rivals that `benches/rivals` can speak for.
const RIVALS: [&str; 3] = ["jsoncompat", "json-schema-diff", "canonical"];

/// A program that answers.
#[derive(Debug, Clone)]
pub struct Program {
    /// What tables call it.
    pub name: String,
    arguments: Vec<String>,
    folder: PathBuf,
    ours: bool,
}

/// schema-check of this workspace, unoptimised unless asked.
#[must_use]
pub fn ours(root: &Path, release: bool) -> Program {
    let mut arguments = vec!["run", "--quiet", "--package", "schema-check"];
    arguments.extend(release.then_some("--release"));
    arguments.extend(["--", "compare"]);
    Program { name: "schema-check".into(), arguments: owned(&arguments), folder: root.into(), ours: true }
}

/// The rivals that can be built.
#[must_use]
pub fn rivals(root: &Path) -> Vec<Program> {
    let seat = |name: &&str| {
        let arguments = [
            "run",
            "--quiet",
            "--release",
            "--manifest-path",
            "benches/rivals/Cargo.toml",
            "--bin",
            "rival",
            "--",
            name,
        ];
        Program { name: (*name).to_owned(), arguments: owned(&arguments), folder: root.into(), ours: false }
    };
    RIVALS.iter().map(seat).collect()
}

fn owned(arguments: &[&str]) -> Vec<String> {
    arguments.iter().map(|&argument| argument.to_owned()).collect()
}

impl Program {
    fn command(&self, semantics: &str, file: &Path) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.folder).args(&self.arguments);
        if self.ours {
            command.args(["--semantics", semantics, "--jsonl"]);
        }
        command.arg(file);
        command
    }
}

/// What a program says of one direction of a case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Answer {
    /// `compatible`, `breaking` or `unknown`.
    pub verdict: String,
    /// Why it is unknown.
    #[serde(default)]
    pub reason: String,
}

#[derive(Deserialize)]
struct Line {
    id: usize,
    backward: Answer,
    forward: Answer,
}

/// What a program says, case by case.
#[derive(Debug)]
pub struct Answers(Vec<[Answer; 2]>);

impl Answers {
    /// Asks for both directions of all cases.
    ///
    /// # Errors
    /// The program can't run, or doesn't answer each line in its place.
    pub fn ask(program: &Program, cases: &[Case], interrupt: &Interrupt) -> Result<Self, String> {
        let mut answers: Vec<Option<[Answer; 2]>> = vec![None; cases.len()];
        for (events, semantics) in [(false, "validation"), (true, "events")] {
            let mut paper = String::new();
            for (number, case) in cases.iter().enumerate().filter(|(_, case)| case.events == events) {
                writeln!(paper, r#"{{"id": {number}, {}}}"#, case.line).map_err(|error| error.to_string())?;
            }
            for line in answered(program, semantics, &paper, interrupt)? {
                if let Some(place) = answers.get_mut(line.id) {
                    *place = Some([line.backward, line.forward]);
                }
            }
        }
        let all: Option<Vec<[Answer; 2]>> = answers.into_iter().collect();
        all.map(Self).ok_or_else(|| format!("{} left a line without an answer", program.name))
    }

    /// The answers to a case.
    #[must_use]
    pub fn to(&self, number: usize) -> Option<&[Answer; 2]> {
        self.0.get(number)
    }
}

fn answered(program: &Program, semantics: &str, paper: &str, interrupt: &Interrupt) -> Result<Vec<Line>, String> {
    let folder = tempfile::tempdir().map_err(|error| format!("cannot make a temporary folder: {error}"))?;
    let file = folder.path().join("paper.jsonl");
    std::fs::write(&file, paper).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    let printed = capture(&mut program.command(semantics, &file), LIMIT, interrupt)?;
    let lines = printed.lines().filter(|line| line.starts_with('{'));
    let read =
        |line| serde_json::from_str(line).map_err(|error| format!("an answer of {} is none: {error}", program.name));
    lines.map(read).collect()
}
