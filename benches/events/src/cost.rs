//! What a run of the compiler costs: its processor time, and its instructions where they can be counted.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

/// How instructions are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    /// By the processor, which costs nothing.
    Perf,
    /// By valgrind: exact on a loaded machine too, and forty times slower.
    Valgrind,
    /// Not at all.
    None,
}

impl Counter {
    /// Whether the processor counts here: virtual machines often hide its counters, and systems forbid them.
    #[must_use]
    pub fn probe() -> Self {
        let args = ["stat", "-x", ",", "-e", "instructions:u", "true"];
        let counted = Command::new("perf").args(args).output().ok().and_then(|output| perf(&text(&output)));
        if counted.is_some() { Self::Perf } else { Self::None }
    }

    /// The word that passes it on to the wrapper.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Perf => "perf",
            Self::Valgrind => "valgrind",
            Self::None => "none",
        }
    }

    /// What `word` says.
    #[must_use]
    pub fn of(word: &str) -> Self {
        [Self::Perf, Self::Valgrind].into_iter().find(|counter| counter.word() == word).unwrap_or(Self::None)
    }

    fn command(self, program: &OsString) -> Command {
        let prefix: &[&str] = match self {
            Self::Perf => &["perf", "stat", "-x", ",", "-e", "instructions:u"],
            Self::Valgrind => &["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"],
            Self::None => &[],
        };
        let mut words = prefix.iter().map(OsString::from).chain([program.clone()]);
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        command
    }

    fn read(self, stderr: &str) -> Option<u64> {
        match self {
            Self::Perf => perf(stderr),
            Self::Valgrind => valgrind(stderr),
            Self::None => None,
        }
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// `1234,,instructions:u,…`; `<not supported>` in place of the number where there is no counter.
fn perf(stderr: &str) -> Option<u64> {
    stderr.lines().find(|line| line.contains("instructions:u"))?.split(',').next()?.parse().ok()
}

/// `==12== I refs:      1,234`
fn valgrind(stderr: &str) -> Option<u64> {
    let line = stderr.lines().find(|line| line.contains("I ") && line.contains("refs:"))?;
    line.rsplit(':').next()?.trim().replace(',', "").parse().ok()
}

/// What one run cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// User and system time of the compiler, in seconds; of no meaning under valgrind.
    pub seconds: f64,
    /// Its instructions, where they were counted.
    pub instructions: Option<u64>,
}

impl Cost {
    /// Runs the compiler as cargo asked for it and notes at `file` what that cost; its exit code.
    ///
    /// # Errors
    /// When it can't be started, or the note can't be written.
    pub fn note(counter: Counter, compiler: &OsString, args: &[OsString], file: &Path) -> io::Result<i32> {
        let output = counter.command(compiler).args(args).stdin(Stdio::null()).stdout(Stdio::inherit()).output()?;
        let cost = Self { seconds: of_children(), instructions: counter.read(&text(&output)) };
        let instructions = cost.instructions.map(|count| count.to_string()).unwrap_or_default();
        fs::write(file, format!("{} {instructions}", cost.seconds))?;
        if !output.status.success() {
            eprint!("{}", text(&output));
        }
        Ok(output.status.code().unwrap_or(1))
    }

    /// What was noted at `file`.
    #[must_use]
    pub fn noted(file: &Path) -> Option<Self> {
        let noted = fs::read_to_string(file).ok()?;
        let (seconds, instructions) = noted.split_once(' ')?;
        Some(Self { seconds: seconds.parse().ok()?, instructions: instructions.parse().ok() })
    }
}

fn of_children() -> f64 {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else { return f64::NAN };
    (usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1e6
}
