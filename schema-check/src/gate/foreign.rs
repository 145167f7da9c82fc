//! Somebody else's events: what their producers write, or once wrote, against what our structs read.

use serde_json::{Value, json};

use super::Folder;
use super::compared::{Case, Earlier, worse};
use super::report::{Reported, Row, Status};
use super::rows::{conclude, empty, subject};
use crate::contain::{self, Options, Pair, Verdict};
use crate::discover::Event;
use crate::explain::explain;
use crate::files::{Judged, Revision, current_file, history_file};
use crate::finding::{Direction, Finding, Level, Place, Role, Side};
use crate::foreign::{place, promised};
use crate::rules::{duplicate_event, foreign_not_read, foreign_not_vendored, foreign_version_unread, undecided};

/// What a producer writes: one of its revisions, and the file that says so.
struct Written {
    file: String,
    number: Option<u32>,
    schema: Result<Value, String>,
}

/// The rows of the foreign events that the code of a folder reads; one that is declared twice has one.
pub(super) fn rows(folder: &Folder, folders: &[Folder]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for event in &folder.foreign.events {
        let same = |other: &&Event| {
            (&other.event_type, other.event_version, &other.package_dir)
                == (&event.event_type, event.event_version, &event.package_dir)
        };
        let first = folder.foreign.events.iter().find(same).map(|first| Some(first.place.clone()));
        match rows.iter_mut().find(|row| Some(&row.rust) == first.as_ref()) {
            Some(row) => declared_twice(folder, row, event),
            None => rows.push(of_event(folder, folders, event)),
        }
    }
    for row in &mut rows {
        unread(folder, row);
    }
    rows
}

fn of_event(folder: &Folder, folders: &[Folder], event: &Event) -> Row {
    let now = Revision::of(event);
    let case = Case { folder, event, now: &now };
    let mut row =
        Row { foreign: true, rust: Some(event.place.clone()), decoder: Some(event.decoder), ..empty(&subject(event)) };
    let written = written(folder, folders, event);
    let unreadable: Vec<Reported> = written.iter().filter_map(|written| cannot_read(&case, written)).collect();
    if !unreadable.is_empty() {
        (row.status, row.findings) = (Status::Unreadable, unreadable);
        return row;
    }
    if written.is_empty() {
        row.status = Status::Unguarded;
        let file = current_file(&event.event_type, event.event_version, Role::Writer);
        let finding = case.reported(foreign_not_vendored::finding(&subject(event)), None, None);
        row.findings = vec![Reported { file: format!("{}/foreign/{file}", folder.shown), ..finding }];
        return row;
    }
    (row.status, row.backward) = (Status::Unchanged, Some("compatible"));
    for written in &written {
        compare(&case, written, &mut row);
    }
    conclude(&mut row, None);
    // Nothing here is written that its producer would have to read.
    row.forward = None;
    row
}

/// What is vendored; else what an owner in the same workspace has committed, and what its code writes now.
fn written(folder: &Folder, folders: &[Folder], event: &Event) -> Vec<Written> {
    let vendored = folder.foreign.vendored.get(&event.event_type, event.event_version);
    if !vendored.is_empty() {
        let written = vendored.iter().map(|revision| Written {
            file: format!("{}/{}", folder.shown, revision.file),
            number: revision.number,
            schema: revision.schema.clone(),
        });
        return written.collect();
    }
    folders.iter().flat_map(|owner| of_owner(owner, event)).collect()
}

fn of_owner(owner: &Folder, event: &Event) -> Vec<Written> {
    let (event_type, version) = (event.event_type.as_str(), event.event_version);
    let file = |number: Option<u32>| {
        let file = number.map_or_else(
            || current_file(event_type, version, Role::Writer),
            |number| history_file(event_type, version, number, Role::Writer),
        );
        format!("{}/{file}", owner.shown)
    };
    let code = owner.events.iter().filter(|known| known.event_type == event_type && known.event_version == version);
    let code = code.map(|known| (None, Revision::of(known).writer));
    let committed = owner.files.get(event_type, version).into_iter().flat_map(|committed| committed.revisions());
    let committed = committed.map(|(number, revision)| (number, revision.writer.clone()));
    code.chain(committed).map(|(number, writer)| Written { file: file(number), number, schema: Ok(writer) }).collect()
}

/// Whether our reader takes all that one revision of the producer writes.
fn compare(case: &Case<'_>, written: &Written, row: &mut Row) {
    let Ok(schema) = &written.schema else { return };
    let (promised, judged, options) = (promised(schema), Judged::of(case.now), Options::default());
    let verdict = contain::contained_in(&promised, judged.pair(), &options);
    let verdict = contain::plainly(verdict, &promised, judged.pair(), &options);
    let (subject, old) = (subject(case.event), Pair::both(&promised));
    let counterexample = match &verdict {
        Verdict::Breaking { counterexample, .. } => Some(counterexample),
        _ => None,
    };
    let as_it_stands = Revision { writer: schema.clone(), reader: schema.clone() };
    let earlier = Earlier { number: written.number, revision: &as_it_stands };
    for found in explain(&subject, &old, &judged.pair(), Direction::Backward, &verdict, &options) {
        let finding = if found.rule == undecided::RULE.id { found } else { foreign_not_read::recast(found, &subject) };
        let mut reported =
            Reported { file: written.file.clone(), ..case.reported(finding, Some(earlier), counterexample) };
        // The committed schema is the producer's; of our reader there is none.
        let path = reported.finding.field.clone().unwrap_or_default();
        reported.finding =
            reported.finding.at(Place { side: Side::Old, role: Role::Writer, pointer: place(schema, &path) });
        if reported.denies() {
            row.backward = Some(worse(row.backward.unwrap_or("compatible"), verdict.word()));
        }
        if !row.findings.iter().any(|known| known.fingerprint == reported.fingerprint) {
            row.findings.push(reported);
        }
    }
}

fn cannot_read(case: &Case<'_>, written: &Written) -> Option<Reported> {
    let reason = written.schema.as_ref().err()?;
    let message = format!("cannot read `{}`: {reason}", written.file);
    let finding = Finding::new("unreadable_file", Level::Deny, message).help("vendor it again: `schema-check vendor`");
    Some(Reported { file: written.file.clone(), ..case.reported(finding, None, None) })
}

/// Of two structs of one package for one version, handlers would take either.
fn declared_twice(folder: &Folder, row: &mut Row, event: &Event) {
    let line = |place: &crate::discover::Place| format!("{}:{}", place.file, place.line);
    let first = row.rust.as_ref().map(line).unwrap_or_default();
    let finding = duplicate_event::finding(&subject(event), &first, &line(&event.place));
    let now = Revision { writer: json!({}), reader: json!({}) };
    row.findings.push(Case { folder, event, now: &now }.reported(finding, None, None));
    row.status = Status::Breaking;
}

/// The producer went on to a version that this package doesn't read.
fn unread(folder: &Folder, row: &mut Row) {
    let of_type = || folder.foreign.events.iter().filter(|event| event.event_type == row.event_type);
    let read = of_type().map(|event| event.event_version).max();
    let Some(newest) = folder.foreign.vendored.newest(&row.event_type).filter(|newest| Some(*newest) > read) else {
        return;
    };
    let Some(event) =
        of_type().find(|event| Some(event.event_version) == read && event.event_version == row.event_version)
    else {
        return;
    };
    let now = Revision::of(event);
    let finding = foreign_version_unread::finding(&subject(event), newest);
    let reported = Case { folder, event, now: &now }.reported(finding, None, None);
    let file = current_file(&event.event_type, newest, Role::Writer);
    row.findings.push(Reported { file: format!("{}/foreign/{file}", folder.shown), ..reported });
}
