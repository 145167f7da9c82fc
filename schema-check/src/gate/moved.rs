//! Events that moved to another package since the baseline: what was committed of them moves along.

use std::collections::BTreeSet;

use super::Folder;
use crate::files::Schemas;

/// The folders, with each version of the baseline in the folder whose code declares it now.
pub(super) fn followed(mut folders: Vec<Folder>) -> Vec<Folder> {
    for to in 0..folders.len() {
        let missing = folders.get(to).map(missing).unwrap_or_default();
        for (event_type, version) in missing {
            let from = folders.iter().position(|folder| left(folder, &event_type, version));
            let Some(mut state) = from.and_then(|from| folders.get_mut(from)?.baseline.take()) else { continue };
            if let Some(baseline) = folders.get_mut(to).and_then(|folder| folder.baseline.as_mut()) {
                baseline.take(&mut state, &event_type, version);
            }
            if let Some(folder) = from.and_then(|from| folders.get_mut(from)) {
                folder.baseline = Some(state);
            }
        }
    }
    folders
}

/// Lets folders have what was committed of their types in folders that are gone: their package moved or was renamed.
pub(crate) fn adopt(folders: &mut [Folder], gone: Vec<Schemas>) {
    for mut state in gone {
        for folder in folders.iter_mut() {
            for event_type in missing(folder).into_iter().map(|(event_type, _)| event_type).collect::<BTreeSet<_>>() {
                let versions: Vec<u32> = state.of_type(&event_type).collect();
                // All of its versions move with it, also those that the code dropped on the way.
                let baseline = folder.baseline.as_mut();
                baseline.into_iter().for_each(|baseline| {
                    let lacking = versions.iter().filter(|version| baseline.get(&event_type, **version).is_none());
                    let lacking: Vec<u32> = lacking.copied().collect();
                    lacking.into_iter().for_each(|version| baseline.take(&mut state, &event_type, version));
                });
            }
        }
    }
}

/// What the code of a folder has and its baseline lacks.
fn missing(folder: &Folder) -> Vec<(String, u32)> {
    let Some(baseline) = folder.baseline.as_ref().filter(|_| folder.own) else { return Vec::new() };
    let lacks = |(event_type, version): &(String, u32)| baseline.get(event_type, *version).is_none();
    folder.events.iter().map(|event| (event.event_type.clone(), event.event_version)).filter(lacks).collect()
}

/// Whether the baseline of a folder has a version that neither its code nor its files have any more.
fn left(folder: &Folder, event_type: &str, version: u32) -> bool {
    let based = folder.baseline.as_ref().is_some_and(|baseline| baseline.get(event_type, version).is_some());
    let coded = folder.events.iter().any(|event| event.event_type == event_type && event.event_version == version);
    folder.own && based && !coded && folder.files.get(event_type, version).is_none()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]
mod tests {
    use super::super::{Status, judge};
    use super::*;
    use crate::discover::Event;
    use crate::files::{Revision, Tree, Waivers};

    fn committed(event: &Event) -> Schemas {
        let revision = Revision::of(event);
        let file = |role: &str| format!("{}/v{}.{role}.json", event.event_type, event.event_version);
        let text = |schema: &serde_json::Value| schema.to_string().into_bytes();
        let tree = [(file("writer"), text(&revision.writer)), (file("reader"), text(&revision.reader))];
        Schemas::read(&Tree::from(tree))
    }

    fn folder(name: &str, events: Vec<Event>, files: Schemas, baseline: Schemas) -> Folder {
        let (path, shown) = (name.into(), name.to_owned());
        Folder {
            path,
            shown,
            own: true,
            events,
            files,
            waivers: Waivers::default(),
            baseline: Some(baseline),
            foreign: super::super::Foreign::default(),
            trials: Vec::new(),
        }
    }

    #[test]
    fn an_event_that_moved_with_its_files_is_judged_against_what_it_was() {
        let (event, none) = (Event::sample("a.b", 1), Schemas::default());
        let was = committed(&event);
        let moved = |now: Event| {
            let files = committed(&now);
            let folders =
                [folder("old", vec![], none.clone(), was.clone()), folder("new", vec![now], files, none.clone())];
            judge(&folders).rows.into_iter().map(|row| row.status).collect::<Vec<_>>()
        };
        assert_eq!(moved(event.clone()), [Status::Unchanged]);
        let text = serde_json::json!({ "type": "string" });
        let all = committed(&event);
        let folders =
            [folder("old", vec![], none.clone(), all.clone()), folder("new", vec![event.clone()], all.clone(), all)];
        assert_eq!(judge(&folders).rows.len(), 1, "a baseline that two packages share");
        assert_eq!(moved(Event { writer: text.clone(), reader: text, ..event }), [Status::Breaking]);
    }
}
