//! Builds the user's packages with their own lock file, profile and target folder, and event-core's tool-only feature.

use std::process::{Command, Stdio};

use super::artifacts::Artifacts;
use super::project::Project;
use super::wrapper;
use crate::error::CannotRun;

/// Builds libraries and binaries.
pub(super) fn build(project: &Project) -> Result<Artifacts, CannotRun> {
    let mut command = project.flags.command("build");
    // Where panics abort, one on a sample would end the program for all other events; elsewhere this changes nothing.
    command.env("CARGO_PROFILE_DEV_PANIC", "unwind");
    command.arg("--message-format=json-render-diagnostics").stdout(Stdio::piped()).stderr(Stdio::inherit());
    for package in project.reaching() {
        command.arg("-p").arg(format!("{}@{}", package.name, package.version));
    }
    if let Some(target) = &project.flags.target {
        command.arg("--target").arg(target);
    }
    project.flags.features_of(&mut command);
    turn_on(project, &mut command)?;
    let output = command.output().map_err(|error| {
        CannotRun::new("cannot run `cargo build`", "put `cargo` on the PATH, or name it by the variable CARGO")
            .because(error)
    })?;
    if !output.status.success() {
        return Err(CannotRun::new(
            "the project does not compile",
            "mend what cargo reports above: schema-check asks the compiled code for its events",
        ));
    }
    Artifacts::read(project, &output.stdout)
}

/// Turns the tool-only feature on: by cargo where it can, which shares the user's own target folder.
fn turn_on(project: &Project, command: &mut Command) -> Result<(), CannotRun> {
    let names = project.names_of_core();
    if !names.is_empty() && project.unifies_features() {
        for name in names {
            command.arg("--features").arg(format!("{name}/__discover"));
        }
        return Ok(());
    }
    command.arg("--target-dir").arg(project.scratch().join("build"));
    wrapper::install(command, project.flags.rustc_wrapper.as_deref()).map_err(|error| {
        CannotRun::new("cannot find the path of this program", "start `schema-check` by its full path").because(error)
    })
}
