//! What can be installed where a machine lacks a server.

use std::fmt;
use std::path::PathBuf;

use super::release::Release;
use super::unpacked::PROGRAMS;
use super::{npm, unpacked};

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
    /// A package of another release than the machine's, unpacked into a folder of our own with all that it needs.
    Of {
        /// The release of Debian or Ubuntu.
        release: &'static Release,
        /// Its name there, and after spaces those of what it can load.
        package: &'static str,
    },
}

impl Package {
    /// Its name, as its package manager has it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Debian(package) | Self::Npm { package, .. } | Self::Of { package, .. } => package,
        }
    }

    /// The folder of its programs, where that isn't one of the machine's own.
    #[must_use]
    pub fn place(&self) -> Option<PathBuf> {
        match self {
            Self::Debian(_) => None,
            Self::Npm { package, programs } => npm::folder(package).ok().map(|folder| folder.join(programs)),
            Self::Of { release, package } => {
                unpacked::folder(release, package).ok().map(|folder| folder.join(PROGRAMS))
            }
        }
    }
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.name())?;
        if let Self::Of { release, .. } = self { write!(f, " of {}", release.name) } else { Ok(()) }
    }
}
