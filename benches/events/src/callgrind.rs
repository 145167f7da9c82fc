//! Counting the instructions of a program's own work: it runs itself under valgrind.

use std::io;
use std::process::Command;

/// The instructions of this very program, run with `args`.
///
/// # Errors
/// When valgrind can't be started, the program fails, or nothing was counted.
pub fn instructions(args: &[&str]) -> io::Result<u64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(std::env::current_exe()?).args(args);
    let output = valgrind.output().map_err(|error| io::Error::new(error.kind(), format!("valgrind: {error}")))?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(io::Error::other(stderr));
    }
    collected(&stderr).ok_or_else(|| io::Error::other(format!("valgrind counted nothing: {stderr}")))
}

/// The instructions of one of `times` rounds of this program: it is run with `args` and so many rounds, and with twice as
/// many, so that what it does besides doesn't count.
///
/// # Errors
/// As [`instructions`].
pub fn each(args: &[&str], times: u32) -> io::Result<f64> {
    let run = |times: u32| instructions(&[args, &[times.to_string().as_str()]].concat());
    let (once, twice) = (run(times)?, run(times * 2)?);
    Ok((twice as f64 - once as f64) / f64::from(times))
}

/// `==12== Collected : 1234`
fn collected(stderr: &str) -> Option<u64> {
    stderr.lines().find(|line| line.contains("Collected : "))?.rsplit(' ').next()?.parse().ok()
}
