//! The gate's answer for people and for programs.

mod caret;
mod github;
mod human;
mod json;
mod json_lines;
mod markdown;
mod sarif;
mod short;
mod sources;
#[cfg(test)]
mod tests;
mod words;

use crate::error::CannotRun;
use crate::gate::Report;

pub use sources::Sources;

/// The JSON Schema of `--format json`.
pub const JSON_SCHEMA: &str = include_str!("../check-report.schema.json");

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
    /// Workflow commands of GitHub Actions.
    Github,
    /// SARIF 2.1.0, for code scanners.
    Sarif,
    /// A comment for a pull request.
    Markdown,
}

/// What a report is seen with.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// What the events were compared with besides the files.
    pub baseline: &'a str,
    /// The files that findings point into.
    pub sources: &'a Sources,
    /// The full path of the workspace, where it may be told.
    pub root: Option<&'a str>,
    /// Where the workspace is within the repository: empty, or a path that ends in `/`.
    pub prefix: &'a str,
}

/// The text of a report. That of [`Format::Human`] has colours, for a stream that takes them out where nobody sees them.
#[must_use]
pub fn render(report: &Report, view: &View<'_>, format: Format) -> String {
    match format {
        Format::Human => human::render(report, view),
        Format::Short => short::render(report, view),
        Format::Json => json::render(report),
        Format::Github => github::render(report, view),
        Format::Sarif => sarif::render(report, view),
        Format::Markdown => markdown::render(report, view),
    }
}

/// What a report for programs has no place for, for stderr.
#[must_use]
pub fn aside(report: &Report, view: &View<'_>, format: Format) -> String {
    if format != Format::Json {
        return String::new();
    }
    let notes: String = report.notes.iter().map(|note| format!("note: {note}\n")).collect();
    format!("{notes}{}\n", compared_with(view))
}

/// A line about what was done, for those formats that are not one document.
#[must_use]
pub fn line(text: &str, format: Format) -> Option<String> {
    match format {
        Format::Human | Format::Short => Some(format!("{text}\n")),
        Format::Github => Some(github::notice(text)),
        Format::Json | Format::Sarif | Format::Markdown => None,
    }
}

fn compared_with(view: &View<'_>) -> String {
    format!("compared with schemas/ and {}", view.baseline)
}

/// The text of a failure to run, for stdout; nothing where stderr says it.
#[must_use]
pub fn failure(error: &CannotRun, format: Format) -> Option<String> {
    match format {
        Format::Human | Format::Short => None,
        Format::Json => Some(json::failure(&error.message(), error.help())),
        Format::Github => Some(github::failure(error)),
        Format::Sarif => Some(sarif::failure(error)),
        Format::Markdown => Some(markdown::failure(error)),
    }
}

/// The text of a failure to run, for stderr.
#[must_use]
pub fn complaint(error: &CannotRun) -> String {
    format!("error: {}\n  = help: {}\n", error.message(), error.help())
}
