//! Copies the workspace to a temporary folder, edits an event there, and runs the real schema-check on it.

use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::story::say;

/// The edit: a field of a live event gets another name on the wire.
const BEFORE: &str = "    pub total: Money,";
const AFTER: &str = "    #[serde(rename = \"amount\")]\n    pub total: Money,";

/// Shows what schema-check says of the edit.
pub(super) fn show(package: &Path) -> Result<(), Box<dyn Error>> {
    let workspace = package.parent().ok_or("the examples live in a workspace")?;
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("workspace");
    copy_tree(workspace, &copy)?;
    edit(&copy.join("examples/src/shop/events.rs"))?;
    say("somebody renames a field of `order.placed` v2, which is live, in a copy of this example:");
    say("    + #[serde(rename = \"amount\")]");
    say("      pub total: Money,");
    say("CI runs `schema-check`:\n");
    let code = schema_check(workspace, &copy)?;
    println!();
    if code != Some(1) {
        return Err(format!("schema-check should have ended with 1, a breaking change; it ended with {code:?}").into());
    }
    say("exit code 1: the build fails, the event stays readable");
    Ok(())
}

fn edit(file: &Path) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(file)?;
    let edited = text.replacen(BEFORE, AFTER, 1);
    if edited == text {
        return Err(format!("{} has no line `{}` to edit", file.display(), BEFORE.trim()).into());
    }
    Ok(fs::write(file, edited)?)
}

/// Runs the real binary. The copy is built in a folder of its own, for cargo can't tell two checkouts of one workspace
/// apart in one target folder; the folder stays, so that the next run is quick.
fn schema_check(workspace: &Path, copy: &Path) -> io::Result<Option<i32>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let target = target_folder(workspace);
    let built = Command::new(&cargo)
        .current_dir(workspace)
        .env("CARGO_TARGET_DIR", &target)
        .args(["build", "--quiet", "--package", "schema-check", "--bin", "schema-check"])
        .status()?;
    if !built.success() {
        return Ok(built.code());
    }
    let status = Command::new(target.join("debug/schema-check"))
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", target.join("quickstart"))
        // The story shows the check against the files; in CI there would be a git baseline as well.
        .env_remove("CI")
        .env_remove("GITHUB_ACTIONS")
        .args(["--package", "event-examples"])
        .status()?;
    Ok(status.code())
}

/// Where this very program was built: `target/debug/quickstart` lies two levels below it.
fn target_folder(workspace: &Path) -> PathBuf {
    let program = std::env::current_exe().ok();
    let folder = program.as_deref().and_then(|program| program.parent()?.parent()).map(Path::to_path_buf);
    folder.unwrap_or_else(|| workspace.join("target"))
}

/// Copies what belongs to the project: no build output, no history.
fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == "target" || name == ".git" {
            continue;
        }
        let (source, goal) = (entry.path(), to.join(&name));
        if entry.file_type()?.is_dir() { copy_tree(&source, &goal)? } else { fs::copy(&source, &goal).map(drop)? }
    }
    Ok(())
}
