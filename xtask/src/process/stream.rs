//! Running a command to its end and seeing its lines as they come.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::{POLL, Running};
use crate::interrupt::Interrupt;

/// How long lines may still come after the end: something that it left behind can hold the pipe open for ever.
const LEFTOVERS: Duration = Duration::from_secs(2);

/// Runs `command` and gives each line of its standard output to `on_line`; `None` when it was interrupted.
///
/// # Errors
/// When it cannot be started or waited for.
pub fn stream(
    command: &mut Command,
    interrupt: &Interrupt,
    mut on_line: impl FnMut(&str),
) -> io::Result<Option<ExitStatus>> {
    let mut running = Running::spawn(command.stdout(Stdio::piped()))?;
    let lines = read_lines(running.child.stdout.take());
    let mut ended: Option<(ExitStatus, Instant)> = None;
    loop {
        match lines.recv_timeout(POLL) {
            Ok(line) => on_line(&line),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => match ended {
                Some((_, since)) if since.elapsed() > LEFTOVERS => break,
                Some(_) => {}
                None => ended = running.ended()?.map(|status| (status, Instant::now())),
            },
        }
        if interrupt.is_raised() {
            return Ok(None);
        }
    }
    match ended {
        Some((status, _)) => Ok(Some(status)),
        None => wait(&mut running, interrupt),
    }
}

fn wait(running: &mut Running, interrupt: &Interrupt) -> io::Result<Option<ExitStatus>> {
    while !interrupt.is_raised() {
        if let Some(status) = running.ended()? {
            return Ok(Some(status));
        }
        thread::sleep(POLL);
    }
    Ok(None)
}

fn read_lines(stdout: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(stdout) = stdout {
        thread::spawn(move || forward(BufReader::new(stdout), &sender));
    }
    receiver
}

fn forward(mut stdout: impl BufRead, sender: &Sender<String>) {
    let mut bytes = Vec::new();
    while let Ok(1..) = stdout.read_until(b'\n', &mut bytes) {
        let line = String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned();
        if sender.send(line).is_err() {
            return;
        }
        bytes.clear();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn lines_of(script: &str) -> (Vec<String>, Option<ExitStatus>) {
        let mut lines = Vec::new();
        let mut command = Command::new("sh");
        let status = stream(command.args(["-c", script]), &Interrupt::default(), |line| lines.push(line.to_owned()));
        (lines, status.unwrap())
    }

    #[test]
    fn lines_come_in_order_and_the_last_needs_no_end() {
        let (lines, status) = lines_of("echo one; printf 'two\\nthree'; exit 4");
        assert_eq!(lines, ["one", "two", "three"]);
        assert_eq!(status.unwrap().code(), Some(4));
    }

    #[test]
    fn a_process_left_behind_does_not_hold_us() {
        let (lines, status) = lines_of("sleep 20 & echo done");
        assert_eq!(lines, ["done"]);
        assert!(status.unwrap().success());
    }

    #[test]
    fn an_interrupt_ends_the_command() {
        let interrupt = Interrupt::default();
        let mut command = Command::new("sh");
        command.args(["-c", "echo started; sleep 600"]);
        let status = stream(&mut command, &interrupt, |_| interrupt.raise()).unwrap();
        assert_eq!(status, None);
    }
}
