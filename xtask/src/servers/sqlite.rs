//! SQLite: no process, compiled into the tests by its bundled source.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::interrupt::Interrupt;
use crate::process::capture;
use crate::server::{Row, State};

const LIMIT: Duration = Duration::from_secs(120);

/// The line of the table: the version that the tests link, read from its bundled source.
#[must_use]
pub fn row(cargo: &Path, interrupt: &Interrupt) -> Row {
    let state = match bundled_version(cargo, interrupt) {
        Ok(version) => State::Ran { version: Some(version), how: "bundled, in process".to_owned() },
        Err(reason) => State::Skipped { reason },
    };
    Row { name: "sqlite", state }
}

fn bundled_version(cargo: &Path, interrupt: &Interrupt) -> Result<String, String> {
    let said = capture(Command::new(cargo).args(["metadata", "--format-version=1", "--quiet"]), LIMIT, interrupt)?;
    let header = header_file(&said)?;
    let text = fs::read_to_string(&header).map_err(|error| format!("cannot read {}: {error}", header.display()))?;
    version_in(&text).map(str::to_owned).ok_or_else(|| format!("{} tells no version", header.display()))
}

/// SQLite's own header in the bundled source, found through `cargo metadata`.
fn header_file(metadata: &str) -> Result<PathBuf, String> {
    let metadata: Value =
        serde_json::from_str(metadata).map_err(|error| format!("cannot read `cargo metadata`: {error}"))?;
    let packages = metadata.get("packages").and_then(Value::as_array).into_iter().flatten();
    let manifest = packages
        .filter(|package| package.get("name").and_then(Value::as_str) == Some("libsqlite3-sys"))
        .find_map(|package| package.get("manifest_path").and_then(Value::as_str))
        .ok_or("the workspace does not link `libsqlite3-sys`")?;
    Ok(Path::new(manifest).with_file_name("sqlite3").join("sqlite3.h"))
}

fn version_in(header: &str) -> Option<&str> {
    let line = header.lines().find_map(|line| line.trim().strip_prefix("#define SQLITE_VERSION "))?;
    line.trim().strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn the_version_is_read_from_the_header() {
        let header = "/* x */\n#define SQLITE_VERSION        \"3.50.2\"\n#define SQLITE_VERSION_NUMBER 3050002\n";
        assert_eq!(version_in(header), Some("3.50.2"));
        assert_eq!(version_in("#define SQLITE_VERSION_NUMBER 3050002"), None);
    }

    #[test]
    fn the_header_lies_beside_the_manifest() {
        let metadata = r#"{"packages":[{"name":"a","manifest_path":"/a/Cargo.toml"},
            {"name":"libsqlite3-sys","manifest_path":"/s/Cargo.toml"}]}"#;
        assert_eq!(header_file(metadata).unwrap(), Path::new("/s/sqlite3/sqlite3.h"));
        assert_eq!(header_file(r#"{"packages":[]}"#).unwrap_err(), "the workspace does not link `libsqlite3-sys`");
    }
}
