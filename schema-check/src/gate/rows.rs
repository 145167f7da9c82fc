//! One row for each version: what the code has against what is committed.

use super::compared::{Case, Compared};
use super::plan::Plan;
use super::report::{Reported, Row, Status};
use super::{Folder, fingerprint};
use crate::discover::Event;
use crate::files::{Committed, Revision, Unreadable, current_file};
use crate::finding::{Finding, Role, Subject};
use crate::rules::{cannot_read_itself, event_removed, name_reused, unreadable_file};

/// The rows of the events that the code has; an event that is declared twice has one.
pub(super) fn of_code(folder: &Folder) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for event in &folder.events {
        let known = |row: &Row| row.event_type == event.event_type && row.event_version == event.event_version;
        if !rows.iter().any(known) {
            rows.push(of_event(folder, event));
        }
    }
    rows
}

fn of_event(folder: &Folder, event: &Event) -> Row {
    let now = Revision::of(event);
    let case = Case { folder, event, now: &now };
    let files = folder.files.get(&event.event_type, event.event_version);
    let mut row = Row { rust: Some(event.place.clone()), decoder: Some(event.decoder), ..empty(&subject(event)) };
    let itself = case.itself();
    match (files, baseline(folder, event)) {
        (Some(committed), _) if !committed.unreadable.is_empty() => return unreadable(folder, row, committed),
        (files, base) if retired(files, base).is_some() => {
            let retired = retired(files, base).and_then(|committed| committed.current.as_ref());
            return of_retired(&case, row, retired);
        }
        (None, _) if !folder.own => row.status = Status::Unguarded,
        (files, Some(None)) => {
            row.status = Status::New;
            let current = files.and_then(|files| files.current.as_ref());
            row.plan = plan(folder, event, &now, current, None);
        }
        (None, None) => {
            row.status = Status::New;
            row.plan = plan(folder, event, &now, None, None);
        }
        (files, base) => compared(&case, &mut row, files, base.flatten()),
    }
    row.findings.extend(case.remarks());
    conclude(&mut row, itself);
    row
}

/// What is committed of a version whose life was ended, also where the work tree took that back.
fn retired<'a>(files: Option<&'a Committed>, base: Option<Option<&'a Committed>>) -> Option<&'a Committed> {
    [files, base.flatten()].into_iter().flatten().find(|committed| committed.is_retired())
}

/// The struct of a retired version may stay to be read; it is neither published nor given another meaning.
fn of_retired(case: &Case<'_>, mut row: Row, retired: Option<&Revision>) -> Row {
    let same = retired.is_some_and(|retired| retired.meaning() == case.now.meaning());
    let finding = match (same, case.event.superseded) {
        (true, true) => {
            row.status = Status::Retired;
            return row;
        }
        (true, false) => name_reused::retired_and_live(&subject(case.event)),
        (false, _) => name_reused::retired(&subject(case.event)),
    };
    row.findings.push(case.reported(finding, None, None));
    row.breaks("compatible");
    row
}

/// `None` without a baseline, `Some(None)` when the baseline lacks the version.
fn baseline<'a>(folder: &'a Folder, event: &Event) -> Option<Option<&'a Committed>> {
    let baseline = folder.baseline.as_ref()?;
    Some(baseline.get(&event.event_type, event.event_version).filter(|committed| committed.current.is_some()))
}

fn compared(case: &Case<'_>, row: &mut Row, files: Option<&Committed>, base: Option<&Committed>) {
    let current = files.and_then(|files| files.current.as_ref());
    let before = base.and_then(|base| base.current.as_ref());
    let Compared { backward, forward, findings } = case.compare(current.or(before));
    let same = |revision: Option<&Revision>| {
        revision.is_none_or(|revision| {
            revision == case.now || revision.meaning() == case.now.meaning() && promises_as(revision, case.now)
        })
    };
    row.status = match (current.or(before).is_some(), same(current) && same(before)) {
        (false, _) => Status::New,
        (true, true) => Status::Unchanged,
        (true, false) => Status::Additive,
    };
    (row.backward, row.forward, row.findings) = (Some(backward), Some(forward), findings);
    if case.folder.own {
        row.plan = plan(case.folder, case.event, case.now, current, files);
    }
}

/// A finding that denies decides on the status.
pub(super) fn conclude(row: &mut Row, itself: Option<Reported>) {
    row.findings.extend(itself);
    let denying: Vec<&Reported> = row.findings.iter().filter(|finding| finding.denies()).collect();
    let not_itself = denying.iter().any(|reported| reported.finding.rule == cannot_read_itself::RULE.id);
    if denying.iter().any(|reported| reported.finding.rule != "undecided") {
        // What was compared keeps its verdicts: an event that can't read itself may still read what was stored.
        row.breaks(if not_itself { "breaking" } else { "compatible" });
    } else if !denying.is_empty() {
        row.status = Status::Unknown;
    } else if row.status == Status::New {
        (row.backward, row.forward) = (None, None);
    }
}

/// What `accept` writes; with `history` the revision that counted so far is kept.
fn plan(
    folder: &Folder,
    event: &Event,
    now: &Revision,
    current: Option<&Revision>,
    history: Option<&Committed>,
) -> Option<Plan> {
    if current == Some(now) {
        return None;
    }
    let revised = current.is_none_or(|current| current.meaning() != now.meaning() || card(current) != card(now));
    let due = revised || current.is_some_and(|current| !promises_as(current, now));
    let earlier = match (current, history) {
        (Some(current), Some(history)) if revised => Some((history.next_number(), current.clone())),
        _ => None,
    };
    Some(Plan {
        folder: folder.path.clone(),
        event_type: event.event_type.clone(),
        event_version: event.event_version,
        now: now.clone(),
        earlier,
        due,
    })
}

/// Whether both name the same version as the oldest whose reader understands them. It is no revision of the schemas, and
/// whoever reads the files has to know.
fn promises_as(one: &Revision, other: &Revision) -> bool {
    one.card("eventVersion").is_none() || one.readable_since() == other.readable_since()
}

/// What of the card is part of the contract.
fn card(revision: &Revision) -> [Option<&serde_json::Value>; 2] {
    [revision.card("key"), revision.card("aggregate")]
}

/// The rows of what is committed and has no code.
pub(super) fn of_files_alone(folder: &Folder, folders: &[Folder]) -> Vec<Row> {
    let both = [Some(&folder.files), folder.baseline.as_ref()];
    let mut rows: Vec<Row> = Vec::new();
    // One folder can be the baseline of several packages: a version belongs to the one that has it.
    let elsewhere = |event_type: &str, version: u32| {
        let declares = |other: &Folder| {
            other.events.iter().any(|event| event.event_type == event_type && event.event_version == version)
        };
        let based = |other: &Folder| {
            other.baseline.as_ref().is_some_and(|baseline| baseline.get(event_type, version).is_some())
        };
        let here = folder.files.get(event_type, version).is_some();
        !here && folders.iter().any(|other| other.own && declares(other) && based(other))
    };
    for (event_type, version, committed) in both.into_iter().flatten().flat_map(|schemas| schemas.versions()) {
        let coded = folder.events.iter().any(|event| event.event_type == event_type && event.event_version == version);
        let known = rows.iter().any(|row| row.event_type == event_type && row.event_version == version);
        if folder.own && !coded && !known && !elsewhere(event_type, version) {
            rows.push(without_code(folder, folders, &Subject { event_type, event_version: version }, committed));
        }
    }
    rows
}

fn without_code(folder: &Folder, folders: &[Folder], subject: &Subject<'_>, committed: &Committed) -> Row {
    let mut row = empty(subject);
    if !committed.unreadable.is_empty() {
        return unreadable(folder, row, committed);
    }
    if committed.is_retired() {
        row.status = Status::Retired;
        return row;
    }
    if let Some(event) = by_schema(folders, subject) {
        (row.status, row.rust) = (Status::Unchanged, Some(event.place.clone()));
        (row.backward, row.forward) = (Some("compatible"), Some("compatible"));
        return row;
    }
    row.status = Status::Removed;
    let file = current_file(subject.event_type, subject.event_version, Role::Writer);
    let newest = folder.events.iter().filter(|event| event.event_type == subject.event_type);
    let newest = newest.map(|event| event.event_version).max().filter(|newest| *newest > subject.event_version);
    row.findings.push(bare(folder, subject, event_removed::finding(subject, newest), &file));
    row
}

/// The event that reads the version through a function on a JSON value.
fn by_schema<'a>(folders: &'a [Folder], subject: &Subject<'_>) -> Option<&'a Event> {
    let (event_type, version) = (subject.event_type, subject.event_version);
    let reads = |event: &&Event| event.from_schema.contains(&version) && event.reads_at(event_type, version).is_some();
    folders.iter().flat_map(|folder| &folder.events).find(reads)
}

fn unreadable(folder: &Folder, mut row: Row, committed: &Committed) -> Row {
    row.status = Status::Unreadable;
    let subject = Subject { event_type: &row.event_type, event_version: row.event_version };
    let findings = committed.unreadable.iter().map(|unreadable| {
        let finding = unreadable_file::finding(cannot_read(folder, unreadable));
        bare(folder, &subject, finding, &unreadable.file)
    });
    row.findings = findings.collect();
    row
}

fn cannot_read(folder: &Folder, unreadable: &Unreadable) -> String {
    format!("cannot read `{}/{}`: {}", folder.shown, unreadable.file, unreadable.message)
}

/// A finding about a file that no code belongs to.
pub(super) fn bare(folder: &Folder, subject: &Subject<'_>, finding: Finding, file: &str) -> Reported {
    Reported {
        fingerprint: fingerprint::of(subject, &finding, None, None),
        finding,
        file: format!("{}/{file}", folder.shown),
        rust: None,
        token: None,
        nested: None,
        counterexample: None,
        serde_error: None,
        pardon: None,
    }
}

pub(super) fn subject(event: &Event) -> Subject<'_> {
    Subject { event_type: &event.event_type, event_version: event.event_version }
}

pub(super) fn empty(subject: &Subject<'_>) -> Row {
    Row {
        event_type: subject.event_type.to_owned(),
        event_version: subject.event_version,
        foreign: false,
        status: Status::New,
        rust: None,
        backward: None,
        forward: None,
        findings: Vec::new(),
        plan: None,
        decoder: None,
    }
}
