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

/// `==12== Collected : 1234`
fn collected(stderr: &str) -> Option<u64> {
    stderr.lines().find(|line| line.contains("Collected : "))?.rsplit(' ').next()?.parse().ok()
}
