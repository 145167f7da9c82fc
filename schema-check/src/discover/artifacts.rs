//! What cargo built: libraries to link into one program, binaries and dynamic libraries to ask by themselves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{Artifact, Message};

use super::project::Project;
use crate::error::CannotRun;

/// How a program is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// It is started.
    Run,
    /// It is loaded into another process.
    Load,
}

/// The files of a build that may hold events.
#[derive(Debug, Default)]
pub(super) struct Artifacts {
    /// Libraries that rustc can link.
    pub(super) libraries: Vec<PathBuf>,
    executables: Vec<PathBuf>,
    dynamic: Vec<PathBuf>,
    folders: BTreeSet<PathBuf>,
    /// Where build scripts put native libraries, as `-L` takes it.
    pub(super) native: BTreeSet<String>,
}

impl Artifacts {
    /// Reads cargo's messages.
    pub(super) fn read(project: &Project, stdout: &[u8]) -> Result<Self, CannotRun> {
        let mut artifacts = Self::default();
        for message in Message::parse_stream(stdout) {
            let message = message.map_err(|error| {
                CannotRun::new("cannot read what `cargo build` printed", "update cargo").because(error)
            })?;
            match message {
                Message::CompilerArtifact(artifact) => artifacts.take(project, &artifact),
                Message::BuildScriptExecuted(script) => {
                    artifacts.native.extend(script.linked_paths.into_iter().map(Into::into));
                }
                _ => {}
            }
        }
        Ok(artifacts)
    }

    fn take(&mut self, project: &Project, artifact: &Artifact) {
        let files: Vec<&Path> = artifact.filenames.iter().map(|file| file.as_std_path()).collect();
        self.folders.extend(files.iter().filter_map(|file| file.parent()).map(Path::to_owned));
        if !project.reaches(&artifact.package_id) || artifact.target.is_proc_macro() {
            return;
        }
        if let Some(executable) = artifact.executable.as_ref().filter(|_| artifact.target.is_bin()) {
            self.executables.push(executable.as_std_path().to_owned());
        } else if let Some(library) = linkable(&files) {
            self.libraries.push(library);
        } else if let Some(dynamic) = files.iter().find(|file| is_dynamic(file)) {
            self.dynamic.push(dynamic.to_path_buf());
        }
    }

    /// Folders with libraries.
    pub(super) fn library_folders(&self) -> impl Iterator<Item = &Path> {
        self.folders.iter().map(PathBuf::as_path)
    }

    /// All that is asked, with the program that links the libraries.
    pub(super) fn programs(&self, harness: Option<PathBuf>) -> Vec<(PathBuf, How)> {
        let started = harness.into_iter().chain(self.executables.iter().cloned()).map(|path| (path, How::Run));
        started.chain(self.dynamic.iter().cloned().map(|path| (path, How::Load))).collect()
    }
}

/// The library in cargo's `deps`, whose name tells builds apart; else the one beside the binaries.
fn linkable(files: &[&Path]) -> Option<PathBuf> {
    let shown = files.iter().find(|file| file.extension().is_some_and(|extension| extension == "rlib"))?;
    let described = files.iter().find(|file| file.extension().is_some_and(|extension| extension == "rmeta"));
    let in_deps = described.map(|file| file.with_extension("rlib")).filter(|file| file.exists());
    Some(in_deps.unwrap_or_else(|| shown.to_path_buf()))
}

fn is_dynamic(file: &Path) -> bool {
    file.extension().is_some_and(|extension| ["so", "dylib", "dll"].iter().any(|known| extension == *known))
}
