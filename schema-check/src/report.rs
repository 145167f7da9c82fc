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
        Format::Short => short::render(report),
        Format::Json => json::render(report),
    }
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
