//! A PostgreSQL of a test's own, to be crashed: found, started, stopped, killed and started again at the same address.

mod restore;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use rustix::process::Signal;

pub(crate) use crate::daemon::signal;
use crate::daemon::{Daemon, children, is_alive};
pub use restore::Backup;

/// How a server is asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shutdown {
    /// `pg_ctl stop -m fast`: transactions are rolled back, and everything is written out.
    Fast,
    /// `pg_ctl stop -m immediate`: no writing out; the next start recovers from the log.
    Immediate,
}

/// A server with a data folder and a port of its own.
///
/// Its settings are PostgreSQL's own, so a commit is durable (`fsync` is on), unless the caller says otherwise. It is run as
/// `nobody` where we are root. Every call returns once its work is done, or panics after a limit with what the server
/// said last; they block, so an async test needs more than one thread. Dropping it ends it and removes its folder.
#[derive(Debug)]
pub struct Server {
    programs: PathBuf,
    settings: Vec<String>,
    daemon: Daemon,
}

impl Server {
    /// Makes and starts a PostgreSQL 15 with `settings`, each as `name=value`.
    ///
    /// # Panics
    /// When there are no programs (the message says what to type), or when it doesn't answer in time.
    pub fn start(settings: &[&str]) -> Self {
        Self::start_major(15, settings)
    }

    /// [`start`](Self::start) with another major.
    ///
    /// # Panics
    /// As `start` does.
    pub fn start_major(major: u32, settings: &[&str]) -> Self {
        let settings = settings.iter().map(|&setting| setting.to_owned()).collect();
        // By this signal it writes nothing out.
        let daemon = Daemon::new("postgres", Signal::QUIT);
        let mut server = Self { programs: super::programs(major), settings, daemon };
        server.initialise();
        server.resume();
        server
    }

    /// Its address, with a superuser and the database `postgres`; the same after every start.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.daemon.port)
    }

    /// The process id of the postmaster.
    ///
    /// # Panics
    /// While it doesn't run.
    pub fn id(&self) -> u32 {
        self.daemon.id()
    }

    /// The ids of its other processes: one for each connection, and those that serve all.
    ///
    /// # Panics
    /// While it doesn't run.
    pub fn processes(&self) -> Vec<u32> {
        children(self.id())
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.daemon.folder().join("data")
    }

    /// What the server logged since its first start.
    pub fn log(&self) -> String {
        self.daemon.log()
    }

    /// Other settings from the next start on, each as `name=value`.
    pub fn set(&mut self, settings: &[&str]) {
        self.settings = settings.iter().map(|&setting| setting.to_owned()).collect();
    }

    /// Asks it to end, and waits until it did.
    ///
    /// # Panics
    /// When it takes too long.
    pub fn stop(&mut self, how: Shutdown) {
        let signal = match how {
            Shutdown::Fast => Signal::INT,
            Shutdown::Immediate => Signal::QUIT,
        };
        self.daemon.end(signal);
    }

    /// Kills the postmaster and all its processes at once, as the kernel does when memory is short.
    ///
    /// # Panics
    /// When they are still there after a while.
    pub fn kill(&mut self) {
        let children = self.processes();
        self.daemon.end(Signal::KILL);
        for child in &children {
            signal(*child, Signal::KILL);
        }
        self.daemon.wait("its processes did not end", || children.iter().all(|child| !is_alive(*child)));
    }

    /// Starts it again, after [`stop`](Self::stop) or [`kill`](Self::kill), and waits until it has recovered and answers.
    ///
    /// # Panics
    /// When it runs already, or takes too long.
    pub fn resume(&mut self) {
        // It tells of its start in this file; a crash leaves the one of its last life.
        let status = self.data().join("postmaster.pid");
        let _ = fs::remove_file(&status);
        let mut command = self.command("postgres");
        command.args(["-D", "data", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-p"]);
        command.arg(self.daemon.port.to_string()).args(self.settings.iter().flat_map(|setting| ["-c", setting]));
        self.daemon.start(command, || fs::read_to_string(&status).is_ok_and(|text| is_ready(&text)));
    }

    /// [`stop`](Self::stop) and [`resume`](Self::resume).
    ///
    /// # Panics
    /// As they do.
    pub fn restart(&mut self, how: Shutdown) {
        self.stop(how);
        self.resume();
    }

    fn initialise(&self) {
        let mut command = self.command("initdb");
        command.args(["--pgdata=data", "--username=postgres", "--auth=trust"]);
        command.args(["--encoding=UTF8", "--no-locale", "--no-sync"]);
        self.daemon.run(command);
    }

    fn command(&self, program: &str) -> Command {
        self.daemon.command(&self.programs.join(program))
    }
}

/// The eighth line of the file in which a postmaster tells how it is.
fn is_ready(status: &str) -> bool {
    status.lines().nth(7).is_some_and(|line| line.trim() == "ready")
}
