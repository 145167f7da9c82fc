//! The conversation with a program that answers before its `main` runs.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::artifacts::How;
use super::event::Raw;
use super::project::Project;
use super::reading::Reading;
use crate::error::CannotRun;
use crate::learn::{self, Answer};

/// The variable that makes a program answer.
const NONCE: &str = "__EVENT_DISCOVER";

/// What a program holds that answers and then exits: event-core's discovery writes the same text.
const MARKER: &[u8] = b"event-core answers schema-check before main, protocol 1";

/// How long a program may take for one answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Who decodes an event: a program, and the event's number in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decoder {
    pub(super) program: usize,
    pub(super) index: usize,
}

#[cfg(test)]
impl Decoder {
    /// One for tests, with a number to tell it by.
    pub(crate) fn numbered(number: u32) -> Self {
        Self { program: 0, index: usize::try_from(number).unwrap_or_default() }
    }

    pub(crate) fn number(self) -> u32 {
        u32::try_from(self.index).unwrap_or_default()
    }
}

/// A program that was started and still answers.
#[derive(Debug)]
pub(super) struct Program {
    child: Child,
    stdin: Option<ChildStdin>,
    answers: Receiver<String>,
}

#[derive(Deserialize)]
struct Told {
    event: Option<Raw>,
    events: Option<usize>,
}

/// Whether the program answers: any other one would run its `main`.
pub(super) fn answers(path: &Path) -> Result<bool, CannotRun> {
    let bytes = fs::read(path).map_err(|error| cannot_ask(path, error))?;
    Ok(contains(&bytes, MARKER))
}

fn contains(bytes: &[u8], marker: &[u8]) -> bool {
    let Some(first) = marker.first() else { return true };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        let found = rest.get(at..).unwrap_or_default();
        if found.starts_with(marker) {
            return true;
        }
        rest = found.get(1..).unwrap_or_default();
    }
    false
}

impl Program {
    /// Starts the program and takes the events that it tells.
    pub(super) fn start<'a>(
        project: &Project,
        path: &Path,
        how: How,
        libraries: impl Iterator<Item = &'a Path>,
    ) -> Result<(Self, Vec<Raw>), CannotRun> {
        let nonce = format!("schema-check-{}", std::process::id());
        let mut command = command(path, how)?;
        command.current_dir(project.root()).env(NONCE, &nonce).env(library_path(), joined(libraries));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| cannot_ask(path, error))?;
        let answers = lines(child.stdout.take(), &nonce);
        let stdin = child.stdin.take();
        let mut program = Self { child, stdin, answers };
        let events = program.events().map_err(|error| cannot_ask(path, program.why(error)))?;
        Ok((program, events))
    }

    fn events(&mut self) -> io::Result<Vec<Raw>> {
        let mut events = Vec::new();
        loop {
            let told: Told = serde_json::from_str(&self.answer()?)?;
            events.extend(told.event);
            if let Some(count) = told.events {
                let all = events.len() == count;
                return if all { Ok(events) } else { Err(io::Error::other("it did not tell all of its events")) };
            }
        }
    }

    fn answer(&self) -> io::Result<String> {
        self.answers.recv_timeout(PATIENCE).map_err(|error| match error {
            RecvTimeoutError::Timeout => io::Error::other("it did not answer within a minute"),
            RecvTimeoutError::Disconnected => io::Error::other("it ended without an answer"),
        })
    }

    /// The error with what the program wrote to stderr.
    fn why(&mut self, error: io::Error) -> io::Error {
        // It is of no more use; it may have ended already.
        let _ = self.child.kill();
        let mut said = String::new();
        if let Some(stderr) = &mut self.child.stderr {
            // What it wrote is only an addition to the error.
            let _ = stderr.take(4096).read_to_string(&mut said);
        }
        if said.trim().is_empty() { error } else { io::Error::other(format!("{error}; it wrote: {}", said.trim())) }
    }

    /// The decoder of the event at `index`.
    pub(super) fn decoder(&mut self, index: usize) -> impl learn::Decoder + '_ {
        Asked { program: self, index }
    }

    fn decode_all(&mut self, index: usize, values: &[Value]) -> Option<Vec<Answer>> {
        let data: Vec<String> = values.iter().map(ToString::to_string).collect();
        writeln!(self.stdin.as_mut()?, "{}", json!({ "decode_all": { "index": index, "data": data } })).ok()?;
        let answer: Value = serde_json::from_str(&self.answer().ok()?).ok()?;
        Some(answer.get("all")?.as_array()?.iter().map(heard).collect())
    }

    /// What comes of each value as a version of the event at `index`; `None` when the program is gone.
    pub(super) fn upcast(&mut self, index: usize, wire: (&str, u32), values: &[Value]) -> Option<Vec<Reading>> {
        let (event_type, event_version) = wire;
        let data: Vec<String> = values.iter().map(ToString::to_string).collect();
        let asked = json!({ "index": index, "event_type": event_type, "event_version": event_version, "data": data });
        writeln!(self.stdin.as_mut()?, "{}", json!({ "upcast": asked })).ok()?;
        let answer: Value = serde_json::from_str(&self.answer().ok()?).ok()?;
        let all: Vec<Reading> = answer.get("all")?.as_array()?.iter().map(Reading::heard).collect();
        (all.len() == values.len()).then_some(all)
    }

    /// serde's error on `data` as the event at `index`.
    pub(super) fn decode(&mut self, index: usize, data: &str) -> Option<String> {
        let request = json!({ "decode": { "index": index, "data": data } });
        writeln!(self.stdin.as_mut()?, "{request}").ok()?;
        let answer: Value = serde_json::from_str(&self.answer().ok()?).ok()?;
        let error = answer.get("error").and_then(Value::as_str).map(str::to_owned);
        error.or_else(|| answer.get("panic").and_then(Value::as_str).map(|panic| format!("panicked: {panic}")))
    }
}

/// An event's decoder in a program.
struct Asked<'p> {
    program: &'p mut Program,
    index: usize,
}

impl learn::Decoder for Asked<'_> {
    fn decode(&mut self, values: &[Value]) -> Vec<Answer> {
        self.program.decode_all(self.index, values).unwrap_or_default()
    }
}

fn heard(answer: &Value) -> Answer {
    let text = |name: &str| answer.get(name).and_then(Value::as_str);
    match (answer.get("ok"), text("error").or_else(|| text("panic"))) {
        (Some(again), None) => Answer::Read(again.as_str().and_then(|again| serde_json::from_str(again).ok())),
        (_, error) => Answer::Refused(error.unwrap_or_default().to_owned()),
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It ends by itself when its stdin closes; a program that hangs is ended.
        self.stdin = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the program, or a process of ours with the library in it.
fn command(path: &Path, how: How) -> Result<Command, CannotRun> {
    if how == How::Run {
        return Ok(Command::new(path));
    }
    let mut command = Command::new(std::env::current_exe().map_err(|error| cannot_ask(path, error))?);
    let variable = if cfg!(target_vendor = "apple") { "DYLD_INSERT_LIBRARIES" } else { "LD_PRELOAD" };
    command.arg("--version").env(variable, path);
    Ok(command)
}

fn library_path() -> &'static str {
    match () {
        () if cfg!(windows) => "PATH",
        () if cfg!(target_vendor = "apple") => "DYLD_FALLBACK_LIBRARY_PATH",
        () => "LD_LIBRARY_PATH",
    }
}

#[allow(clippy::disallowed_methods, reason = "the started program keeps the search path of this one")]
fn joined<'a>(folders: impl Iterator<Item = &'a Path>) -> std::ffi::OsString {
    let before = std::env::var_os(library_path()).unwrap_or_default();
    let all = folders.map(Path::to_owned).chain(std::env::split_paths(&before));
    std::env::join_paths(all).unwrap_or(before)
}

/// The lines that are meant for us, without their nonce.
fn lines(stdout: Option<impl Read + Send + 'static>, nonce: &str) -> Receiver<String> {
    let (send, receive) = channel();
    let prefix = format!("{nonce} ");
    if let Some(stdout) = stdout {
        thread::spawn(move || {
            let (mut out, mut bytes) = (BufReader::new(stdout), Vec::new());
            while out.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
                // What the program's own code prints may be any bytes, and may lack its line's end before ours.
                let line = String::from_utf8_lossy(&bytes);
                let ours = line.split_once(&prefix).map(|(_, ours)| ours.trim_end().to_owned());
                if ours.is_some_and(|line| send.send(line).is_err()) {
                    break;
                }
                bytes.clear();
            }
        });
    }
    receive
}

fn cannot_ask(path: &Path, error: io::Error) -> CannotRun {
    let message = format!("cannot ask `{}` for its events", path.display());
    CannotRun::new(message, "rebuild it, and see that it starts on this machine").because(error)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn a_program_without_the_marker_is_not_started() {
        assert!(contains(b"..eevent-core answers schema-check before main, protocol 1", MARKER));
        assert!(!contains(b"event-core answers schema-check before main, protocol", MARKER));
        assert!(!contains(b"", MARKER));
    }
}
