//! Running as `nobody` where we are root: servers refuse to be root.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// The account that a server runs as.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    user: u32,
    group: u32,
}

impl Account {
    /// `nobody`, when we are root.
    pub(super) fn in_place_of_root() -> Option<Self> {
        rustix::process::geteuid().is_root().then(|| {
            let accounts = fs::read_to_string("/etc/passwd").unwrap();
            let line = accounts.lines().find(|line| line.starts_with("nobody:")).expect("there is a user `nobody`");
            let mut numbers = line.split(':').skip(2).map(|field| field.parse().unwrap());
            Self { user: numbers.next().unwrap(), group: numbers.next().unwrap() }
        })
    }

    pub(super) fn give(self, folder: &Path) {
        chown(folder, Some(self.user), Some(self.group)).unwrap();
    }

    pub(super) fn run(self, command: &mut Command) {
        command.uid(self.user).gid(self.group);
    }
}
