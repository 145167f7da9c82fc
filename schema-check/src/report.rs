//! The gate's answer for people and for programs.

mod human;
mod json;
mod short;

use crate::error::CannotRun;
use crate::gate::Report;

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Format {
    /// Paragraphs, as rustc writes them.
    #[default]
    Human,
    /// One line each.
    Short,
    /// For programs.
    Json,
}

/// The text of a report; `baseline` names what the events were compared with.
#[must_use]
pub fn render(report: &Report, baseline: &str, format: Format) -> String {
    match format {
        Format::Human => human::render(report, baseline),
        Format::Short => short::render(report, baseline),
        Format::Json => json::render(report),
    }
}

/// What a report for programs has no place for, for stderr.
#[must_use]
pub fn aside(report: &Report, baseline: &str, format: Format) -> String {
    if format != Format::Json {
        return String::new();
    }
    let notes: String = report.notes.iter().map(|note| format!("note: {note}\n")).collect();
    format!("{notes}{}\n", compared_with(baseline))
}

fn compared_with(baseline: &str) -> String {
    format!("compared with schemas/ and {baseline}")
}

/// The text of a failure to run, for stdout; nothing where stderr says it.
#[must_use]
pub fn failure(error: &CannotRun, format: Format) -> Option<String> {
    (format == Format::Json).then(|| json::failure(&error.message(), error.help()))
}

/// The text of a failure to run, for stderr.
#[must_use]
pub fn complaint(error: &CannotRun) -> String {
    format!("error: {}\n  = help: {}\n", error.message(), error.help())
}
