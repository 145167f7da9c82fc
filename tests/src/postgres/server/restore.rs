//! A base backup and the archived log, and another server that is restored from them to a point in time.

use std::path::PathBuf;

use rustix::process::Signal;

use super::{Server, Shutdown};
use crate::daemon::Daemon;

/// Where a server puts what it has written of its log: beside its data.
const ARCHIVE: &str = "archive";

/// What a server is set to that keeps its log.
const KEEPS: [&str; 2] = ["archive_mode=on", "archive_command=cp %p ../archive/%f"];

/// What can be restored.
#[derive(Debug)]
pub struct Backup {
    folder: PathBuf,
}

impl Server {
    /// [`start`](Self::start), and keeps its log, so that it can be restored to any point since a backup.
    ///
    /// # Panics
    /// As `start` does.
    pub fn start_archived(settings: &[&str]) -> Self {
        let mut server = Self::start(settings);
        server.archive();
        server.restart(Shutdown::Fast);
        server
    }

    /// A backup of all that is there, taken by `pg_basebackup` while the server goes on. `None` when the server turns it away.
    pub fn backup(&self) -> Option<Backup> {
        let folder = self.daemon.folder().join("base");
        // Of an earlier attempt there may be something left.
        let _ = std::fs::remove_dir_all(&folder);
        let mut command = self.command("pg_basebackup");
        command.args([
            "--host=127.0.0.1",
            "--username=postgres",
            "--checkpoint=fast",
            "--wal-method=fetch",
            "--no-sync",
        ]);
        command.arg(format!("--port={}", self.daemon.port)).arg("--pgdata").arg(&folder);
        command.output().is_ok_and(|output| output.status.success()).then_some(Backup { folder })
    }

    /// Stops this server for good, as a disaster does, and starts another one at its address: `backup` and the log, up to
    /// `until`. After that point something must have been committed. This one gets another port, and can be started there
    /// to see what is gone.
    ///
    /// # Panics
    /// When either takes too long.
    #[must_use]
    pub fn restored(&mut self, backup: &Backup, until: &str) -> Self {
        self.stop(Shutdown::Immediate);
        let daemon = Daemon::new("postgres", Signal::QUIT);
        let mut server = Self { programs: self.programs.clone(), settings: self.settings.clone(), daemon };
        let mut copy = server.daemon.command("cp".as_ref());
        copy.arg("-a").arg(&backup.folder).arg(server.data());
        server.daemon.run(copy);
        let mut signal = server.daemon.command("touch".as_ref());
        signal.arg(server.data().join("recovery.signal"));
        server.daemon.run(signal);
        std::mem::swap(&mut self.daemon.port, &mut server.daemon.port);
        server.archive();
        let (archive, log) = (self.daemon.folder().join(ARCHIVE), self.data().join("pg_wal"));
        let (archive, log) = (archive.display(), log.display());
        server.settings.push(format!("restore_command=cp {archive}/%f %p || cp {log}/%f %p"));
        server.settings.push(format!("recovery_target_time={until}"));
        server.settings.extend(["recovery_target_action=promote", "hot_standby=off"].map(str::to_owned));
        server.resume();
        server.settings.truncate(server.settings.len() - 4);
        server
    }

    fn archive(&mut self) {
        let mut folder = self.daemon.command("mkdir".as_ref());
        folder.arg(ARCHIVE);
        self.daemon.run(folder);
        let kept =
            KEEPS.map(str::to_owned).into_iter().filter(|setting| !self.settings.contains(setting)).collect::<Vec<_>>();
        self.settings.extend(kept);
    }
}
