//! The verdict on every event: a function of what the code has, what is committed, and the baseline.

mod compared;
mod fingerprint;
mod foreign;
mod lines;
mod moved;
mod plan;
mod readable;
mod report;
mod rows;
mod samples;
mod swapped;
mod types;
mod waivers;

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::discover::Event;
use crate::files::{Schemas, Waivers};
use crate::foreign::Vendored;
use crate::trial::Trial;

pub(crate) use moved::adopt;
pub use plan::Plan;
pub use report::{Report, Reported, Row, Status, Summary};

/// A `schemas/` folder, the events that belong into it, and its states.
#[derive(Debug, Clone)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// How reports name it: relative to the workspace.
    pub shown: String,
    /// Whether its events are ours to write; those of dependencies are only compared.
    pub own: bool,
    /// The events of the code.
    pub events: Vec<Event>,
    /// What is committed.
    pub files: Schemas,
    /// What may pass, as the work tree says.
    pub waivers: Waivers,
    /// What was committed at the baseline.
    pub baseline: Option<Schemas>,
    /// Events of others that the code reads.
    pub foreign: Foreign,
    /// What the samples of its versions came to.
    pub trials: Vec<Trial>,
}

impl Folder {
    /// Every version that the code, the files or the baseline know.
    pub(crate) fn versions(&self) -> BTreeSet<(String, u32)> {
        let of_code = self.events.iter().map(|event| (event.event_type.clone(), event.event_version));
        let committed = [Some(&self.files), self.baseline.as_ref()].into_iter().flatten();
        let committed = committed.flat_map(Schemas::versions);
        of_code.chain(committed.map(|(event_type, version, _)| (event_type.to_owned(), version))).collect()
    }
}

/// Somebody else's events, and what is vendored of their producers.
#[derive(Debug, Clone, Default)]
pub struct Foreign {
    /// The events of the code.
    pub events: Vec<Event>,
    /// The producers' schemas.
    pub vendored: Vendored,
}

/// Judges every folder.
#[must_use]
pub fn judge(folders: &[Folder]) -> Report {
    let folders = &moved::followed(folders.to_vec());
    let mut rows = Vec::new();
    for folder in folders {
        let mut of_code = rows::of_code(folder);
        swapped::check(folder, &mut of_code);
        rows.extend(of_code);
        rows.extend(rows::of_files_alone(folder, folders));
    }
    types::check(folders, &mut rows);
    readable::check(folders, &mut rows);
    samples::check(folders, &mut rows);
    // They have no place among the events of the workspace: their owner may be in it as well.
    rows.extend(folders.iter().flat_map(|folder| foreign::rows(folder, folders)));
    waivers::check(folders, &mut rows);
    rows.sort_by(|a, b| (&a.event_type, a.event_version).cmp(&(&b.event_type, b.event_version)));
    Report { rows, notes: Vec::new() }
}

/// Every version that a folder knows, by the code, the files or the baseline.
fn known<'a>(folder: &'a Folder, event_type: &'a str) -> BTreeSet<u32> {
    let of_code = folder.events.iter().map(|event| (event.event_type.as_str(), event.event_version));
    let committed = folder.files.versions().map(|(event_type, version, _)| (event_type, version));
    of_code.chain(committed).filter(|(known, _)| *known == event_type).map(|(_, version)| version).collect()
}

#[cfg(test)]
mod tests;
