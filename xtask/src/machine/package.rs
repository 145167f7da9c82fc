//! What can be installed where a machine lacks a server.

use std::fmt;
use std::path::PathBuf;

use super::npm;

/// A package that brings a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Package {
    /// A package of Debian, installed on the machine; only root may.
    Debian(&'static str),
    /// A package of npm, unpacked into a folder of our own.
    Npm {
        /// Its name and version, `@scope/name@1.2.3`.
        package: &'static str,
        /// The folder of its programs.
        programs: &'static str,
    },
}

impl Package {
    /// Its name, as its package manager has it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Debian(package) | Self::Npm { package, .. } => package,
        }
    }

    /// The folder of its programs, where that isn't one of the machine's own.
    #[must_use]
    pub fn place(&self) -> Option<PathBuf> {
        match self {
            Self::Debian(_) => None,
            Self::Npm { package, programs } => npm::folder(package).ok().map(|folder| folder.join(programs)),
        }
    }
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.name())
    }
}
