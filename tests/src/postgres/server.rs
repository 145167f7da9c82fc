//! A PostgreSQL of a test's own, to be crashed: found, started, stopped, killed and started again at the same address.

mod account;
mod process;

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use account::Account;
pub(crate) use process::signal;

/// How long starting and stopping may take; a crash's recovery included.
const LIMIT: Duration = Duration::from_secs(60);

/// How often a wait looks again.
const POLL: Duration = Duration::from_millis(10);

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
    port: u16,
    settings: Vec<String>,
    account: Option<Account>,
    child: Option<Child>,
    folder: TempDir,
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
        let account = Account::in_place_of_root();
        let folder = tempfile::Builder::new().prefix("event-test-own-postgres-").tempdir().unwrap();
        account.into_iter().for_each(|account| account.give(folder.path()));
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let settings = settings.iter().map(|&setting| setting.to_owned()).collect();
        let mut server = Self { programs: super::programs(major), port, settings, account, child: None, folder };
        server.initialise();
        server.resume();
        server
    }

    /// Its address, with a superuser and the database `postgres`; the same after every start.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// The process id of the postmaster.
    ///
    /// # Panics
    /// While it doesn't run.
    pub fn id(&self) -> u32 {
        self.child.as_ref().expect("the server runs").id()
    }

    /// The ids of its other processes: one for each connection, and those that serve all.
    ///
    /// # Panics
    /// While it doesn't run.
    pub fn processes(&self) -> Vec<u32> {
        process::children(self.id())
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What the server logged since its first start.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.log_file()).unwrap_or_default()).into_owned()
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
        self.end(signal);
    }

    /// Kills the postmaster and all its processes at once, as the kernel does when memory is short.
    ///
    /// # Panics
    /// When they are still there after a while.
    pub fn kill(&mut self) {
        let children = self.processes();
        self.end(Signal::KILL);
        for child in &children {
            process::signal(*child, Signal::KILL);
        }
        self.wait("its processes did not end", || children.iter().all(|child| !process::is_alive(*child)));
    }

    /// Starts it again, after [`stop`](Self::stop) or [`kill`](Self::kill), and waits until it has recovered and answers.
    ///
    /// # Panics
    /// When it runs already, or takes too long.
    pub fn resume(&mut self) {
        assert!(self.child.is_none(), "the server runs already");
        // It tells of its start in this file; a crash leaves the one of its last life.
        let _ = fs::remove_file(self.status_file());
        let log = File::options().append(true).create(true).open(self.log_file()).unwrap();
        let mut command = self.command("postgres");
        command.args(["-D", "data", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-p"]);
        command.arg(self.port.to_string()).args(self.settings.iter().flat_map(|setting| ["-c", setting]));
        self.child = Some(command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap());
        self.await_answer();
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
        let output = command.output().unwrap_or_else(|error| panic!("cannot run initdb: {error}"));
        assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        self.account.into_iter().for_each(|account| account.run(&mut command));
        command
    }

    fn await_answer(&mut self) {
        let answers = |file: &Path| fs::read_to_string(file).is_ok_and(|text| is_ready(&text));
        let deadline = Instant::now() + LIMIT;
        while !answers(&self.status_file()) {
            let ended = self.child.as_mut().expect("it was started").try_wait().unwrap();
            assert!(ended.is_none() && Instant::now() < deadline, "the server did not start: {}", self.last_words());
            thread::sleep(POLL);
        }
    }

    fn end(&mut self, signal: Signal) {
        let mut child = self.child.take().expect("the server runs");
        kill_process(Pid::from_child(&child), signal).unwrap();
        self.wait("the server did not end", || child.try_wait().unwrap().is_some());
    }

    fn wait(&self, what: &str, mut is_done: impl FnMut() -> bool) {
        let deadline = Instant::now() + LIMIT;
        while !is_done() {
            assert!(Instant::now() < deadline, "{what}: {}", self.last_words());
            thread::sleep(POLL);
        }
    }

    fn last_words(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines.get(lines.len().saturating_sub(5)..).unwrap_or_default().join("\n")
    }

    fn status_file(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let id = Pid::from_child(&child);
        // Nothing of it is needed again. A test that fails must not fail twice, so nothing here panics.
        let deadline = Instant::now() + LIMIT;
        let _ = kill_process(id, Signal::QUIT);
        while Instant::now() < deadline && matches!(child.try_wait(), Ok(None)) {
            thread::sleep(POLL);
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// The eighth line of the file in which a postmaster tells how it is.
fn is_ready(status: &str) -> bool {
    status.lines().nth(7).is_some_and(|line| line.trim() == "ready")
}
