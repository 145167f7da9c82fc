//! `--format short`: one line for each cause, `file:line: level[rule]: message`.

use super::words::{self, one_line};
use super::{View, compared_with};
use crate::gate::{Report, Reported, Row, Status};

pub(super) fn render(report: &Report, view: &View<'_>) -> String {
    let mut lines = Vec::new();
    for row in &report.rows {
        // What is broken both ways is one cause.
        let told: Vec<String> = words::causes(row).iter().map(|cause| line(row, cause.first)).collect();
        lines.extend(told);
        if row.status != Status::Unchanged && !row.findings.iter().any(Reported::denies) {
            let (place, status) = (place(row), row.status.word());
            lines.push(format!("{place}: {status}: {} v{}", row.event_type, row.event_version));
        }
    }
    lines.extend(report.notes.iter().map(|note| format!("note: {note}")));
    lines.push(format!("note: {}", compared_with(view)));
    lines.extend(words::next(report).map(|next| format!("next: {next}")));
    lines.iter().map(|line| one_line(line) + "\n").collect()
}

fn line(row: &Row, reported: &Reported) -> String {
    let at =
        reported.rust.as_ref().map_or_else(|| reported.file.clone(), |rust| format!("{}:{}", rust.file, rust.line));
    let finding = &reported.finding;
    format!(
        "{at}: {}[{}]: {} ({} v{})",
        finding.level.word(),
        finding.rule,
        finding.message,
        row.event_type,
        row.event_version
    )
}

fn place(row: &Row) -> String {
    row.rust.as_ref().map_or_else(
        || format!("{} v{}", row.event_type, row.event_version),
        |rust| format!("{}:{}", rust.file, rust.line),
    )
}
