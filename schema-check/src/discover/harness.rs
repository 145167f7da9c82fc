//! One program that links every library, also those which nobody names.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::artifacts::Artifacts;
use super::project::Project;
use crate::error::CannotRun;

/// Links the libraries into a program; `None` when there are none.
pub(super) fn link(project: &Project, artifacts: &Artifacts) -> Result<Option<PathBuf>, CannotRun> {
    if artifacts.libraries.is_empty() {
        return Ok(None);
    }
    let folder = project.scratch().join("harness");
    let program = folder.join(format!("harness{}", std::env::consts::EXE_SUFFIX));
    let source = folder.join("harness.rs");
    fs::create_dir_all(&folder).and_then(|()| fs::write(&source, text(artifacts.libraries.len()))).map_err(
        |error| {
            CannotRun::new(format!("cannot write `{}`", source.display()), "make cargo's target folder writable")
                .because(error)
        },
    )?;
    let output = rustc(project, artifacts, &source, &program, &[])?;
    if !output.status.success() && !by_other_flags(project, artifacts, &source, &program)? {
        let help = "build the project once by `cargo build`";
        super::project::finished(output, "cannot link the libraries into one program", help)?;
    }
    Ok(Some(program))
}

/// Profiles with `panic = "abort"` or `lto` give libraries that only link in the same way.
fn by_other_flags(project: &Project, artifacts: &Artifacts, source: &Path, program: &Path) -> Result<bool, CannotRun> {
    for flags in [["-C", "panic=abort"].as_slice(), &["-C", "lto=fat"], &["-C", "panic=abort", "-C", "lto=fat"]] {
        if rustc(project, artifacts, source, program, flags)?.status.success() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn text(libraries: usize) -> String {
    let named: String = (0..libraries).map(|number| format!("extern crate l{number} as _;\n")).collect();
    format!("{named}fn main() {{}}\n")
}

fn rustc(
    project: &Project,
    artifacts: &Artifacts,
    source: &Path,
    program: &Path,
    more: &[&str],
) -> Result<Output, CannotRun> {
    let mut command = Command::new(&project.flags.rustc);
    command.current_dir(project.root()).args(["--edition", "2021", "--crate-name", "schema_check_harness"]).args(more);
    command.args(["-C", "debuginfo=0", "--cap-lints", "allow"]).arg(source).arg("-o").arg(program);
    if let Some(target) = &project.flags.target {
        command.arg("--target").arg(target);
    }
    for (number, library) in artifacts.libraries.iter().enumerate() {
        command.arg("--extern").arg(format!("l{number}={}", library.display()));
    }
    for folder in artifacts.library_folders() {
        command.arg("-L").arg(format!("dependency={}", folder.display()));
    }
    for native in &artifacts.native {
        command.arg("-L").arg(native);
    }
    command.output().map_err(|error| {
        CannotRun::new("cannot run `rustc`", "put `rustc` on the PATH, or name it by the variable RUSTC").because(error)
    })
}
