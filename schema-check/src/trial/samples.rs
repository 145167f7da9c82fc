//! What is tried of a version: samples of each revision of its writer, and golden payloads.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::contain::Writes;
use crate::discover::Event;
use crate::files::{Committed, Revision, meaning_of};
use crate::gate::Folder;
use crate::sample::varied;

/// All of one version.
pub(super) struct Samples {
    pub(super) revisions: Vec<OfRevision>,
    pub(super) golden: Vec<Value>,
}

/// What one revision of the writer can write.
pub(super) struct OfRevision {
    /// Its number in the history; `None` for the one that counts, and for the one that the code has.
    pub(super) number: Option<u32>,
    pub(super) values: Vec<Value>,
    pub(super) writes: Writes,
}

/// `None` for a version whose life is over, or whose files can't be read.
pub(super) fn of_version(folder: &Folder, event_type: &str, version: u32) -> Option<Samples> {
    let files = folder.files.get(event_type, version);
    let base = folder.baseline.as_ref().map(|baseline| baseline.get(event_type, version));
    let both = || [files, base.flatten()].into_iter().flatten();
    if both().any(|committed| committed.is_retired() || !committed.unreadable.is_empty()) {
        return None;
    }
    let event =
        folder.events.iter().find(|event| (event.event_type.as_str(), event.event_version) == (event_type, version));
    // What the baseline lacks is a draft: what stands in the files of it was never published.
    let is_published = base.is_none_or(|base| base.is_some());
    let committed: Vec<&Committed> = both().filter(|_| is_published).collect();
    let chosen = event.map(|event| event.chosen.clone()).unwrap_or_default();
    let revisions =
        writers(event, &committed).into_iter().filter_map(|(number, writer)| of_writer(number, &writer, &chosen));
    let golden = files.map(|files| files.golden.clone()).unwrap_or_default();
    Some(Samples { revisions: revisions.collect(), golden })
}

/// Each writer once, the latest first.
fn writers(event: Option<&Event>, committed: &[&Committed]) -> Vec<(Option<u32>, Value)> {
    let now = event.map(|event| (None, Revision::of(event).writer));
    let mut earlier: Vec<(Option<u32>, &Value)> = committed
        .iter()
        .flat_map(|committed| committed.revisions())
        .map(|(number, revision)| (number, &revision.writer))
        .collect();
    earlier.sort_by_key(|(number, _)| std::cmp::Reverse(number.unwrap_or(u32::MAX)));
    let all = now.into_iter().chain(earlier.into_iter().map(|(number, writer)| (number, writer.clone())));
    let mut distinct: Vec<(Option<u32>, Value)> = Vec::new();
    let mut meanings: Vec<Value> = Vec::new();
    for (number, writer) in all {
        if distinct.iter().any(|(_, known)| *known == writer) {
            continue;
        }
        let meaning = meaning_of(&writer);
        if !meanings.contains(&meaning) {
            meanings.push(meaning);
            distinct.push((number, writer));
        }
    }
    distinct
}

/// A schema that no samples can be made of has none: the prover says what it thinks of it.
fn of_writer(number: Option<u32>, writer: &Value, chosen: &BTreeMap<String, Value>) -> Option<OfRevision> {
    let writes = Writes::of(writer).ok()?;
    let values = varied(writes.schema(), chosen, |value| writes.accepts(value));
    Some(OfRevision { number, values, writes })
}
