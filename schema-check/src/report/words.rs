//! What every format for people says: causes, notes, examples, the order of deploys, the next step.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::finding::{Direction, Level, Side};
use crate::gate::{Plan, Report, Reported, Row, Status};
use crate::rules::{foreign_not_read, sample_refused, schema_looser_than_decoder};

/// Letters of an example or an error that are shown.
const LONGEST: usize = 200;

/// One cause within an event: what is broken both ways, or by a type that stands at two places, is told once.
#[derive(Debug)]
pub(super) struct Cause<'a> {
    /// The finding that stands for all.
    pub(super) first: &'a Reported,
    /// Who suffers, the examples, serde's words, the order of deploys.
    pub(super) notes: Vec<String>,
    /// What to type.
    pub(super) help: Option<&'a str>,
    /// What waivers of it would name.
    waivable: BTreeSet<&'a str>,
}

/// The causes of a row, in the order of its findings.
pub(super) fn causes(row: &Row) -> Vec<Cause<'_>> {
    let mut causes: Vec<Cause<'_>> = Vec::new();
    let mut known = BTreeMap::new();
    let mut shown = BTreeSet::new();
    for reported in &row.findings {
        let finding = &reported.finding;
        let key = (finding.rule, finding.level, &finding.message, &reported.rust, &reported.pardon);
        let at = *known.entry(key).or_insert(causes.len());
        if at == causes.len() {
            let help = finding.help.as_deref().filter(|_| reported.pardon.is_none());
            causes.push(Cause { first: reported, notes: Vec::new(), help, waivable: BTreeSet::new() });
        }
        let notes = notes(reported, &mut shown);
        let waivable = (reported.denies() && reported.is_acceptable()).then_some(reported.fingerprint.as_str());
        causes.get_mut(at).into_iter().for_each(|cause| {
            cause.add(notes.clone());
            cause.waivable.extend(waivable);
        });
    }
    let rollout = rollout(row).map(|order| format!("rollout: {order}"));
    let last = causes.iter_mut().rev().find(|cause| cause.first.denies() && cause.first.finding.direction.is_some());
    last.into_iter().for_each(|cause| cause.notes.extend(rollout.clone()));
    causes
}

impl Cause<'_> {
    /// The command that lets it pass for a time, where that can be.
    pub(super) fn waive(&self) -> Option<String> {
        let prints: Vec<&str> = self.waivable.iter().copied().collect();
        let command = || format!("schema-check waive {} --until YYYY-MM-DD --reason \"…\"", prints.join(" "));
        (!prints.is_empty()).then(command)
    }

    fn add(&mut self, notes: Vec<String>) {
        for note in notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }
}

/// An example stands for every finding of its direction, so an event shows it once.
fn notes(reported: &Reported, shown: &mut BTreeSet<(Option<Direction>, String)>) -> Vec<String> {
    if let Some(pardon) = &reported.pardon {
        return vec![one_line(pardon)];
    }
    let mut notes: Vec<String> = reported.finding.note.iter().map(|note| one_line(note)).collect();
    let Some(example) = &reported.counterexample else { return notes };
    let example = example_of(example);
    if shown.insert((reported.finding.direction, example.clone())) {
        notes.push(format!("for example {example}"));
        // Of samples the message itself tells what was said: by serde, by a step or by a panic.
        let said = reported.serde_error.as_deref().filter(|_| !is_of_samples(reported));
        notes.extend(said.map(|error| format!("serde says: {}", short(&one_line(error)))));
    }
    notes
}

fn is_of_samples(reported: &Reported) -> bool {
    [sample_refused::RULE.id, schema_looser_than_decoder::RULE.id].contains(&reported.finding.rule)
}

/// A level in the words of compilers and of SARIF.
pub(super) fn severity(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Note => "note",
    }
}

/// A value as one line of JSON, cut where it is long.
pub(super) fn example_of(value: &Value) -> String {
    short(&one_line(&value.to_string()))
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The text on one line, without what moves a terminal's cursor or turns the direction of writing.
pub(super) fn one_line(text: &str) -> String {
    let flat: String = text.chars().map(|letter| if is_separator(letter) { ' ' } else { letter }).collect();
    let visible = annotate_snippets::normalize_untrusted_str(&flat);
    visible.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}

fn is_separator(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// In which order producers and consumers may be deployed, where the verdict leaves one.
pub(super) fn rollout(row: &Row) -> Option<&'static str> {
    if is_pardoned(row) && !row.findings.iter().any(Reported::denies) {
        return None;
    }
    match (row.backward?, row.forward?) {
        ("compatible", "compatible") => Some("any order"),
        ("compatible", "breaking") => {
            Some("consumers first; producers once every consumer runs this build, for older ones fail on its events")
        }
        ("breaking", "compatible") => {
            Some("producers first; consumers once no event from before this change is left to read")
        }
        ("breaking", "breaking") => Some("no order is safe within this version"),
        _ => None,
    }
}

/// A break that was accepted or waived is still one: its verdict says what the gate lets pass, not who reads whom.
fn is_pardoned(row: &Row) -> bool {
    row.findings.iter().any(|reported| reported.pardon.is_some())
}

/// Where a finding points, in the committed file of its side; with the line where `line` knows it.
pub(super) fn place(reported: &Reported, line: Option<u32>) -> String {
    let finding = &reported.finding;
    let file = match (finding.side, line) {
        (Side::Old, Some(line)) => format!("{}:{line}", reported.file),
        _ => reported.file.clone(),
    };
    let pointer = if finding.pointer.is_empty() { String::new() } else { format!(": #{}", finding.pointer) };
    let word = match finding.side {
        _ if finding.rule == foreign_not_read::RULE.id => "written as",
        Side::Old => "was",
        Side::New => "new",
    };
    one_line(&format!("{word} in {file}{pointer}"))
}

/// What a row without a complaint is worth telling.
pub(super) fn news(row: &Row) -> Option<&'static str> {
    if row.findings.iter().any(Reported::denies) {
        return None;
    }
    let due = row.plan.as_ref().is_some_and(Plan::is_due);
    Some(match (row.status, due) {
        (Status::Additive, true) if is_pardoned(row) => "changed in a way that may pass; the files lack it",
        (Status::Additive, false) if is_pardoned(row) => "changed since the baseline in a way that may pass",
        (Status::New, true) => "is new and not in the files yet",
        (Status::New, false) => "is new since the baseline",
        (Status::Additive, true) => "changed, old and new read each other; the files lack it",
        (Status::Additive, false) => "changed since the baseline, old and new read each other",
        // Its own finding says so.
        (Status::Unguarded, _) if row.foreign => return None,
        (Status::Unguarded, _) => "is of a dependency without schemas: nothing guards it",
        _ => return None,
    })
}

/// `1 unchanged, 2 breaking`, or nothing where there are no events.
pub(super) fn counted(report: &Report) -> Option<String> {
    let summary = report.summary();
    let counts = summary.counts.iter().filter(|(_, count)| *count > 0);
    let counted: Vec<String> = counts.map(|(status, count)| format!("{count} {}", status.word())).collect();
    (!counted.is_empty()).then(|| counted.join(", "))
}

/// What to do next, by the exit code.
pub(super) fn next(report: &Report) -> Option<&'static str> {
    let mut denied = report.rows.iter().flat_map(|row| &row.findings).filter(|reported| reported.denies());
    match report.summary().exit {
        1 if !denied.all(Reported::is_acceptable) => Some("mend the errors above, then run `schema-check` again"),
        1 => Some(
            "mend the errors above; to publish a break all the same, `schema-check accept --breaking --reason \"…\"`",
        ),
        2 => Some("mend the files above, then run `schema-check` again"),
        3 => Some("run `schema-check accept` and commit schemas/"),
        _ => None,
    }
}
