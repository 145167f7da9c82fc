//! Where a server comes from: given, on the machine, or installed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{Server, State};
use crate::interrupt::Interrupt;
use crate::machine::{Machine, NotInstalled, Package};
use crate::process::capture;

/// How long a program may take to tell its version.
const VERSION_LIMIT: Duration = Duration::from_secs(10);

/// Where a server comes from.
pub(super) enum Found {
    /// Its address was given.
    Given(String),
    /// Its program is on the machine.
    Program {
        /// The program.
        file: PathBuf,
        /// What it says of its version.
        version: Option<String>,
        /// Where it came from.
        how: String,
    },
}

/// Finds `server`, or installs it.
pub(super) fn find(server: &Server, machine: &Machine, interrupt: &Interrupt) -> Result<Found, State> {
    if let Some(url) = machine.variable(server.variable) {
        return Ok(Found::Given(url));
    }
    found_or_installed(server, machine, interrupt)
}

/// The folder with the programs of `server`, for whoever starts one of its own.
///
/// # Errors
/// Why there is none, and what would help.
pub fn programs(server: &Server, machine: &Machine, interrupt: &Interrupt) -> Result<PathBuf, String> {
    match found_or_installed(server, machine, interrupt) {
        Ok(Found::Program { file, .. }) => Ok(file.canonicalize().unwrap_or(file).with_file_name("")),
        Err(State::Skipped { reason } | State::Unavailable { reason }) => Err(reason),
        Ok(Found::Given(_)) | Err(State::Ran { .. }) => Err(format!("no program {}", described(server))),
    }
}

fn found_or_installed(server: &Server, machine: &Machine, interrupt: &Interrupt) -> Result<Found, State> {
    if let Some((file, version)) = program(server, machine, interrupt) {
        let how = format!("started {}", file.display());
        return Ok(Found::Program { file, version, how });
    }
    let mut state = State::Unavailable { reason: "this platform has no package of it".to_owned() };
    for package in server.packages {
        match install(server, package, machine, interrupt) {
            Ok(found) => return Ok(found),
            // What could help is told rather than what can't.
            Err(State::Unavailable { .. }) if state.is_skipped() => {}
            Err(other) => state = other,
        }
    }
    Err(state)
}

fn install(server: &Server, package: &Package, machine: &Machine, interrupt: &Interrupt) -> Result<Found, State> {
    let Some(install) = machine.installer(package) else {
        let what = described(server);
        let reason = format!("no program {what}; install the package {package}, or set {}", server.variable);
        return Err(State::Skipped { reason });
    };
    install(package, interrupt).map_err(|error| match error {
        NotInstalled::NoSuchPackage => State::Unavailable { reason: format!("no package {package}") },
        NotInstalled::Failed(reason) => State::Skipped { reason: format!("cannot install {package}: {reason}") },
    })?;
    let (file, version) = program(server, machine, interrupt).ok_or_else(|| State::Skipped {
        reason: format!("the package {package} brought no program {}", described(server)),
    })?;
    Ok(Found::Program { file, version, how: format!("installed {package}, started") })
}

fn described(server: &Server) -> String {
    match server.version {
        None => format!("`{}`", server.program),
        Some(version) => format!("`{}` of version {version}", server.program),
    }
}

/// The first program of the right version, and what it says of its version.
fn program(server: &Server, machine: &Machine, interrupt: &Interrupt) -> Option<(PathBuf, Option<String>)> {
    let packages = server.packages.iter().filter_map(Package::place);
    let places: Vec<PathBuf> = (server.places)().into_iter().chain(packages).collect();
    let said = |file: PathBuf| {
        let version = version(&file, interrupt);
        (file, version)
    };
    machine.programs(server.program, &places).map(said).find(|(_, said)| is_of(server.version, said.as_deref()))
}

fn version(file: &Path, interrupt: &Interrupt) -> Option<String> {
    let said = capture(Command::new(file).arg("--version"), VERSION_LIMIT, interrupt).ok()?;
    said.lines().next().map(spoken)
}

/// What a program says of its version, without the folder that some name themselves with, and without the machine that
/// it was built for.
fn spoken(line: &str) -> String {
    let (line, _) = line.split_once(" for ").unwrap_or((line, ""));
    let mut words = line.split_whitespace();
    let name = words.next().unwrap_or_default();
    let name = name.rsplit_once('/').map_or(name, |(_, name)| name);
    std::iter::once(name).chain(words).collect::<Vec<_>>().join(" ")
}

/// Whether a program that says `said` is of version `wanted`: 15.2 is of version 15, 150.2 isn't.
fn is_of(wanted: Option<&str>, said: Option<&str>) -> bool {
    let Some(wanted) = wanted else { return true };
    let begins = |word: &str| word.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    said.is_some_and(|said| said.split_whitespace().any(begins))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_of_a_version_by_whole_numbers() {
        let said = Some("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)");
        assert!(is_of(Some("15"), said));
        assert!(is_of(Some("15.18"), said));
        assert!(!is_of(Some("1"), said));
        assert!(!is_of(Some("13"), said));
        assert!(!is_of(Some("15"), Some("postgres (PostgreSQL) 150.1")));
        assert!(is_of(None, None));
        assert!(!is_of(Some("15"), None));
    }

    #[test]
    fn a_program_is_named_without_its_folder() {
        assert_eq!(spoken("/usr/sbin/mysqld  Ver 8.0.46 for Linux on x86_64 "), "mysqld Ver 8.0.46");
        assert_eq!(spoken("postgres (PostgreSQL) 15.18"), "postgres (PostgreSQL) 15.18");
    }
}
