//! What shows over several versions of an event, on schemas that are written here.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

use serde_json::{Value, json};

use super::*;
use crate::discover::Place;
use crate::files::{Revision, Tree, current_file};
use crate::finding::Role;

/// An event whose fields are all written and required.
fn event(version: u32, fields: &[(&str, &str)]) -> Event {
    let properties: serde_json::Map<String, Value> =
        fields.iter().map(|(name, kind)| ((*name).to_owned(), json!({ "type": kind }))).collect();
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let schema = json!({ "type": "object", "properties": properties, "required": required });
    let place = Place { file: "src/lib.rs".to_owned(), line: version };
    Event { writer: schema.clone(), reader: schema, place, ..Event::sample("a.b", version) }
}

fn folder(events: Vec<Event>, committed: &[Event]) -> Folder {
    let mut tree = Tree::new();
    for event in committed {
        let revision = Revision::of(event);
        for (role, schema) in [(Role::Writer, revision.writer), (Role::Reader, revision.reader)] {
            tree.insert(current_file("a.b", event.event_version, role), schema.to_string().into_bytes());
        }
    }
    Folder {
        path: "schemas".into(),
        shown: "schemas".to_owned(),
        own: true,
        events,
        files: Schemas::read(&tree),
        waivers: Waivers::default(),
        baseline: None,
        foreign: Foreign::default(),
        trials: Vec::new(),
    }
}

/// Version, status and the messages of each row.
fn told(folder: Folder) -> Vec<(u32, &'static str, Vec<String>)> {
    let message = |one: &Reported| format!("{}: {}", one.finding.rule, one.finding.message);
    let rows = judge(&[folder]).rows.into_iter();
    rows.map(|row| (row.event_version, row.status.word(), row.findings.iter().map(message).collect())).collect()
}

#[test]
fn two_versions_that_changed_their_numbers_are_told_as_such() {
    let (cents, total) = (&[("cents", "integer")][..], &[("total", "string")][..]);
    let committed = [event(1, cents), event(2, total)];
    let swapped = |version: u32, other: u32| {
        let message = format!(
            "versions_swapped: `a.b` v{version} is now what is committed as v{other}: versions changed their numbers"
        );
        (version, "breaking", vec![message])
    };
    let rows = told(folder(vec![event(1, total), event(2, cents)], &committed));
    assert_eq!(rows, [swapped(1, 2), swapped(2, 1)]);

    // One that only became like another is told field by field.
    let rows = told(folder(vec![event(1, total), event(2, total)], &committed));
    assert!(rows[0].2.iter().all(|message| !message.starts_with("versions_swapped")), "{rows:?}");
    assert_eq!(rows[1].1, "unchanged");
}

/// Versions 1 to 3: the first has a field that the others don't write.
fn claiming(since: Option<u32>) -> Vec<Event> {
    let third = event(3, &[("id", "string"), ("total", "string"), ("note", "string")]);
    let first = event(1, &[("id", "string"), ("cents", "integer")]);
    vec![first, event(2, &[("id", "string"), ("total", "string")]), Event { readable_since: since, ..third }]
}

#[test]
fn a_claim_that_older_readers_understand_is_proved_or_refused_with_the_best_value() {
    let rows = told(folder(claiming(Some(2)), &claiming(Some(2))));
    assert_eq!(rows.iter().map(|row| row.1).collect::<Vec<_>>(), ["unchanged"; 3], "{rows:?}");

    let report = judge(&[folder(claiming(Some(1)), &claiming(Some(1)))]);
    let row = &report.rows[2];
    let [reported] = row.findings.as_slice() else { unreachable!("{row:?}") };
    assert_eq!((row.status, row.backward, row.forward), (Status::Breaking, Some("compatible"), Some("compatible")));
    let message =
        "the reader of v1 does not understand `a.b` v3: `cents` is gone from `a.b` v3, and older builds require it";
    assert_eq!((reported.finding.rule, reported.finding.message.as_str()), ("readable_since_false", message));
    assert_eq!(reported.finding.help.as_deref(), Some("write `readable_since = 2`"));
    assert_eq!(reported.finding.pointer, "/x-event/readable_since");
    assert_eq!(reported.counterexample, Some(json!({ "id": "", "total": "", "note": "" })));
}

#[test]
fn a_claim_is_held_to_every_reader_that_was_ever_committed() {
    // The struct of version 2 reads it; the build that was published with version 2 does not.
    let strict = event(2, &[("id", "string"), ("gone", "string")]);
    let committed = [claiming(None)[0].clone(), strict, claiming(None)[2].clone()];
    let report = judge(&[folder(claiming(Some(2)), &committed)]);
    let help = report.rows[2].findings.iter().map(|one| one.finding.help.as_deref().unwrap()).collect::<Vec<_>>();
    assert_eq!(help, ["remove `readable_since`"]);
}

#[test]
fn another_claim_is_news_for_the_files_and_no_revision() {
    let report = judge(&[folder(claiming(Some(2)), &claiming(None))]);
    let row = &report.rows[2];
    assert_eq!((row.status, row.findings.len(), report.summary().exit), (Status::Additive, 0, 3));
    assert_eq!(row.plan.as_ref().unwrap().changes().len(), 2, "the two files of the revision that counts");
    let deprecated = |event: Event| Event { deprecated: Some(crate::discover::Deprecated::default()), ..event };
    let ended = claiming(None).into_iter().map(deprecated).collect();
    let report = judge(&[folder(ended, &claiming(None))]);
    assert_eq!((report.rows[2].status, report.summary().exit), (Status::Unchanged, 0));
    assert_eq!(report.rows[2].plan.as_ref().unwrap().changes().len(), 2);
}

#[test]
fn a_version_that_is_read_by_its_schema_is_unchanged_as_long_as_its_file_is_there() {
    let reading = || Event { from_schema: vec![1], ..event(2, &[("id", "string")]) };
    let old = event(1, &[("id", "integer")]);
    let report = judge(&[folder(vec![reading()], &[old.clone(), reading()])]);
    let rows: Vec<_> =
        report.rows.iter().map(|row| (row.event_version, row.status, row.rust.as_ref().map(|at| at.line))).collect();
    assert_eq!(rows, [(1, Status::Unchanged, Some(2)), (2, Status::Unchanged, Some(2))]);

    let rows = told(folder(vec![reading()], &[reading()]));
    let message = "upcast_missing: `a.b` v2 reads v1 by its schema, and `schemas/a.b/v1.writer.json` is not there";
    assert_eq!(rows, [(2, "breaking", vec![message.to_owned()])]);

    let alone = Event { shapes: vec![("a.b".to_owned(), 2)], since: 2, ..event(2, &[("id", "string")]) };
    let rows = told(folder(vec![alone.clone()], &[old, alone]));
    let message = "event_removed: `a.b` v1 is committed and no upcasters lead from it to v2: its struct is gone";
    assert_eq!(rows[0], (1, "removed", vec![message.to_owned()]));
}
