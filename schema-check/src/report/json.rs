//! `--format json`.

use serde_json::{Map, Value, json};

use crate::discover::Place;
use crate::finding::Direction;
use crate::gate::{Report, Reported, Row, Status};

pub(super) fn render(report: &Report) -> String {
    let summary = report.summary();
    let mut counts = Map::new();
    for (status, count) in &summary.counts {
        counts.insert(status.word().to_owned(), json!(count));
    }
    counts.insert("exit".to_owned(), json!(summary.exit));
    let events: Vec<Value> = report.rows.iter().map(row).collect();
    let mut document = json!({ "events": events, "summary": counts });
    if let (Some(error), Some(document)) = (unreadable(report), document.as_object_mut()) {
        document.insert("error".to_owned(), error);
    }
    crate::files::render(&document)
}

pub(super) fn failure(message: &str, help: &str) -> String {
    crate::files::render(&json!({ "error": { "message": message, "help": help } }))
}

/// A file that can't be read ends the run with 2, and the events are told all the same.
fn unreadable(report: &Report) -> Option<Value> {
    let row = report.rows.iter().find(|row| row.status == Status::Unreadable)?;
    let finding = &row.findings.first()?.finding;
    Some(json!({ "message": finding.message, "help": finding.help.clone().unwrap_or_default() }))
}

fn row(row: &Row) -> Value {
    let mut value = json!({
        "type": row.event_type,
        "version": row.event_version,
        "status": row.status.word(),
        "rust": place(row.rust.as_ref()),
        "backward": row.backward,
        "forward": row.forward,
        "findings": row.findings.iter().map(finding).collect::<Vec<_>>(),
    });
    if let (true, Some(object)) = (row.foreign, value.as_object_mut()) {
        object.insert("foreign".to_owned(), Value::Bool(true));
    }
    value
}

fn place(place: Option<&Place>) -> Value {
    place.map_or(Value::Null, |place| json!({ "file": place.file, "line": place.line }))
}

fn finding(reported: &Reported) -> Value {
    let finding = &reported.finding;
    let mut value = json!({
        "rule": finding.rule,
        "level": finding.level.word(),
        "direction": finding.direction.map(Direction::word),
        "file": reported.file,
        "pointer": finding.pointer,
        "rust": place(reported.rust.as_ref()),
        "message": finding.message,
        "help": finding.help,
        "fingerprint": reported.fingerprint,
    });
    if let Some(object) = value.as_object_mut() {
        object.extend(reported.counterexample.clone().map(|example| ("counterexample".to_owned(), example)));
        object.extend(reported.serde_error.clone().map(|error| ("serde_error".to_owned(), json!(error))));
    }
    value
}
