//! The worker processes: started, killed, stopped, and replaced.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{fmt, io};

use clap::ValueEnum;
use rustix::process::{Pid, Signal, kill_process};
use tokio::time::sleep;

use super::Failure;
use super::options::Build;

/// What a worker does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Writer,
    /// Writes without `event_sqlx::begin`.
    Stranger,
    Relay,
    Consumer,
    Operator,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Writer => "writer",
            Self::Stranger => "stranger",
            Self::Relay => "relay",
            Self::Consumer => "consumer",
            Self::Operator => "operator",
        })
    }
}

/// How a worker is started.
#[derive(Debug, Clone)]
pub struct Hiring {
    /// The subcommand for each role.
    pub relay: &'static str,
    /// What every worker is told.
    pub arguments: Vec<String>,
    /// Where workers write their logs.
    pub logs: PathBuf,
    /// Whether nothing goes wrong any more.
    pub is_calm: bool,
}

/// Every worker. Dropping it kills them.
#[derive(Debug)]
pub struct Crew {
    hiring: Hiring,
    workers: Vec<Worker>,
    kills: usize,
    deserters: Vec<String>,
}

#[derive(Debug)]
struct Worker {
    role: Role,
    place: usize,
    life: usize,
    build: Build,
    state: State,
}

#[derive(Debug)]
enum State {
    Works(Child),
    Stopped(Child, Instant),
    Killed,
    Dismissed(Child),
    Gone,
}

impl Crew {
    /// The most workers of one role.
    pub const LARGEST: usize = 8;

    /// No workers yet.
    pub fn new(hiring: Hiring) -> Self {
        Self { hiring, workers: Vec::new(), kills: 0, deserters: Vec::new() }
    }

    /// Starts so many workers of a role.
    ///
    /// # Errors
    /// When a process can't be started.
    pub fn hire(&mut self, role: Role, count: u16) -> Result<(), Failure> {
        for place in 0..usize::from(count) {
            let mut worker = Worker { role, place, life: 0, build: Build::Older, state: State::Gone };
            worker.state = State::Works(self.hiring.start(&worker)?);
            self.workers.push(worker);
        }
        Ok(())
    }

    /// SIGKILL, to one that may be stopped. The successor comes with the next [`Crew::tend`].
    ///
    /// # Errors
    /// When the process can't be waited for.
    pub fn kill(&mut self, role: Role, number: usize) -> Result<(), Failure> {
        if let Some(worker) = self.one_of(role, number)
            && worker.kill()?
        {
            worker.state = State::Killed;
            self.kills += 1;
        }
        Ok(())
    }

    /// Kills one, as a deploy does that is in a hurry; its successors are of the newer build.
    ///
    /// # Errors
    /// When the process can't be waited for.
    pub fn deploy(&mut self, role: Role, place: usize) -> Result<(), Failure> {
        for worker in self.workers.iter_mut().filter(|worker| worker.role == role && worker.place == place) {
            worker.build = Build::Newer;
        }
        self.kill(role, place)
    }

    /// SIGSTOP, until so long from now.
    pub fn freeze(&mut self, role: Role, number: usize, length: Duration) {
        let Some(worker) = self.one_of(role, number) else { return };
        worker.state = match std::mem::replace(&mut worker.state, State::Gone) {
            State::Works(child) => {
                signal(&child, Signal::STOP);
                State::Stopped(child, Instant::now() + length)
            }
            other => other,
        };
    }

    /// Wakes those that were stopped long enough (with `all`, every one), replaces those that were killed, and notes those
    /// that ended by themselves, which none should.
    ///
    /// # Errors
    /// When a process can't be started or asked.
    pub fn tend(&mut self, all: bool) -> Result<(), Failure> {
        for worker in &mut self.workers {
            worker.wake(all);
            if let State::Works(child) = &mut worker.state
                && let Some(status) = child.try_wait()?
            {
                if was_killed(status) {
                    self.kills += 1;
                } else {
                    self.deserters.push(format!("{} {} ended by itself with {status}", worker.role, worker.place));
                }
                worker.state = State::Killed;
            }
            if matches!(worker.state, State::Killed) {
                worker.life += 1;
                worker.state = State::Works(self.hiring.start(worker)?);
            }
        }
        Ok(())
    }

    /// Asks the workers of a role to end, and waits until they did, or kills them after a while.
    ///
    /// # Errors
    /// When a process can't be waited for.
    pub async fn dismiss(&mut self, role: Role) -> Result<(), Failure> {
        let deadline = Instant::now() + GRACE;
        for worker in self.workers.iter_mut().filter(|worker| worker.role == role) {
            worker.dismiss();
        }
        for worker in self.workers.iter_mut().filter(|worker| worker.role == role) {
            match worker.ended_by(deadline).await? {
                Some(Ended::Killed) => self.kills += 1,
                Some(Ended::Badly(complaint)) => self.deserters.push(complaint),
                None => {}
            }
        }
        Ok(())
    }

    /// Tells every worker, and those that come, that nothing goes wrong any more.
    pub fn calm(&mut self) {
        self.hiring.is_calm = true;
        for worker in &mut self.workers {
            if let State::Works(child) | State::Stopped(child, _) = &mut worker.state {
                tell(child);
            }
        }
    }

    /// Where the workers write their logs.
    pub fn logs(&self) -> &Path {
        &self.hiring.logs
    }

    /// Starts those of a role again that were dismissed.
    ///
    /// # Errors
    /// When a process can't be started.
    pub fn recall(&mut self, role: Role) -> Result<(), Failure> {
        for worker in self.workers.iter_mut().filter(|worker| worker.role == role) {
            if matches!(worker.state, State::Gone) {
                worker.state = State::Killed;
            }
        }
        self.tend(false)
    }

    /// How many were killed.
    pub fn kills(&self) -> usize {
        self.kills
    }

    /// What workers did that none should.
    pub fn deserters(&self) -> &[String] {
        &self.deserters
    }

    fn one_of(&mut self, role: Role, number: usize) -> Option<&mut Worker> {
        let count = self.workers.iter().filter(|worker| worker.role == role).count();
        let place = number.checked_rem(count)?;
        self.workers.iter_mut().find(|worker| worker.role == role && worker.place == place)
    }
}

/// How a worker ended that was asked to, if not well.
enum Ended {
    Killed,
    Badly(String),
}

/// Whether it killed itself, at a spot that it aimed at: it wasn't us.
fn was_killed(status: ExitStatus) -> bool {
    status.signal() == Some(Signal::KILL.as_raw())
}

/// How long a worker may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(30);

impl Worker {
    fn kill(&mut self) -> io::Result<bool> {
        let (State::Works(child) | State::Stopped(child, _) | State::Dismissed(child)) = &mut self.state else {
            return Ok(false);
        };
        child.kill()?;
        child.wait().map(|_| true)
    }

    fn wake(&mut self, at_once: bool) {
        self.state = match std::mem::replace(&mut self.state, State::Gone) {
            State::Stopped(child, until) if at_once || until <= Instant::now() => {
                signal(&child, Signal::CONT);
                State::Works(child)
            }
            other => other,
        };
    }

    /// Its input ends.
    fn dismiss(&mut self) {
        self.wake(true);
        self.state = match std::mem::replace(&mut self.state, State::Gone) {
            State::Works(mut child) => {
                drop(child.stdin.take());
                State::Dismissed(child)
            }
            other => other,
        };
    }

    async fn ended_by(&mut self, deadline: Instant) -> Result<Option<Ended>, Failure> {
        while let State::Dismissed(child) = &mut self.state {
            let status = child.try_wait()?;
            let is_late = Instant::now() > deadline;
            match status {
                Some(status) if status.success() => self.state = State::Gone,
                Some(status) if was_killed(status) => {
                    self.state = State::Gone;
                    return Ok(Some(Ended::Killed));
                }
                Some(status) => {
                    self.state = State::Gone;
                    let complaint = format!("{} {} was asked to end and did with {status}", self.role, self.place);
                    return Ok(Some(Ended::Badly(complaint)));
                }
                None if is_late => {
                    self.kill()?;
                    self.state = State::Gone;
                    let complaint = format!("{} {} was asked to end and did not", self.role, self.place);
                    return Ok(Some(Ended::Badly(complaint)));
                }
                None => sleep(Duration::from_millis(20)).await,
            }
        }
        Ok(None)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended meanwhile.
        let _ = self.kill();
    }
}

fn signal(child: &Child, signal: Signal) {
    // It may have ended by itself; `tend` notices that.
    let _ = kill_process(Pid::from_child(child), signal);
}

impl Hiring {
    fn start(&self, worker: &Worker) -> Result<Child, Failure> {
        let Worker { role, place, life, build, .. } = *worker;
        let log = log_of(&self.logs, role, place)?;
        let program = match role {
            Role::Writer => "write",
            Role::Stranger => "strange",
            Role::Relay => self.relay,
            Role::Consumer => "consume",
            Role::Operator => "operate",
        };
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(program).args(&self.arguments).arg("--place").arg(place.to_string());
        command.arg("--life").arg(life.to_string());
        let build = build.to_possible_value().expect("every build can be typed");
        command.arg("--build").arg(build.get_name());
        command.stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log);
        let mut child = command.spawn()?;
        if self.is_calm {
            tell(&mut child);
        }
        Ok(child)
    }
}

/// A word to a worker.
fn tell(child: &mut Child) {
    // It may have ended by itself; `tend` notices that.
    let _ = child.stdin.as_mut().map(|input| input.write_all(b"."));
}

fn log_of(folder: &Path, role: Role, place: usize) -> io::Result<File> {
    fs::create_dir_all(folder)?;
    File::options().append(true).create(true).open(folder.join(format!("{role}-{place}.log")))
}
