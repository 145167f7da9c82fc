//! A PostgreSQL for one run: made by `initdb`, with `fsync` on, ended and removed with the run.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, geteuid};
use tempfile::TempDir;

use crate::Result;

const LIMIT: Duration = Duration::from_secs(60);

/// What a machine of the size is usually given, so that no checkpoint falls into a round; all else is PostgreSQL's own.
const SETTINGS: [&str; 5] = [
    "shared_buffers=512MB",
    "max_wal_size=8GB",
    "checkpoint_timeout=1h",
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
];

/// A server that runs until it is dropped.
#[derive(Debug)]
pub struct Server {
    port: u16,
    child: Child,
    folder: TempDir,
}

impl Server {
    /// Makes and starts a server with the programs of a folder, as `nobody` where we are root.
    pub fn start(programs: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("outbox-bench-").tempdir()?;
        let account = if geteuid().is_root() { User::from_name("nobody")? } else { None };
        if let Some(account) = &account {
            chown(folder.path(), Some(account.uid.as_raw()), Some(account.gid.as_raw()))?;
        }
        let command = |program: &str| {
            let mut command = Command::new(programs.join(program));
            command.current_dir(folder.path()).stdin(Stdio::null());
            if let Some(account) = &account {
                command.uid(account.uid.as_raw()).gid(account.gid.as_raw());
            }
            command
        };
        let arguments = ["--pgdata=data", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"];
        let made = command("initdb").args(arguments).output().map_err(|error| missing(programs, &error))?;
        if !made.status.success() {
            return Err(format!("initdb: {}", String::from_utf8_lossy(&made.stderr)).into());
        }
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let log = File::create(folder.path().join("log"))?;
        let mut postgres = command("postgres");
        postgres.args(["-D", "data", "-p", &port.to_string()]).args(SETTINGS.iter().flat_map(|set| ["-c", set]));
        let child = postgres.stdout(log.try_clone()?).stderr(log).spawn()?;
        let mut server = Self { port, child, folder };
        server.await_answer()?;
        Ok(server)
    }

    /// Its address, with a superuser.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn await_answer(&mut self) -> Result<()> {
        let deadline = Instant::now() + LIMIT;
        let status = self.file("data/postmaster.pid");
        let answers = || {
            fs::read_to_string(&status).is_ok_and(|text| text.lines().nth(7).is_some_and(|line| line.trim() == "ready"))
        };
        while !answers() {
            if self.child.try_wait()?.is_some() || Instant::now() > deadline {
                return Err(format!("the server did not start: {}", fs::read_to_string(self.file("log"))?).into());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn missing(programs: &Path, error: &std::io::Error) -> String {
    format!("cannot run {}: {error}; give --programs or --database-url", programs.join("initdb").display())
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing of it is needed again.
        let id = i32::try_from(self.child.id()).map(Pid::from_raw);
        let _ = id.map(|id| kill(id, Signal::SIGQUIT));
        let _ = self.child.wait();
    }
}
