//! Child processes: started in a group of their own, waited for with a limit, ended by process id.

mod capture;
mod stream;

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

pub use capture::capture;
pub(crate) use capture::{last_line, run};
pub use stream::stream;

use crate::interrupt::Interrupt;

/// How often a wait looks again.
pub(crate) const POLL: Duration = Duration::from_millis(20);

/// How long a process may take to end by itself after it was asked to.
const GRACE: Duration = Duration::from_secs(10);

/// A child in a process group of its own; dropping it ends the group.
///
/// The group keeps a terminal's Ctrl-C away from the child: we are told, and take it down in order.
#[derive(Debug)]
pub struct Running {
    child: Child,
    ending: Signal,
}

impl Running {
    /// Starts `command` with no input.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn spawn(command: &mut Command) -> io::Result<Self> {
        let child = command.stdin(Stdio::null()).process_group(0).spawn()?;
        Ok(Self { child, ending: Signal::TERM })
    }

    /// The same process, which is asked to end by `ending` rather than by SIGTERM.
    #[must_use]
    pub fn ended_by(mut self, ending: Signal) -> Self {
        self.ending = ending;
        self
    }

    /// The process id, which is also the id of the group.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, or `None` while it runs.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// Asks the group to end, and ends it by force once `grace` has passed.
    ///
    /// # Errors
    /// When the process can be neither signalled nor waited for.
    pub fn stop(&mut self, grace: Duration) -> io::Result<ExitStatus> {
        if let Some(status) = self.ended()? {
            return Ok(status);
        }
        self.signal(self.ending)?;
        let deadline = Instant::now() + grace;
        while Instant::now() < deadline {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            thread::sleep(POLL);
        }
        self.signal(Signal::KILL)?;
        self.child.wait()
    }

    fn signal(&self, signal: Signal) -> io::Result<()> {
        Ok(kill_process_group(Pid::from_child(&self.child), signal)?)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Err(error) = self.stop(GRACE) {
            println!("cannot stop process {}: {error}", self.id());
        }
    }
}

/// Why waiting ended without an exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// The limit passed.
    TooSlow,
    /// Somebody asked the run to end.
    Interrupted,
}

/// Sleeps a moment, unless the deadline has passed or the run should end.
pub(crate) fn pause(deadline: Instant, interrupt: &Interrupt) -> Result<(), Gone> {
    if interrupt.is_raised() {
        return Err(Gone::Interrupted);
    }
    if Instant::now() >= deadline {
        return Err(Gone::TooSlow);
    }
    thread::sleep(POLL);
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use rustix::process::test_kill_process;

    use super::*;

    fn is_alive(id: u32) -> bool {
        test_kill_process(Pid::from_raw(id.try_into().unwrap()).unwrap()).is_ok()
    }

    #[test]
    fn a_dropped_process_is_gone() {
        let running = Running::spawn(Command::new("sleep").arg("600")).unwrap();
        let id = running.id();
        assert!(is_alive(id));
        drop(running);
        assert!(!is_alive(id));
    }

    #[test]
    fn a_process_is_asked_by_the_signal_that_it_understands() {
        let folder = tempfile::tempdir().unwrap();
        let mut polite = Command::new("sh");
        let script = "trap 'exit 7' INT; trap '' TERM; touch ready; while :; do sleep 0.05; done";
        polite.args(["-c", script]).current_dir(folder.path());
        let mut running = Running::spawn(&mut polite).unwrap().ended_by(Signal::INT);
        let deadline = Instant::now() + GRACE;
        while !folder.path().join("ready").exists() {
            pause(deadline, &Interrupt::default()).unwrap();
        }
        assert_eq!(running.stop(GRACE).unwrap().code(), Some(7));
    }

    #[test]
    fn a_process_that_ignores_the_request_is_ended_by_force() {
        let folder = tempfile::tempdir().unwrap();
        let mut deaf = Command::new("sh");
        deaf.args(["-c", "trap '' TERM; touch deaf; while :; do sleep 0.05; done"]).current_dir(folder.path());
        let mut running = Running::spawn(&mut deaf).unwrap();
        let deadline = Instant::now() + GRACE;
        while !folder.path().join("deaf").exists() {
            pause(deadline, &Interrupt::default()).unwrap();
        }
        let status = running.stop(Duration::from_millis(200)).unwrap();
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(9));
        assert!(!is_alive(running.id()));
    }
}
