//! What samples that were refused mean for the rows of their versions.

use super::report::{Reported, Row};
use super::rows::bare;
use super::{Folder, fingerprint};
use crate::contain::reads;
use crate::discover::{Place, Reading};
use crate::files::{Revision, current_file, golden_file, history_file};
use crate::finding::{Direction, Finding, Role, Subject};
use crate::rules::{sample_refused, schema_looser_than_decoder, versions_swapped};
use crate::trial::{Refusal, Trial};

/// Adds to the rows what was refused, each thing once.
pub(super) fn check(folders: &[Folder], rows: &mut [Row]) {
    for folder in folders {
        for trial in &folder.trials {
            let of_trial = |row: &&mut Row| is_about(row, trial) && !row.foreign;
            if let Some(row) = rows.iter_mut().find(of_trial) {
                judge(folder, trial, row);
            }
        }
        for trial in folder.trials.iter().filter(|trial| trial.is_vouched_for()) {
            // What is known to be stored is read: that more could be is no news.
            let looser = |reported: &Reported| reported.finding.rule == schema_looser_than_decoder::RULE.id;
            rows.iter_mut().filter(|row| is_about(row, trial)).for_each(|row| row.findings.retain(|one| !looser(one)));
        }
    }
}

fn is_about(row: &Row, trial: &Trial) -> bool {
    row.event_type == trial.event_type && row.event_version == trial.event_version
}

fn judge(folder: &Folder, trial: &Trial, row: &mut Row) {
    let of_schemas =
        |finding: &Finding| finding.direction == Some(Direction::Backward) || finding.rule == versions_swapped::RULE.id;
    let broken = row.findings.iter().any(|one| one.denies() && of_schemas(&one.finding));
    for refusal in trial.refusals.iter().filter(|refusal| !trial.is_tolerable(refusal)) {
        if !(broken && is_explained(folder, trial, refusal)) {
            let reported = refused(folder, trial, refusal);
            if reported.denies() {
                row.breaks("compatible");
            }
            row.findings.push(reported);
        }
    }
    let known = row.findings.iter().any(|one| one.finding.rule == schema_looser_than_decoder::RULE.id);
    let is_news = |refusal: &&Refusal| {
        let of_break = broken && matches!(refusal.reading, Reading::Decode { .. });
        trial.is_tolerable(refusal) && !of_break && !known && !told_of_later(folder, trial, refusal)
    };
    row.findings.extend(trial.refusals.iter().find(is_news).map(|refusal| looser(folder, trial, refusal)));
}

/// Whether a break that was found says the same: the reader of today refuses the payload by its schema too.
fn is_explained(folder: &Folder, trial: &Trial, refusal: &Refusal) -> bool {
    let is_own = |event: &&crate::discover::Event| {
        event.event_type == trial.event_type && event.event_version == trial.event_version
    };
    let now = folder.events.iter().find(is_own).map(|event| Revision::of(event).lowered_reader());
    matches!(refusal.reading, Reading::Decode { .. })
        && now.is_some_and(|now| reads(&now, &refusal.sample) == Some(false))
}

/// Of versions that go through one step, the nearest tells of it.
fn told_of_later(folder: &Folder, trial: &Trial, refusal: &Refusal) -> bool {
    let is_later = |other: &&Trial| {
        other.event_type == trial.event_type && other.event_version > trial.event_version && !other.is_vouched_for()
    };
    let same = |other: &Refusal| other.reading.is_like(&refusal.reading) && other.step == refusal.step;
    matches!(refusal.reading, Reading::Refused { .. })
        && folder.trials.iter().filter(is_later).any(|other| other.refusals.iter().any(same))
}

fn refused(folder: &Folder, trial: &Trial, refusal: &Refusal) -> Reported {
    let subject = Subject { event_type: &trial.event_type, event_version: trial.event_version };
    let finding = sample_refused::finding(&subject, refusal);
    let file = match (refusal.golden, refusal.number) {
        (Some(_), _) => golden_file(&trial.event_type, trial.event_version),
        (None, Some(number)) => history_file(&trial.event_type, trial.event_version, number, Role::Writer),
        (None, None) => current_file(&trial.event_type, trial.event_version, Role::Writer),
    };
    with(folder, &subject, finding, &file, refusal).pardoned()
}

fn looser(folder: &Folder, trial: &Trial, refusal: &Refusal) -> Reported {
    let subject = Subject { event_type: &trial.event_type, event_version: trial.event_version };
    let finding = schema_looser_than_decoder::of_sample(&subject, refusal);
    let file = current_file(&trial.event_type, trial.event_version, Role::Writer);
    with(folder, &subject, finding, &file, refusal)
}

fn with(folder: &Folder, subject: &Subject<'_>, finding: Finding, file: &str, refusal: &Refusal) -> Reported {
    let fingerprint = fingerprint::of_content(subject, &finding, &content(refusal));
    Reported {
        pardon: folder.waivers.pardon(&fingerprint),
        fingerprint,
        rust: Some(place(refusal)),
        counterexample: Some(refusal.sample.clone()),
        serde_error: error(refusal),
        ..bare(folder, subject, finding, file)
    }
}

/// The line that panicked, else the event that failed.
fn place(refusal: &Refusal) -> Place {
    match &refusal.reading {
        Reading::Panicked { at: Some((place, _)), .. } => place.clone(),
        _ => refusal.step.place.clone(),
    }
}

fn error(refusal: &Refusal) -> Option<String> {
    match &refusal.reading {
        Reading::Decode { error } | Reading::Refused { error, .. } => Some(error.clone()),
        Reading::Panicked { text, .. } => Some(format!("panicked: {text}")),
        _ => None,
    }
}

/// What a failure is recognised by: a golden payload by itself, else by how the step failed.
fn content(refusal: &Refusal) -> String {
    let how = match &refusal.reading {
        Reading::Panicked { text, .. } => text.as_str(),
        Reading::Refused { .. } => "refused",
        _ => "decode",
    };
    let sample = refusal.golden.map(|_| crate::files::render(&refusal.sample)).unwrap_or_default();
    format!("{how} {} {} {sample}", refusal.step.event_type, refusal.step.to_version)
}
