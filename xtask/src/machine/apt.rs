//! Installing with Debian's package manager, as root.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::{NotInstalled, Package};
use crate::interrupt::Interrupt;
use crate::process::capture;

const LIMIT: Duration = Duration::from_secs(300);

/// Root on a Debian may install; everybody else is told which package is missing.
pub(super) fn may_install() -> bool {
    rustix::process::geteuid().is_root() && Path::new("/etc/debian_version").exists()
}

/// Installs `package` without asking anything.
pub(super) fn install(package: &Package, interrupt: &Interrupt) -> Result<(), NotInstalled> {
    if capture(&mut install_command(package.name()), LIMIT, interrupt).is_ok() {
        return Ok(());
    }
    // The lists of a fresh machine are empty or old.
    capture(apt_get().arg("update"), LIMIT, interrupt).map_err(NotInstalled::Failed)?;
    capture(&mut install_command(package.name()), LIMIT, interrupt).map(drop).map_err(classify)
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").env("LC_ALL", "C").arg("-qq");
    command
}

fn install_command(package: &str) -> Command {
    let mut command = apt_get();
    command.args(["install", "--yes", "--no-install-recommends", "--", package]);
    command
}

pub(super) fn classify(reason: String) -> NotInstalled {
    if reason.contains("Unable to locate package") || reason.contains("has no installation candidate") {
        NotInstalled::NoSuchPackage
    } else {
        NotInstalled::Failed(reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_does_not_exist_is_told_from_a_failure() {
        let missing = "`apt-get` ended with exit status: 100: E: Unable to locate package mysqld-8";
        assert_eq!(classify(missing.to_owned()), NotInstalled::NoSuchPackage);
        let broken = "`apt-get` ended with exit status: 100: E: Could not get lock".to_owned();
        assert_eq!(classify(broken.clone()), NotInstalled::Failed(broken));
    }
}
