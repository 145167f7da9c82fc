//! `--format short`: one line for each finding, `file:line: level[rule]: message`.

use crate::gate::{Report, Reported, Row, Status};

pub(super) fn render(report: &Report, baseline: &str) -> String {
    let mut text = String::new();
    for row in &report.rows {
        for reported in &row.findings {
            text.push_str(&line(row, reported));
        }
        if row.findings.is_empty() && row.status != Status::Unchanged {
            let (place, status) = (place(row), row.status.word());
            text.push_str(&format!("{place}: {status}: {} v{}\n", row.event_type, row.event_version));
        }
    }
    for note in &report.notes {
        text.push_str(&format!("note: {note}\n"));
    }
    text + "note: " + &super::compared_with(baseline) + "\n"
}

fn line(row: &Row, reported: &Reported) -> String {
    let at =
        reported.rust.as_ref().map_or_else(|| reported.file.clone(), |rust| format!("{}:{}", rust.file, rust.line));
    let finding = &reported.finding;
    format!(
        "{at}: {}[{}]: {} ({} v{})\n",
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
