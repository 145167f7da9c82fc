//! The folder of what was fetched, kept between runs. Every user of this machine can read it: a server may run as `nobody`.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, io};

use tempfile::TempDir;

use super::NotInstalled;
use crate::interrupt::Interrupt;
use crate::process::capture;

/// How long one step of fetching may take: a command that loads or unpacks.
pub(super) const LIMIT: Duration = Duration::from_secs(300);

/// The folder itself. It lies where everybody may read, so nobody else may write there.
pub(super) fn folder() -> Result<PathBuf, String> {
    let user = rustix::process::geteuid().as_raw();
    let folder = env::temp_dir().join(format!("event-test-programs-{user}"));
    // Whatever our umask is, the user that a server runs as has to enter.
    let made = fs::create_dir(&folder).and_then(|()| fs::set_permissions(&folder, Permissions::from_mode(0o755)));
    match made {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(format!("cannot make {}: {error}", folder.display()));
        }
        _ => {}
    }
    if is_ours(&folder, user) { Ok(folder) } else { Err(format!("{} is somebody else's", folder.display())) }
}

/// A folder to fetch in, beside the place of what is kept. A program that loads as another user may enter it.
pub(super) fn work() -> Result<TempDir, NotInstalled> {
    let work = tempfile::tempdir_in(folder().map_err(NotInstalled::Failed)?).map_err(|error| cannot("make", error))?;
    fs::set_permissions(work.path(), Permissions::from_mode(0o755)).map_err(|error| cannot("open", error))?;
    Ok(work)
}

/// Moves what was unpacked to the place where it is kept, readable by everybody.
pub(super) fn keep(unpacked: &Path, folder: &Path, interrupt: &Interrupt) -> Result<(), NotInstalled> {
    let mut chmod = Command::new("chmod");
    chmod.args(["-R", "u=rwX,go=rX"]).arg(unpacked);
    capture(&mut chmod, LIMIT, interrupt).map_err(NotInstalled::Failed)?;
    match fs::rename(unpacked, folder) {
        Err(error) if !folder.exists() => Err(cannot("move", error)),
        // Another run was as fast: its folder is as good.
        _ => Ok(()),
    }
}

pub(super) fn cannot(what: &str, error: impl std::fmt::Display) -> NotInstalled {
    NotInstalled::Failed(format!("cannot {what} its folder: {error}"))
}

fn is_ours(folder: &Path, user: u32) -> bool {
    let found = fs::symlink_metadata(folder);
    found.is_ok_and(|found| found.is_dir() && found.uid() == user && found.mode() & 0o022 == 0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_folder_that_others_may_write_to_is_not_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let user = rustix::process::geteuid().as_raw();
        assert!(is_ours(folder.path(), user));
        assert!(!is_ours(folder.path(), user + 1));
        fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
        assert!(!is_ours(folder.path(), user));
        let link = folder.path().join("link");
        symlink(folder.path(), &link).unwrap();
        assert!(!is_ours(&link, user));
    }

    #[test]
    fn what_another_run_kept_stays() {
        let both = tempfile::tempdir().unwrap();
        let (unpacked, kept) = (both.path().join("unpacked"), both.path().join("kept"));
        for folder in [&unpacked, &kept] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("name"), folder.to_string_lossy().as_bytes()).unwrap();
        }
        keep(&unpacked, &kept, &Interrupt::default()).unwrap();
        assert_eq!(fs::read_to_string(kept.join("name")).unwrap(), kept.to_string_lossy());
    }
}
