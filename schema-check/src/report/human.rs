//! `--format human`: what is wrong, where, who suffers, what to type; then a count, the baseline and the next step.

use std::fmt::Write;

use crate::finding::{Level, Side};
use crate::gate::{Plan, Report, Reported, Row, Status};

pub(super) fn render(report: &Report, baseline: &str) -> String {
    let mut text = String::new();
    for row in &report.rows {
        for reported in &row.findings {
            finding(&mut text, reported);
        }
        if row.findings.iter().all(|reported| !reported.denies()) {
            news(&mut text, row);
        }
    }
    for note in &report.notes {
        say(&mut text, &format!("note: {note}"));
    }
    footer(&mut text, report, baseline);
    text
}

fn say(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("writing to a string never fails");
}

fn finding(text: &mut String, reported: &Reported) {
    let finding = &reported.finding;
    let word = match finding.level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Note => "note",
    };
    say(text, &format!("{word}[{}]: {}", finding.rule, finding.message));
    let side = if finding.side == Side::Old { "" } else { "new in " };
    let place = if finding.pointer.is_empty() {
        reported.file.clone()
    } else {
        format!("{}: #{}", reported.file, finding.pointer)
    };
    match &reported.rust {
        Some(rust) => say(text, &format!("  --> {}:{}  ({side}{place})", rust.file, rust.line)),
        None => say(text, &format!("  --> {place}")),
    }
    if let Some(reason) = &reported.accepted {
        say(text, &format!("   = note: accepted: {reason}\n"));
        return;
    }
    if let Some(note) = &finding.note {
        say(text, &format!("   = {note}"));
    }
    if let Some(example) = &reported.counterexample {
        say(text, &format!("   = note: for example {example}"));
    }
    if let Some(error) = &reported.serde_error {
        say(text, &format!("   = note: serde says: {error}"));
    }
    if let Some(help) = &finding.help {
        say(text, &format!("   = help: {help}"));
    }
    say(text, "");
}

/// A row without a complaint that is worth a line.
fn news(text: &mut String, row: &Row) {
    let place = row.rust.as_ref().map(|rust| format!("  --> {}:{}", rust.file, rust.line)).unwrap_or_default();
    let due = row.plan.as_ref().is_some_and(Plan::is_due);
    let what = match (row.status, due) {
        (Status::New, true) => "is new and not in the files yet",
        (Status::New, false) => "is new since the baseline",
        (Status::Additive, true) => "changed, old and new read each other; the files lack it",
        (Status::Additive, false) => "changed since the baseline, old and new read each other",
        (Status::Unguarded, _) => "is of a dependency without schemas: nothing guards it",
        _ => return,
    };
    say(text, &format!("note[{}]: `{}` v{} {what}", row.status.word(), row.event_type, row.event_version));
    if !place.is_empty() {
        say(text, &place);
    }
    say(text, "");
}

fn footer(text: &mut String, report: &Report, baseline: &str) {
    let summary = report.summary();
    let counts = summary.counts.iter().filter(|(_, count)| *count > 0);
    let counted: Vec<String> = counts.map(|(status, count)| format!("{count} {}", status.word())).collect();
    if !counted.is_empty() {
        let events = if report.rows.len() == 1 { "version" } else { "versions" };
        say(text, &format!("{} {events} of events: {}", report.rows.len(), counted.join(", ")));
        say(text, &super::compared_with(baseline));
    }
    match summary.exit {
        1 if !report.rows.iter().flat_map(|row| &row.findings).all(|one| !one.denies() || one.is_acceptable()) => {
            say(text, "next: mend the errors above, then run `schema-check` again");
        }
        1 => say(
            text,
            "next: mend the errors above; to publish a break all the same, `schema-check accept --breaking --reason \"…\"`",
        ),
        2 => say(text, "next: mend the files above, then run `schema-check` again"),
        3 => say(text, "next: run `schema-check accept` and commit schemas/"),
        _ => {}
    }
}
