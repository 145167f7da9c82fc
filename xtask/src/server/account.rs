//! Running as `nobody`, for servers that refuse to be root.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::{fs, io};

/// An account of this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    user: u32,
    group: u32,
}

impl Account {
    /// The account that a server which refuses root runs as; `None` when we aren't root: then it runs as we do.
    pub(super) fn in_place_of_root() -> io::Result<Option<Self>> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let accounts = fs::read_to_string("/etc/passwd")?;
        let nobody = Self::of("nobody", &accounts);
        nobody.map(Some).ok_or_else(|| io::Error::other("this machine has no user `nobody`"))
    }

    fn of(name: &str, accounts: &str) -> Option<Self> {
        let mut fields = accounts.lines().map(|line| line.split(':')).find(|line| line.clone().next() == Some(name))?;
        let (user, group) = (fields.nth(2)?.parse().ok()?, fields.next()?.parse().ok()?);
        Some(Self { user, group })
    }

    /// Gives the file or folder to this account.
    pub(super) fn give(self, path: &Path) -> io::Result<()> {
        chown(path, Some(self.user), Some(self.group))
    }

    /// Has `command` run as this account.
    pub(super) fn run(self, command: &mut Command) {
        command.uid(self.user).gid(self.group);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_by_its_name() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\nnobody2:x:1:2::/:/bin/sh\nnobody:x:65534:65533:nobody:/nonexistent:/bin/no\n";
        assert_eq!(Account::of("nobody", accounts), Some(Account { user: 65534, group: 65533 }));
        assert_eq!(Account::of("somebody", accounts), None);
        assert_eq!(Account::of("broken", "broken:x:-"), None);
    }
}
