//! `accept`: writes what is new or additive, all or nothing.

use super::arguments::{Accept, Arguments};
use super::check::State;
use super::environment::Environment;
use super::{Answer, Outcome};
use crate::discover::Event;
use crate::error::CannotRun;
use crate::files::{self, AcceptedBreak, Change, WAIVERS};
use crate::gate::{Folder, Report, Reported, Row, Status};
use crate::report;

pub(super) fn run(arguments: &Arguments, accept: &Accept, environment: &Environment) -> Outcome {
    let mut state = State::tried(arguments, environment, &arguments.baseline(environment))?;
    let report = state.judge();
    let refused = refused(&report, accept.breaking);
    let format = arguments.format(environment);
    if refused > 0 {
        let answer = state.answer(&report, format, environment);
        let last = report::line("nothing was written", format).unwrap_or_default();
        return Ok(Answer { text: answer.text + &last, ..answer });
    }
    let changes = changes(&state.folders, &report, accept.reason.as_deref(), &environment.today)?;
    files::write(&changes)?;
    state.reload(&environment.today)?;
    let after = state.judge();
    let answer = state.answer(&after, format, environment);
    let told: Option<Vec<String>> =
        told(&report, &changes, &state.folders).iter().map(|line| report::line(line, format)).collect();
    Ok(Answer { text: told.map_or(answer.text, |lines| lines.concat()), ..answer })
}

/// How many findings stand against writing.
fn refused(report: &Report, breaking: bool) -> usize {
    let findings = report.rows.iter().flat_map(|row| &row.findings).filter(|reported| reported.denies());
    findings.filter(|reported| !breaking || !reported.is_acceptable()).count()
}

fn changes(folders: &[Folder], report: &Report, reason: Option<&str>, today: &str) -> Result<Vec<Change>, CannotRun> {
    let mut changes: Vec<Change> =
        report.rows.iter().filter_map(|row| row.plan.as_ref()).flat_map(|plan| plan.changes()).collect();
    for folder in folders.iter().filter(|folder| folder.own) {
        let breaks: Vec<AcceptedBreak> = reason.map(|reason| breaks(folder, report, reason, today)).unwrap_or_default();
        if breaks.is_empty() {
            continue;
        }
        let tree = files::read_dir(&folder.path)?;
        let before = tree.get(WAIVERS).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
        changes.push(Change { path: folder.path.join(WAIVERS), text: files::append(&before, Vec::new(), breaks) });
    }
    Ok(changes)
}

fn breaks(folder: &Folder, report: &Report, reason: &str, today: &str) -> Vec<AcceptedBreak> {
    let of_folder = |row: &&Row| {
        let events = if row.foreign { &folder.foreign.events } else { &folder.events };
        let is_row = |event: &Event| {
            event.event_type == row.event_type
                && event.event_version == row.event_version
                && (!row.foreign || row.rust.as_ref() == Some(&event.place))
        };
        events.iter().any(is_row)
    };
    let record = |row: &Row, reported: &Reported| AcceptedBreak {
        event_type: row.event_type.clone(),
        version: row.event_version,
        rule: reported.finding.rule.to_owned(),
        pointer: reported.finding.pointer.clone(),
        fingerprint: reported.fingerprint.clone(),
        reason: reason.to_owned(),
        date: today.to_owned(),
    };
    let rows = report.rows.iter().filter(of_folder);
    let denied = rows.flat_map(|row| {
        row.findings.iter().filter(|reported| reported.denies()).map(move |reported| record(row, reported))
    });
    denied.collect()
}

fn told(report: &Report, changes: &[Change], folders: &[Folder]) -> Vec<String> {
    let accepted = report.rows.iter().filter(|row| row.plan.is_some()).map(|row| {
        let what = match row.status {
            Status::Unchanged => "refreshed",
            status => status.word(),
        };
        format!("accepted {} v{} ({what})", row.event_type, row.event_version)
    });
    let has = |folder: &&Folder, is: fn(&Change) -> bool| {
        changes.iter().any(|change| is(change) && change.path.starts_with(&folder.path))
    };
    let recorded = folders.iter().filter(|folder| has(folder, |change| change.path.ends_with(WAIVERS)));
    let recorded = recorded.map(|folder| format!("recorded the reason in {}/{WAIVERS}", folder.shown));
    let written: Vec<String> =
        folders.iter().filter(|folder| has(folder, |_| true)).map(|folder| format!("{}/", folder.shown)).collect();
    let next = if written.is_empty() {
        "nothing to accept".to_owned()
    } else {
        format!("next: commit {}", written.join(", "))
    };
    accepted.chain(recorded).chain([next]).collect()
}
