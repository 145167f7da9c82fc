//! A server of a test's own, whatever it serves: a child process with a folder, a port and a log.
#![allow(clippy::disallowed_methods, reason = "it waits for a real process, with a limit")]

mod account;
mod process;

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use account::Account;
pub(crate) use process::{children, is_alive, signal};

/// How long starting and stopping may take; a crash's recovery included.
const LIMIT: Duration = Duration::from_secs(60);

/// How often a wait looks again.
const POLL: Duration = Duration::from_millis(10);

/// The process, or what is left of it between two lives: a folder and a port.
///
/// It is run as `nobody` where we are root. Dropping it ends it and removes its folder.
#[derive(Debug)]
pub(crate) struct Daemon {
    account: Option<Account>,
    child: Option<Child>,
    /// The signal by which it ends when nothing of it is needed again.
    ending: Signal,
    pub(crate) port: u16,
    folder: TempDir,
}

impl Daemon {
    pub(crate) fn new(name: &str, ending: Signal) -> Self {
        let account = Account::in_place_of_root();
        let folder = tempfile::Builder::new().prefix(&format!("event-test-own-{name}-")).tempdir().unwrap();
        account.into_iter().for_each(|account| account.give(folder.path()));
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        Self { account, child: None, ending, port, folder }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.as_ref().expect("the server runs").id()
    }

    /// What it logged since its first start.
    pub(crate) fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.log_file()).unwrap_or_default()).into_owned()
    }

    /// A command in its folder, as the account that it runs as.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        self.account.into_iter().for_each(|account| account.run(&mut command));
        command
    }

    /// Runs a command of [`command`](Self::command) to its end.
    pub(crate) fn run(&self, mut command: Command) {
        let name = command.get_program().to_string_lossy().into_owned();
        let output = command.output().unwrap_or_else(|error| panic!("cannot run {name}: {error}"));
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Starts it, and waits until it answers.
    pub(crate) fn start(&mut self, mut command: Command, answers: impl Fn() -> bool) {
        assert!(self.child.is_none(), "the server runs already");
        let log = File::options().append(true).create(true).open(self.log_file()).unwrap();
        self.child = Some(command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap());
        let deadline = Instant::now() + LIMIT;
        while !answers() {
            let ended = self.child.as_mut().expect("it was started").try_wait().unwrap();
            assert!(ended.is_none() && Instant::now() < deadline, "the server did not start: {}", self.last_words());
            thread::sleep(POLL);
        }
    }

    /// Sends it a signal, and waits until it has ended.
    pub(crate) fn end(&mut self, signal: Signal) {
        let mut child = self.child.take().expect("the server runs");
        kill_process(Pid::from_child(&child), signal).unwrap();
        self.wait("the server did not end", || child.try_wait().unwrap().is_some());
    }

    pub(crate) fn wait(&self, what: &str, mut is_done: impl FnMut() -> bool) {
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

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let id = Pid::from_child(&child);
        // Nothing of it is needed again. A test that fails must not fail twice, so nothing here panics.
        let deadline = Instant::now() + LIMIT;
        let _ = kill_process(id, self.ending);
        while Instant::now() < deadline && matches!(child.try_wait(), Ok(None)) {
            thread::sleep(POLL);
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}
