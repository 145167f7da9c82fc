//! `--format github`: workflow commands, which GitHub Actions shows beside the lines of a pull request.

use super::words::{self, Cause, one_line};
use super::{View, compared_with};
use crate::error::CannotRun;
use crate::finding::Level;
use crate::gate::{Report, Row};

pub(super) fn render(report: &Report, view: &View<'_>) -> String {
    let mut text = String::new();
    for row in &report.rows {
        for cause in words::causes(row) {
            text.push_str(&finding(row, &cause, view));
        }
        text.push_str(&news(row, view).unwrap_or_default());
    }
    for note in &report.notes {
        text.push_str(&command("notice", &[("title", "schema-check".to_owned())], &one_line(note)));
    }
    for line in
        [words::counted(report), Some(compared_with(view)), words::next(report).map(|next| format!("next: {next}"))]
    {
        text.push_str(&line.map(|line| format!("{}\n", one_line(&line))).unwrap_or_default());
    }
    text
}

pub(super) fn failure(error: &CannotRun) -> String {
    let text = format!("{}\nhelp: {}", error.message(), error.help());
    command("error", &[("title", "schema-check could not run".to_owned())], &text)
}

/// What was done, as a notice each.
pub(super) fn notice(line: &str) -> String {
    command("notice", &[("title", "schema-check".to_owned())], line)
}

fn finding(row: &Row, cause: &Cause<'_>, view: &View<'_>) -> String {
    let (reported, finding) = (cause.first, &cause.first.finding);
    let kind = match finding.level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Note => "notice",
    };
    let line = view.sources.schema_line(&reported.file, &finding.pointer);
    let mut lines = vec![finding.message.clone(), words::place(reported, line)];
    lines.extend(cause.notes.iter().cloned());
    lines.extend(cause.help.map(|help| format!("help: {help}")));
    let place = match &reported.rust {
        Some(rust) => (rust.file.as_str(), Some(rust.line)),
        None => (reported.file.as_str(), line),
    };
    let lines: Vec<String> = lines.iter().map(|line| one_line(line)).collect();
    command(kind, &properties(place, &title(row, finding.rule), view), &lines.join("\n"))
}

/// What the files lack fails the step, so it is an error there.
fn news(row: &Row, view: &View<'_>) -> Option<String> {
    let (what, rust) = (words::news(row)?, row.rust.as_ref()?);
    row.plan.as_ref().filter(|plan| plan.is_due())?;
    let text = format!(
        "`{}` v{} {what}\nhelp: run `schema-check accept` and commit schemas/",
        row.event_type, row.event_version
    );
    let properties = properties((&rust.file, Some(rust.line)), &title(row, row.status.word()), view);
    Some(command("error", &properties, &text))
}

fn title(row: &Row, what: &str) -> String {
    format!("{what}: {} v{}", row.event_type, row.event_version)
}

fn properties(place: (&str, Option<u32>), title: &str, view: &View<'_>) -> Vec<(&'static str, String)> {
    let (file, line) = place;
    let file = if file.starts_with('/') { file.to_owned() } else { format!("{}{file}", view.prefix) };
    let mut properties = vec![("file", file)];
    properties.extend(line.map(|line| ("line", line.to_string())));
    properties.push(("title", one_line(title)));
    properties
}

fn command(kind: &str, properties: &[(&str, String)], text: &str) -> String {
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    format!("::{kind} {}::{}\n", properties.join(","), data(text))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
