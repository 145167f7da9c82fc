//! `waive`: lets findings pass for a time, by blocks in `schemas/waivers.toml`.

use std::collections::BTreeMap;
use std::path::Path;

use super::arguments::{Arguments, Waive};
use super::check::State;
use super::environment::Environment;
use super::{Answer, Outcome, written};
use crate::error::CannotRun;
use crate::files::{self, Change, WAIVERS, Waiver};
use crate::gate::{Folder, Report, Reported, Row};

pub(super) fn run(arguments: &Arguments, waive: &Waive, environment: &Environment) -> Outcome {
    if waive.until < environment.today {
        let message = format!("`--until {}` is over: today is {}", waive.until, environment.today);
        return Err(CannotRun::new(message, "name the last day on which the finding may pass"));
    }
    let mut state = State::tried(arguments, environment, &arguments.baseline(environment))?;
    let report = state.judge();
    let mut blocks: BTreeMap<&Path, Vec<Waiver>> = BTreeMap::new();
    let mut told = String::new();
    for fingerprint in &waive.fingerprints {
        let (row, reported) = report.finding(fingerprint).ok_or_else(|| unknown(&report, fingerprint))?;
        let folder = state.folders.iter().find(|folder| holds(folder, row, reported)).ok_or_else(|| not_ours(row))?;
        refused(reported).map_or(Ok(()), Err)?;
        blocks.entry(&folder.path).or_default().push(block(row, reported, waive));
        let (rule, event_type, version) = (reported.finding.rule, &row.event_type, row.event_version);
        told.push_str(&format!("waived {rule} of {event_type} v{version} until {}\n", waive.until));
    }
    let changes = blocks.into_iter().map(|(folder, blocks)| change(folder, blocks)).collect::<Result<Vec<_>, _>>()?;
    files::write(&changes)?;
    told.push_str("next: commit schemas/waivers.toml; `schema-check` says what else is left\n");
    Ok(Answer { text: written(arguments.format(environment), &changes, told), ..Answer::default() })
}

fn change(folder: &Path, blocks: Vec<Waiver>) -> Result<Change, CannotRun> {
    let tree = files::read_dir(folder)?;
    let before = tree.get(WAIVERS).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
    Ok(Change { path: folder.join(WAIVERS), text: files::append(&before, blocks, Vec::new()) })
}

fn block(row: &Row, reported: &Reported, waive: &Waive) -> Waiver {
    Waiver {
        event_type: row.event_type.clone(),
        version: row.event_version,
        rule: reported.finding.rule.to_owned(),
        pointer: reported.finding.pointer.clone(),
        fingerprint: reported.fingerprint.clone(),
        reason: waive.reason.clone(),
        expires: waive.until.clone(),
    }
}

/// A foreign event is waived where it is read, wherever its owner's schemas are.
fn holds(folder: &Folder, row: &Row, reported: &Reported) -> bool {
    if row.foreign {
        return folder.own && folder.foreign.events.iter().any(|event| row.rust.as_ref() == Some(&event.place));
    }
    folder.own && reported.file.strip_prefix(&folder.shown).is_some_and(|rest| rest.starts_with('/'))
}

fn refused(reported: &Reported) -> Option<CannotRun> {
    let rule = reported.finding.rule;
    match &reported.pardon {
        Some(pardon) => Some(CannotRun::new(
            format!("this finding of `{rule}` may pass already: {pardon}"),
            "to change the day or the reason, edit its block in `schemas/waivers.toml`",
        )),
        None if !reported.is_acceptable() => {
            Some(CannotRun::new(format!("`{rule}` can't be waived"), reported.finding.help.clone().unwrap_or_default()))
        }
        None if !reported.denies() => Some(CannotRun::new(
            format!("this finding of `{rule}` fails nothing"),
            "only what fails the check needs a waiver",
        )),
        None => None,
    }
}

fn unknown(report: &Report, fingerprint: &str) -> CannotRun {
    let findings = report.rows.iter().flat_map(|row| &row.findings);
    let open: Vec<&Reported> = findings.filter(|reported| reported.denies() && reported.is_acceptable()).collect();
    let listed: Vec<String> =
        open.iter().map(|reported| format!("`{}` ({})", reported.fingerprint, reported.finding.rule)).collect();
    let help = match listed.len() {
        0 => "there is no finding that needs a waiver".to_owned(),
        _ => format!("the findings that could be waived: {}", listed.join(", ")),
    };
    CannotRun::new(format!("no finding has the fingerprint `{fingerprint}`"), help)
}

fn not_ours(row: &Row) -> CannotRun {
    let message = format!("`{}` v{} belongs to a package that is not looked at", row.event_type, row.event_version);
    CannotRun::new(message, "name that package by `-p`, or waive it where it lives")
}
