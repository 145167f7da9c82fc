//! What the machine offers: its environment, its programs, and whether we may install more.

mod apt;
mod cache;
mod npm;
mod package;
pub mod release;
mod unpacked;

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub use package::Package;

use crate::interrupt::Interrupt;

/// Installs a package, or says why it could not.
pub type Install = fn(package: &Package, interrupt: &Interrupt) -> Result<(), NotInstalled>;

/// Why a package was not installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotInstalled {
    /// This platform has no such package.
    NoSuchPackage,
    /// There is one, but installing it failed.
    Failed(String),
}

/// The environment that servers are looked for in.
#[derive(Debug, Clone)]
pub struct Machine {
    /// The environment variables.
    pub variables: BTreeMap<OsString, OsString>,
    /// How to install a package of Debian; `None` where we may not.
    pub debian: Option<Install>,
    /// How to fetch a package of npm; `None` where we can't.
    pub npm: Option<Install>,
    /// How to fetch a package of another release; `None` where we can't.
    pub release: Option<Install>,
}

impl Machine {
    /// This machine, as it is.
    #[must_use]
    pub fn this() -> Self {
        let bare = Self { variables: env::vars_os().collect(), debian: None, npm: None, release: None };
        let debian = apt::may_install().then_some(apt::install as Install);
        let npm = bare.program("npm", &[]).is_some().then_some(npm::fetch as Install);
        let release = unpacked::can_fetch(&bare).then_some(unpacked::fetch as Install);
        Self { debian, npm, release, ..bare }
    }

    /// How to get `package` here, if at all.
    #[must_use]
    pub fn installer(&self, package: &Package) -> Option<Install> {
        match package {
            Package::Debian(_) => self.debian,
            Package::Npm { .. } => self.npm,
            Package::Of { .. } => self.release,
        }
    }

    /// The text of an environment variable; an empty one counts as absent.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<String> {
        let text = self.variables.get(&OsString::from(name))?.to_string_lossy().into_owned();
        (!text.is_empty()).then_some(text)
    }

    /// Whether this is a CI run, in which nothing may be skipped.
    #[must_use]
    pub fn is_ci(&self) -> bool {
        self.variable("CI").is_some_and(|text| !matches!(text.as_str(), "0" | "false"))
    }

    /// The first executable file called `program` on PATH, then in `places`.
    #[must_use]
    pub fn program(&self, program: &str, places: &[PathBuf]) -> Option<PathBuf> {
        self.programs(program, places).next()
    }

    /// Every executable file called `program`, on PATH, then in `places`.
    pub fn programs(&self, program: &str, places: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
        let path = self.variables.get(&OsString::from("PATH"));
        let on_path = path.into_iter().flat_map(env::split_paths);
        on_path.chain(places.iter().cloned()).map(move |folder| folder.join(program)).filter(|file| is_executable(file))
    }
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn machine(variables: &[(&str, &str)]) -> Machine {
        let variables = variables.iter().map(|(k, v)| (k.into(), v.into())).collect();
        Machine { variables, debian: None, npm: None, release: None }
    }

    #[test]
    fn ci_is_on_unless_it_is_denied() {
        assert!(machine(&[("CI", "true")]).is_ci());
        assert!(machine(&[("CI", "1")]).is_ci());
        for variables in [&[("CI", "false")][..], &[("CI", "0")], &[("CI", "")], &[]] {
            assert!(!machine(variables).is_ci(), "{variables:?}");
        }
    }

    #[test]
    fn a_program_is_found_on_path_and_then_in_its_places() {
        let on_path = machine(&[("PATH", "/nowhere:/bin:/usr/bin")]);
        assert!(on_path.program("sh", &[]).unwrap().ends_with("bin/sh"));
        let bare = machine(&[]);
        assert_eq!(bare.program("sh", &[]), None);
        assert_eq!(bare.program("sh", &["/bin".into()]), Some("/bin/sh".into()));
    }

    #[test]
    fn a_file_that_cannot_be_run_is_no_program() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("server"), "text").unwrap();
        assert_eq!(machine(&[]).program("server", &[folder.path().to_owned()]), None);
    }
}
