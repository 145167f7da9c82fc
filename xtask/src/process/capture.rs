//! Running a command to its end and keeping what it printed.

use std::io::{Read, Seek};
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use super::{Gone, Running, pause};
use crate::interrupt::Interrupt;

/// Runs `command` for at most `limit`; what it printed, or why it failed.
///
/// # Errors
/// When it can't be started, takes too long, or ends with a failure: a text that names the command.
pub fn capture(command: &mut Command, limit: Duration, interrupt: &Interrupt) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let (status, text) = run(command, limit, interrupt)?;
    if status.success() { Ok(text) } else { Err(format!("`{name}` ended with {status}: {}", last_line(&text))) }
}

/// Runs `command` for at most `limit`; how it ended and what it printed, also when it failed.
///
/// # Errors
/// When it can't be started or takes too long: a text that names the command.
pub(crate) fn run(
    command: &mut Command,
    limit: Duration,
    interrupt: &Interrupt,
) -> Result<(ExitStatus, String), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut printed = tempfile::tempfile().map_err(|error| format!("cannot make a temporary file: {error}"))?;
    let (out, err) = printed
        .try_clone()
        .and_then(|out| Ok((out, printed.try_clone()?)))
        .map_err(|error| format!("cannot share a temporary file: {error}"))?;
    let deadline = Instant::now() + limit;
    let mut running =
        Running::spawn(command.stdout(out).stderr(err)).map_err(|error| format!("cannot start `{name}`: {error}"))?;
    let status = loop {
        match running.ended().map_err(|error| format!("cannot wait for `{name}`: {error}"))? {
            Some(status) => break status,
            None => pause(deadline, interrupt).map_err(|gone| describe(&name, gone, limit))?,
        }
    };
    Ok((status, read_back(&mut printed)))
}

fn describe(name: &str, gone: Gone, limit: Duration) -> String {
    match gone {
        Gone::TooSlow => format!("`{name}` took longer than {} s", limit.as_secs_f32()),
        Gone::Interrupted => format!("`{name}` was interrupted"),
    }
}

fn read_back(printed: &mut std::fs::File) -> String {
    let mut bytes = Vec::new();
    match printed.rewind().and_then(|()| printed.read_to_end(&mut bytes)) {
        Ok(_) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => format!("its output cannot be read: {error}"),
    }
}

/// The last line that says something.
pub(crate) fn last_line(text: &str) -> &str {
    text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it printed nothing")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn sh(script: &str, limit: Duration) -> Result<String, String> {
        capture(Command::new("sh").args(["-c", script]), limit, &Interrupt::default())
    }

    const ENOUGH: Duration = Duration::from_secs(20);

    #[test]
    fn what_was_printed_comes_back() {
        assert_eq!(sh("echo one; echo two >&2", ENOUGH).unwrap(), "one\ntwo\n");
    }

    #[test]
    fn a_failure_says_the_last_line() {
        assert_eq!(
            sh("echo no such disk; exit 3", ENOUGH).unwrap_err(),
            "`sh` ended with exit status: 3: no such disk"
        );
    }

    #[test]
    fn the_limit_ends_it() {
        assert_eq!(sh("sleep 600", Duration::from_millis(100)).unwrap_err(), "`sh` took longer than 0.1 s");
    }

    #[test]
    fn an_interrupt_ends_it() {
        let interrupt = Interrupt::default();
        interrupt.raise();
        let result = capture(Command::new("sleep").arg("600"), ENOUGH, &interrupt);
        assert_eq!(result.unwrap_err(), "`sleep` was interrupted");
    }
}
