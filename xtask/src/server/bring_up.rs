//! From nothing to a server that answers, within its limit.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use tempfile::TempDir;

use super::account::Account;
use super::find::{Found, find};
use super::{Row, Server, Site, State, free_port};
use crate::interrupt::Interrupt;
use crate::machine::Machine;
use crate::process::{Gone, Running, capture, last_line, pause};

/// A server that we started. Dropping it stops the process, then removes its folder.
#[derive(Debug)]
pub struct Up {
    running: Running,
    _folder: TempDir,
}

impl Up {
    /// The process id of the server.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.running.id()
    }
}

/// What came of bringing up a server.
#[derive(Debug)]
pub struct Outcome {
    /// Its line of the table.
    pub row: Row,
    /// What the tests are told by their environment: its address and where its programs are, when there is a server.
    pub variables: Vec<(&'static str, String)>,
    /// The process, when it is ours.
    pub up: Option<Up>,
}

impl Outcome {
    fn without(server: &Server, state: State) -> Self {
        Self { row: Row { name: server.name, state }, variables: Vec::new(), up: None }
    }
}

/// Finds, installs or starts `server`. `earlier` are the variables of the servers that were brought up before it.
#[must_use]
pub fn bring_up(
    server: &Server,
    machine: &Machine,
    earlier: &[(&'static str, String)],
    interrupt: &Interrupt,
) -> Outcome {
    let (file, version, how) = match find(server, machine, interrupt) {
        Ok(Found::Given(url)) => return given(server, url),
        Ok(Found::Program { file, version, how }) => (file, version, how),
        Err(state) => return Outcome::without(server, state),
    };
    let folder = folder_of(&file);
    match behind(server, earlier).and_then(|behind| start(server, file, behind, interrupt)) {
        Ok((up, url)) => {
            let mut variables = vec![(server.variable, url)];
            variables.extend(server.folder_variable.zip(folder));
            let row = Row { name: server.name, state: State::Ran { version, how } };
            Outcome { row, variables, up: Some(up) }
        }
        Err(reason) => Outcome::without(server, State::Skipped { reason }),
    }
}

/// Where its program really is: what is on PATH may be a link, with other programs beside it.
fn folder_of(file: &Path) -> Option<String> {
    let file = file.canonicalize().ok()?;
    Some(file.parent()?.display().to_string())
}

fn given(server: &Server, url: String) -> Outcome {
    let state = State::Ran { version: None, how: format!("given by {}", server.variable) };
    Outcome { row: Row { name: server.name, state }, variables: vec![(server.variable, url)], up: None }
}

fn behind(server: &Server, earlier: &[(&'static str, String)]) -> Result<Option<String>, String> {
    let Some(wanted) = server.behind else { return Ok(None) };
    let address = earlier.iter().find(|(variable, _)| *variable == wanted).map(|(_, url)| url.clone());
    address.map(Some).ok_or_else(|| format!("the server behind it, {wanted}, is not there"))
}

/// Prepares and starts the server, and waits until it answers: all of it within its limit.
fn start(
    server: &Server,
    program: PathBuf,
    behind: Option<String>,
    interrupt: &Interrupt,
) -> Result<(Up, String), String> {
    let deadline = Instant::now() + server.limit;
    let account = if server.refuses_root { Account::in_place_of_root() } else { Ok(None) };
    let account = account.map_err(|error| format!("it refuses to run as root: {error}"))?;
    let folder = make_folder(server, account).map_err(|error| format!("cannot make its folder: {error}"))?;
    let port = free_port().map_err(|error| format!("no free port: {error}"))?;
    let site = Site { program, port, folder: folder.path().to_owned(), behind };
    let commands = (server.prepare)(&site).map_err(|error| format!("cannot prepare it: {error}"))?;
    for mut command in commands {
        run_as(account, &mut command);
        capture(&mut command, deadline.saturating_duration_since(Instant::now()), interrupt)?;
    }
    let running = launch(server, &site, account)?;
    let mut up = Up { running, _folder: folder };
    await_answer(server, &site, &mut up, deadline, interrupt)?;
    Ok((up, (server.url)(&site)))
}

fn make_folder(server: &Server, account: Option<Account>) -> io::Result<TempDir> {
    let folder = tempfile::Builder::new().prefix(&format!("event-test-{}-", server.name)).tempdir()?;
    account.map_or(Ok(()), |account| account.give(folder.path()))?;
    Ok(folder)
}

fn run_as(account: Option<Account>, command: &mut Command) {
    if let Some(account) = account {
        account.run(command);
    }
}

fn log_file(site: &Site) -> PathBuf {
    site.folder.join("log")
}

fn launch(server: &Server, site: &Site, account: Option<Account>) -> Result<Running, String> {
    let log = File::create(log_file(site)).map_err(|error| format!("cannot make its log: {error}"))?;
    let err = log.try_clone().map_err(|error| format!("cannot share its log: {error}"))?;
    let mut command = (server.command)(site);
    run_as(account, &mut command);
    let running =
        Running::spawn(command.stdout(log).stderr(err)).map_err(|error| format!("cannot start it: {error}"))?;
    Ok(running.ended_by(server.ending))
}

fn await_answer(
    server: &Server,
    site: &Site,
    up: &mut Up,
    deadline: Instant,
    interrupt: &Interrupt,
) -> Result<(), String> {
    let said = || std::fs::read_to_string(log_file(site)).unwrap_or_default();
    while !(server.ready)(site) {
        if let Some(status) = up.running.ended().map_err(|error| format!("cannot watch it: {error}"))? {
            return Err(format!("it ended at once with {status}: {}", last_line(&said())));
        }
        pause(deadline, interrupt).map_err(|gone| match gone {
            Gone::TooSlow => {
                format!("it did not answer within {} s: {}", server.limit.as_secs_f32(), last_line(&said()))
            }
            Gone::Interrupted => "interrupted".to_owned(),
        })?;
    }
    Ok(())
}
