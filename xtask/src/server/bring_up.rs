//! From nothing to a server that answers, within its limit.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{Row, Server, Site, State, free_port};
use crate::interrupt::Interrupt;
use crate::machine::{Machine, NotInstalled};
use crate::process::{Gone, Running, capture, last_line, pause};

/// How long a program may take to tell its version.
const VERSION_LIMIT: Duration = Duration::from_secs(10);

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
    /// The variable and the address for the tests, when there is a server.
    pub address: Option<(&'static str, String)>,
    /// The process, when it is ours.
    pub up: Option<Up>,
}

/// Where a server comes from.
enum Found {
    Given(String),
    Program { file: PathBuf, how: String },
}

/// Finds, installs or starts `server`.
#[must_use]
pub fn bring_up(server: &Server, machine: &Machine, interrupt: &Interrupt) -> Outcome {
    let (state, address, up) = match find(server, machine, interrupt) {
        Ok(Found::Given(url)) => {
            (State::Ran { version: None, how: format!("given by {}", server.variable) }, Some(url), None)
        }
        Ok(Found::Program { file, how }) => match start(server, file.clone(), interrupt) {
            Ok((up, url)) => (State::Ran { version: version(&file, interrupt), how }, Some(url), Some(up)),
            Err(reason) => (State::Skipped { reason }, None, None),
        },
        Err(state) => (state, None, None),
    };
    Outcome { row: Row { name: server.name, state }, address: address.map(|url| (server.variable, url)), up }
}

fn find(server: &Server, machine: &Machine, interrupt: &Interrupt) -> Result<Found, State> {
    if let Some(url) = machine.variable(server.variable) {
        return Ok(Found::Given(url));
    }
    if let Some(file) = machine.program(server.program, &(server.places)()) {
        let how = format!("started {}", file.display());
        return Ok(Found::Program { file, how });
    }
    install(server, machine, interrupt)
}

fn install(server: &Server, machine: &Machine, interrupt: &Interrupt) -> Result<Found, State> {
    let Some(package) = server.package else {
        return Err(State::Unavailable { reason: "this platform has no package of it".to_owned() });
    };
    let Some(install) = machine.install else {
        let reason =
            format!("no program `{}`; install the package `{package}`, or set {}", server.program, server.variable);
        return Err(State::Skipped { reason });
    };
    install(package, interrupt).map_err(|error| match error {
        NotInstalled::NoSuchPackage => State::Unavailable { reason: format!("no package `{package}`") },
        NotInstalled::Failed(reason) => State::Skipped { reason: format!("cannot install `{package}`: {reason}") },
    })?;
    let file = machine.program(server.program, &(server.places)()).ok_or_else(|| State::Skipped {
        reason: format!("the package `{package}` brought no program `{}`", server.program),
    })?;
    Ok(Found::Program { file, how: format!("installed `{package}`, started") })
}

fn version(file: &PathBuf, interrupt: &Interrupt) -> Option<String> {
    let said = capture(Command::new(file).arg("--version"), VERSION_LIMIT, interrupt).ok()?;
    said.lines().next().map(|line| line.trim().to_owned())
}

/// Prepares and starts the server, and waits until it answers: all of it within its limit.
fn start(server: &Server, program: PathBuf, interrupt: &Interrupt) -> Result<(Up, String), String> {
    let deadline = Instant::now() + server.limit;
    let folder = tempfile::Builder::new()
        .prefix(&format!("event-test-{}-", server.name))
        .tempdir()
        .map_err(|error| format!("cannot make its folder: {error}"))?;
    let port = free_port().map_err(|error| format!("no free port: {error}"))?;
    let site = Site { program, port, folder: folder.path().to_owned() };
    for mut command in (server.prepare)(&site) {
        capture(&mut command, deadline.saturating_duration_since(Instant::now()), interrupt)?;
    }
    let running = launch(server, &site)?;
    let mut up = Up { running, _folder: folder };
    await_answer(server, &site, &mut up, deadline, interrupt)?;
    Ok((up, (server.url)(&site)))
}

fn log_file(site: &Site) -> PathBuf {
    site.folder.join("log")
}

fn launch(server: &Server, site: &Site) -> Result<Running, String> {
    let log = File::create(log_file(site)).map_err(|error| format!("cannot make its log: {error}"))?;
    let err = log.try_clone().map_err(|error| format!("cannot share its log: {error}"))?;
    let mut command = (server.command)(site);
    Running::spawn(command.stdout(log).stderr(err)).map_err(|error| format!("cannot start it: {error}"))
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
