//! What only shows over several events: declared twice, told apart by case alone, a hole in the versions.

use std::collections::BTreeMap;

use super::compared::Case;
use super::report::{Row, Status};
use super::{Folder, known};
use crate::discover::Event;
use crate::files::{Committed, Revision, current_file};
use crate::finding::{Finding, Level, Role, Subject};
use crate::rules::{duplicate_event, name_reused, upcast_missing, version_skipped};

/// Adds the findings to the rows that they are about.
pub(super) fn check(folders: &[Folder], rows: &mut Vec<Row>) {
    once_over_folders(rows);
    let events: Vec<(&Folder, &Event)> =
        folders.iter().flat_map(|folder| folder.events.iter().map(move |event| (folder, event))).collect();
    let mut first: BTreeMap<(&str, u32), &Event> = BTreeMap::new();
    let mut spelling = committed_spelling(folders);
    for (folder, event) in events {
        let subject = Subject { event_type: &event.event_type, event_version: event.event_version };
        let known = *first.entry((&event.event_type, event.event_version)).or_insert(event);
        if known.place != event.place {
            let place = |event: &Event| format!("{}:{}", event.place.file, event.place.line);
            deny(rows, folder, event, duplicate_event::finding(&subject, &place(known), &place(event)));
        }
        let spelled = *spelling.entry(event.event_type.to_lowercase()).or_insert(&event.event_type);
        if spelled != event.event_type {
            deny(rows, folder, event, by_case(spelled, &event.event_type));
        }
        let alone = skipped(folder, event).into_iter().chain(cut_off(folder, event)).chain(reborn(folder, event));
        for finding in alone.chain(without_schema(folder, folders, event)) {
            deny(rows, folder, event, finding);
        }
    }
}

/// What is published keeps its name, so it is the newcomer that is told to change.
fn committed_spelling(folders: &[Folder]) -> BTreeMap<String, &str> {
    let own = folders.iter().filter(|folder| folder.own);
    let mut spelling = BTreeMap::new();
    for (event_type, ..) in own.flat_map(|folder| folder.files.versions()) {
        spelling.entry(event_type.to_lowercase()).or_insert(event_type);
    }
    spelling
}

/// An event that two packages declare has one row.
fn once_over_folders(rows: &mut Vec<Row>) {
    let mut seen = std::collections::BTreeSet::new();
    rows.retain(|row| row.rust.is_none() || seen.insert((row.event_type.clone(), row.event_version)));
}

fn by_case(known: &str, other: &str) -> Finding {
    let message = format!("`{other}` and `{known}` differ only by case");
    Finding::new(duplicate_event::RULE.id, Level::Deny, message)
        .help(format!("write `type = \"{known}\"`, or choose another name: some file systems hold only one of the two"))
}

/// Below each version the next one is there, down to the first that was published.
fn skipped(folder: &Folder, event: &Event) -> Option<Finding> {
    let below = event.event_version.saturating_sub(1);
    if !folder.own || event.event_version <= event.since.max(1) || event.from_schema.contains(&below) {
        return None;
    }
    let mut versions = known(folder, &event.event_type);
    if let Some(was) = &event.was {
        versions.extend(known(folder, was));
    }
    let since = folder.events.iter().filter(|other| other.event_type == event.event_type).map(|other| other.since);
    if event.event_version <= since.max().unwrap_or(1) || versions.contains(&below) {
        return None;
    }
    let before = versions.range(..event.event_version).next_back().copied();
    let subject = Subject { event_type: &event.event_type, event_version: event.event_version };
    Some(version_skipped::finding(&subject, before))
}

/// The newest version doesn't read this one: somewhere above it a version says that nothing below was published.
fn cut_off(folder: &Folder, event: &Event) -> Option<Finding> {
    if folder.files.get(&event.event_type, event.event_version).is_some_and(Committed::is_retired) {
        return None;
    }
    let of_type = folder.events.iter().filter(|other| folder.own && other.event_type == event.event_type);
    let newest = of_type.max_by_key(|other| other.event_version)?;
    let is_read = newest.reads_at(&event.event_type, event.event_version).is_some();
    let subject = Subject { event_type: &event.event_type, event_version: event.event_version };
    (!is_read && newest.event_version > event.event_version)
        .then(|| upcast_missing::finding(&subject, newest.event_version))
}

/// What a version without a struct wrote is known from its file alone.
fn without_schema<'a>(folder: &'a Folder, folders: &'a [Folder], event: &'a Event) -> impl Iterator<Item = Finding> {
    let older = event.was.as_ref().unwrap_or(&event.event_type);
    let is_committed = move |version: u32| {
        let all = folders.iter().filter_map(|folder| folder.files.get(older, version));
        all.into_iter().any(|committed| committed.current.is_some() || !committed.unreadable.is_empty())
    };
    let missing = event.from_schema.iter().filter(move |version| folder.own && !is_committed(**version));
    let subject = Subject { event_type: &event.event_type, event_version: event.event_version };
    missing.map(move |version| {
        let file = format!("{}/{}", folder.shown, current_file(older, *version, Role::Writer));
        upcast_missing::without_schema(&subject, *version, &file)
    })
}

/// A name whose life is over, with a version that leaves its past behind.
fn reborn(folder: &Folder, event: &Event) -> Option<Finding> {
    let committed = || folder.files.versions().filter(|(known, ..)| *known == event.event_type);
    let newest = committed().map(|(_, version, _)| version).max()?;
    let over = folder.own && committed().all(|(.., committed)| committed.is_retired());
    let subject = Subject { event_type: &event.event_type, event_version: event.event_version };
    (over && event.since > newest).then(|| name_reused::retired_type(&subject))
}

fn deny(rows: &mut [Row], folder: &Folder, event: &Event, finding: Finding) {
    let of_event = |row: &&mut Row| row.event_type == event.event_type && row.event_version == event.event_version;
    let Some(row) = rows.iter_mut().find(of_event) else { return };
    let now = Revision::of(event);
    let reported = Case { folder, event, now: &now }.reported(finding, None, None);
    if reported.denies() && row.status != Status::Unreadable {
        row.breaks("compatible");
    }
    if !row.findings.iter().any(|known| known.finding == reported.finding) {
        row.findings.push(reported);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::super::judge;
    use super::*;
    use crate::files::{Schemas, Waivers};

    fn rules(events: Vec<Event>) -> Vec<(u32, Vec<&'static str>)> {
        let rules = |row: &Row| row.findings.iter().map(|reported| reported.finding.rule).collect();
        judge(&[folder(events, Schemas::default())]).rows.iter().map(|row| (row.event_version, rules(row))).collect()
    }

    fn folder(events: Vec<Event>, files: Schemas) -> Folder {
        Folder {
            path: "schemas".into(),
            shown: "schemas".to_owned(),
            own: true,
            events,
            files,
            waivers: Waivers::default(),
            baseline: None,
            foreign: super::super::Foreign::default(),
            trials: Vec::new(),
        }
    }

    #[test]
    fn of_two_types_that_differ_by_case_the_committed_one_keeps_its_name() {
        let committed = Event::sample("b.a", 1);
        let now = Revision::of(&committed);
        let files = [("b.a/v1.writer.json", &now.writer), ("b.a/v1.reader.json", &now.reader)];
        let files: crate::files::Tree =
            files.into_iter().map(|(path, schema)| (path.to_owned(), schema.to_string().into_bytes())).collect();
        let events = vec![Event::sample("B.a", 1), committed];
        let report = judge(&[folder(events, Schemas::read(&files))]);
        let told: Vec<_> = report
            .rows
            .iter()
            .flat_map(|row| row.findings.iter().map(|one| (row.event_type.as_str(), one.finding.message.as_str())))
            .collect();
        assert_eq!(told, [("B.a", "`B.a` and `b.a` differ only by case")]);
    }

    #[test]
    fn a_hole_in_the_versions_is_found_down_to_the_first_that_was_published() {
        let at = |version| Event::sample("a.b", version);
        assert_eq!(rules(vec![at(1), at(3)]), [(1, vec![]), (3, vec!["version_skipped"])]);
        assert_eq!(rules(vec![at(2)]), [(2, vec!["version_skipped"])]);
        assert_eq!(rules(vec![Event { since: 3, ..at(3) }]), [(3, vec![])]);
        assert_eq!(rules(vec![Event { since: 2, ..at(2) }, at(3)]), [(2, vec![]), (3, vec![])]);
    }

    #[test]
    fn a_version_from_which_the_chain_is_cut_off_is_found() {
        let since = |version| Event {
            since: version,
            shapes: vec![("a.b".to_owned(), version)],
            ..Event::sample("a.b", version)
        };
        let after = |version, first| {
            let shapes = (first..=version).rev().map(|version| ("a.b".to_owned(), version)).collect();
            Event { shapes, ..Event::sample("a.b", version) }
        };
        let at = |version| Event::sample("a.b", version);
        assert_eq!(rules(vec![at(1), since(2)]), [(1, vec!["upcast_missing"]), (2, vec![])]);
        assert_eq!(rules(vec![since(2), after(3, 2)]), [(2, vec![]), (3, vec![])]);
        assert_eq!(rules(vec![at(1), since(4), after(5, 4)]), [(1, vec!["upcast_missing"]), (4, vec![]), (5, vec![])]);
    }

    #[test]
    fn a_renamed_type_goes_on_from_its_earlier_name() {
        let newer = Event { was: Some("a.old".to_owned()), ..Event::sample("a.new", 2) };
        assert_eq!(rules(vec![Event::sample("a.old", 1), newer]), [(2, vec![]), (1, vec![])]);
    }
}
