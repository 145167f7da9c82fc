//! The crates whose check is measured, in a workspace of their own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use crate::cost::{Cost, Counter};
use crate::generate::{Mode, source};

/// The variables by which this program, as cargo's wrapper of the compiler, learns what to do.
pub const COUNTER: &str = "EVENT_BENCHES_COUNTER";
/// Where the wrapper notes what a run cost.
pub const NOTE: &str = "EVENT_BENCHES_NOTE";

/// A crate without and one with the derive, equal in all else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// How many structs each has.
    pub structs: usize,
    /// What they are.
    pub mode: Mode,
}

impl Pair {
    fn name(self, events: bool) -> String {
        let mode = match self.mode {
            Mode::Plain => "plain",
            Mode::Steps => "steps",
        };
        format!("{}_{}_{mode}", if events { "events" } else { "baseline" }, self.structs)
    }
}

/// A workspace in which cargo checks the crates.
#[derive(Debug)]
pub struct Crates {
    root: PathBuf,
    counter: Counter,
}

impl Crates {
    /// Writes the crates of `pairs` and checks them once, so that all that they depend on is built.
    ///
    /// # Errors
    /// When a file can't be written, or a crate doesn't compile.
    pub fn write(root: PathBuf, repository: &Path, pairs: &[Pair], counter: Counter) -> io::Result<Self> {
        let names = pairs.iter().flat_map(|pair| [false, true].map(|events| (*pair, events)));
        let members: Vec<String> = names.clone().map(|(pair, events)| format!("\"{}\"", pair.name(events))).collect();
        fs::create_dir_all(&root)?;
        fs::write(
            root.join("Cargo.toml"),
            format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", ")),
        )?;
        fs::copy(repository.join("Cargo.lock"), root.join("Cargo.lock"))?;
        for (pair, events) in names {
            let folder = root.join(pair.name(events));
            fs::create_dir_all(folder.join("src"))?;
            fs::write(folder.join("Cargo.toml"), manifest(&pair.name(events), events.then_some(repository)))?;
            fs::write(folder.join("src/lib.rs"), source(pair.structs, pair.mode, events))?;
        }
        let crates = Self { root, counter };
        succeeded(crates.cargo(Counter::None).args(["check", "--workspace"]).status()?)?;
        Ok(crates)
    }

    /// What checking one crate costs; nothing else is compiled.
    ///
    /// # Errors
    /// When cargo can't be run, or the compiler noted nothing.
    pub fn check(&self, pair: Pair, events: bool) -> io::Result<Cost> {
        let source = self.root.join(pair.name(events)).join("src/lib.rs");
        // Written again, it is newer than what cargo knows of it.
        fs::write(&source, fs::read(&source)?)?;
        let _ = fs::remove_file(self.note());
        succeeded(self.cargo(self.counter).args(["check", "--quiet", "-p", &pair.name(events)]).status()?)?;
        Cost::noted(&self.note()).ok_or_else(|| io::Error::other("the compiler wasn't run"))
    }

    fn note(&self) -> PathBuf {
        self.root.join("cost")
    }

    fn cargo(&self, counter: Counter) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.root).env("CARGO_INCREMENTAL", "0").env("CARGO_TARGET_DIR", self.root.join("target"));
        cargo.env(COUNTER, counter.word()).env(NOTE, self.note());
        cargo.env("RUSTC_WORKSPACE_WRAPPER", std::env::current_exe().unwrap_or_default());
        cargo
    }
}

fn succeeded(status: ExitStatus) -> io::Result<()> {
    if status.success() { Ok(()) } else { Err(io::Error::other("cargo failed")) }
}

fn manifest(name: &str, repository: Option<&Path>) -> String {
    let event_core = repository.map(|root| format!("event-core = {{ path = \"{}/event-core\" }}\n", root.display()));
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nserde = {{ version = \"1\", features = [\"derive\"] }}\nschemars = \"1.2\"\n{}",
        event_core.unwrap_or_default()
    )
}
