//! Turns event-core's tool-only feature on where cargo can't: no package that is built names event-core itself, or the
//! old resolver keeps features apart. Cargo then runs this program in place of rustc, in a target folder of its own.

use std::ffi::{OsStr, OsString};
use std::process::Command;

/// Set for the runs of this program by cargo; holds the user's own wrapper, or nothing.
const MARK: &str = "__SCHEMA_CHECK_WRAPS";

/// Makes a cargo command run this program in place of rustc.
pub(super) fn install(cargo: &mut Command, own: Option<&OsStr>) -> std::io::Result<()> {
    cargo.env(MARK, own.unwrap_or_default()).env("RUSTC_WRAPPER", std::env::current_exe()?);
    Ok(())
}

/// Runs rustc if cargo started this program in its place: the exit code, `None` for every other start.
#[allow(clippy::disallowed_methods, reason = "cargo passes what it wants by variables")]
pub(crate) fn run(arguments: &[OsString]) -> Option<u8> {
    let own = std::env::var_os(MARK)?;
    let mut rest = arguments.iter().skip(1);
    let mut command = match (own.is_empty(), rest.next()) {
        (_, None) => return Some(2),
        (true, Some(rustc)) => Command::new(rustc),
        (false, Some(rustc)) => {
            let mut command = Command::new(own);
            command.arg(rustc);
            command
        }
    };
    let arguments: Vec<&OsString> = rest.collect();
    command.args(&arguments).env_remove(MARK).env_remove("RUSTC_WRAPPER");
    if is_core(&arguments) {
        command.args(["--cfg", "feature=\"__discover\""]);
    }
    let status = command.status().ok()?;
    Some(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

fn is_core(arguments: &[&OsString]) -> bool {
    let mut pairs = arguments.iter().zip(arguments.iter().skip(1));
    pairs.any(|(flag, value)| *flag == "--crate-name" && *value == "event_core")
}
