//! Throw-away cargo projects that share one target folder, so that dependencies are built once.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// What every file with events starts with.
pub(crate) const IMPORTS: &str =
    "use event_core::DomainEvent;\nuse schemars::JsonSchema;\nuse serde::{Deserialize, Serialize};\n";
/// The line of an event's derives.
pub(crate) const DERIVES: &str = "#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]\n";

/// A folder with a project in it.
pub(crate) struct Project {
    folder: TempDir,
}

/// What a run of the tool came to.
pub(crate) struct Run {
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// What was printed.
    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }

    /// What was printed; a report is what its published schema says.
    pub(crate) fn json(&self) -> Value {
        let told = self.value();
        if told.get("summary").is_some() || told.get("error").is_some() {
            let schema = serde_json::from_str(schema_check::report::JSON_SCHEMA).unwrap();
            let schema = jsonschema::validator_for(&schema).unwrap();
            let errors: Vec<String> = schema.iter_errors(&told).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:#?} in {told:#}");
        }
        told
    }

    /// The row of a version.
    pub(crate) fn row(&self, event_type: &str, version: u32) -> Value {
        let json = self.json();
        let rows = json["events"].as_array().unwrap();
        let row = rows.iter().find(|row| row["type"] == event_type && row["version"] == version);
        row.unwrap_or_else(|| panic!("no {event_type} v{version} in {json:#}")).clone()
    }

    pub(crate) fn expect(self, exit: i32) -> Self {
        assert_eq!(self.exit, exit, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

/// Where all projects are built.
pub(crate) fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects")
}

/// The dependencies of a package with events.
pub(crate) fn dependencies() -> String {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../event-core");
    format!(
        "event-core = {{ path = {core:?} }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\nschemars = \"1\"\n"
    )
}

/// A manifest of a package by itself.
pub(crate) fn manifest(name: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{}",
        dependencies()
    )
}

impl Project {
    /// An empty project with our own lock file, so that nothing has to be downloaded.
    pub(crate) fn new() -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        fs::copy(lock, project.path("Cargo.lock")).unwrap();
        project
    }

    /// A package with one library file.
    pub(crate) fn library(name: &str, source: &str) -> Self {
        let project = Self::new();
        project.write("Cargo.toml", &manifest(name));
        project.source(source);
        project
    }

    pub(crate) fn source(&self, source: &str) {
        self.write("src/lib.rs", &format!("{IMPORTS}{source}"));
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Every file below a folder, sorted.
    pub(crate) fn files(&self, folder: &str) -> Vec<String> {
        let mut files = Vec::new();
        let mut open = vec![self.path(folder)];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    files.push(path.strip_prefix(self.folder.path()).unwrap().to_string_lossy().into_owned());
                }
            }
        }
        files.sort();
        files
    }

    /// Runs the tool outside of any pipeline.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[])
    }

    pub(crate) fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
        run(Command::new(env!("CARGO_BIN_EXE_schema-check")).args(arguments).arg("--offline"), self, environment)
    }

    pub(crate) fn cargo(&self, arguments: &[&str]) -> Run {
        run(Command::new("cargo").args(arguments).arg("--offline"), self, &[])
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        git.arg("-C").arg(self.folder.path()).args(["-c", "user.name=Test", "-c", "user.email=test@example.org"]);
        let output = git.args(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
        self.git(&["rev-parse", "HEAD"])
    }
}

fn run(command: &mut Command, project: &Project, environment: &[(&str, &str)]) -> Run {
    for unset in [
        "CI",
        "GITHUB_BASE_REF",
        "GITHUB_ACTIONS",
        "GITHUB_WORKSPACE",
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTFLAGS",
    ] {
        command.env_remove(unset);
    }
    command.current_dir(project.folder.path()).env("CARGO_TARGET_DIR", target()).envs(environment.iter().copied());
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Run { exit: status.code().unwrap_or(-1), stdout: text(stdout), stderr: text(stderr) }
}
