//! Releases of Debian and Ubuntu, of which each has other versions of a server.

use std::path::{Path, PathBuf};

use super::unpacked;
use super::{NotInstalled, Package};
use crate::interrupt::Interrupt;

/// A release of Debian or Ubuntu, whatever this machine is.
#[derive(Debug, PartialEq, Eq)]
pub struct Release {
    /// What the table calls it.
    pub name: &'static str,
    /// What its folders begin with.
    pub(super) folder: &'static str,
    /// Where it is: the archive, the suite and its components.
    sources: &'static [&'static str],
    /// Who signs it.
    signer: Signer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signer {
    Debian,
    Ubuntu,
}

/// Debian 12.
pub static DEBIAN_12: Release = Release {
    name: "Debian 12",
    folder: "debian-12",
    sources: &[
        "http://deb.debian.org/debian bookworm main",
        "http://deb.debian.org/debian bookworm-updates main",
        "http://deb.debian.org/debian-security bookworm-security main",
    ],
    signer: Signer::Debian,
};

/// Debian 13.
pub static DEBIAN_13: Release = Release {
    name: "Debian 13",
    folder: "debian-13",
    sources: &[
        "http://deb.debian.org/debian trixie main",
        "http://deb.debian.org/debian trixie-updates main",
        "http://deb.debian.org/debian-security trixie-security main",
    ],
    signer: Signer::Debian,
};

/// Ubuntu 22.04.
pub static UBUNTU_22_04: Release = Release {
    name: "Ubuntu 22.04",
    folder: "ubuntu-22.04",
    sources: &[
        "http://archive.ubuntu.com/ubuntu jammy main universe",
        "http://archive.ubuntu.com/ubuntu jammy-updates main universe",
    ],
    signer: Signer::Ubuntu,
};

/// Ubuntu 26.04.
pub static UBUNTU_26_04: Release = Release {
    name: "Ubuntu 26.04",
    folder: "ubuntu-26.04",
    sources: &[
        "http://archive.ubuntu.com/ubuntu resolute main universe",
        "http://archive.ubuntu.com/ubuntu resolute-updates main universe",
    ],
    signer: Signer::Ubuntu,
};

/// Where the keys of Debian's archive lie, and those of Ubuntu's where a package brought them.
const DEBIAN_KEYS: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
const UBUNTU_KEYS: &str = "usr/share/keyrings/ubuntu-archive-keyring.gpg";

impl Release {
    /// Its list of sources for apt. Only what the keys of its signer confirm is taken.
    pub(super) fn list(&self, keys: &Path) -> String {
        let line = |source| format!("deb [arch=amd64 target=Packages signed-by={}] {source}\n", keys.display());
        self.sources.iter().map(line).collect()
    }

    /// The keys of its signer. Those of Ubuntu come in a package of Debian, which Debian has signed.
    pub(super) fn keys(&self, interrupt: &Interrupt) -> Result<PathBuf, NotInstalled> {
        let own = match self.signer {
            Signer::Debian => PathBuf::from(DEBIAN_KEYS),
            Signer::Ubuntu => Path::new("/").join(UBUNTU_KEYS),
        };
        match self.signer {
            _ if own.exists() => Ok(own),
            Signer::Debian => Err(NotInstalled::Failed("install the package `debian-archive-keyring`".to_owned())),
            Signer::Ubuntu => ubuntu_keys(interrupt),
        }
    }
}

fn ubuntu_keys(interrupt: &Interrupt) -> Result<PathBuf, NotInstalled> {
    const PACKAGE: &str = "ubuntu-keyring";
    unpacked::fetch(&Package::Of { release: &DEBIAN_13, package: PACKAGE }, interrupt)?;
    let folder = unpacked::folder(&DEBIAN_13, PACKAGE).map_err(NotInstalled::Failed)?;
    Ok(folder.join(UBUNTU_KEYS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_is_signed() {
        let list = UBUNTU_22_04.list(Path::new("/keys.gpg"));
        let expected = "deb [arch=amd64 target=Packages signed-by=/keys.gpg] http://archive.ubuntu.com/ubuntu jammy main universe\n\
            deb [arch=amd64 target=Packages signed-by=/keys.gpg] http://archive.ubuntu.com/ubuntu jammy-updates main universe\n";
        assert_eq!(list, expected);
    }
}
