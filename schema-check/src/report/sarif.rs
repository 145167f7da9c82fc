//! `--format sarif`: SARIF 2.1.0, which code scanners read.

use serde_json::{Map, Value, json};

use super::caret::{self, Part};
use super::{View, compared_with, words};
use crate::error::CannotRun;
use crate::files;
use crate::finding::Direction;
use crate::gate::{Report, Reported, Row, Status};
use crate::rules::rules;

pub(super) fn render(report: &Report, view: &View<'_>) -> String {
    let results: Vec<Value> =
        report.rows.iter().flat_map(|row| row.findings.iter().map(|reported| result(row, reported, view))).collect();
    let said = report.notes.iter().cloned().chain([compared_with(view)]).chain(words::next(report).map(str::to_owned));
    let mut notifications: Vec<Value> = said.map(|text| notification("note", &text)).collect();
    let unreadable = report.rows.iter().filter(|row| row.status == Status::Unreadable).flat_map(|row| &row.findings);
    notifications.extend(unreadable.map(|reported| notification("error", &reported.finding.message)));
    document(view.root, results, notifications, report.summary().exit)
}

pub(super) fn failure(error: &CannotRun) -> String {
    let text = format!("{}; {}", error.message(), error.help());
    document(None, Vec::new(), vec![notification("error", &text)], 2)
}

fn document(root: Option<&str>, results: Vec<Value>, notifications: Vec<Value>, exit: u8) -> String {
    let mut base = Map::from_iter([("description".to_owned(), json!({ "text": "the root of the workspace" }))]);
    base.extend(root.map(|root| ("uri".to_owned(), json!(format!("file:///{}/", encoded(root.trim_matches('/')))))));
    let run = json!({
        "tool": { "driver": driver() },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": { "%SRCROOT%": base },
        "invocations": [{
            "executionSuccessful": exit != 2,
            "exitCode": exit,
            "toolExecutionNotifications": notifications,
        }],
        "results": results,
    });
    let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    files::render(&json!({ "$schema": schema, "version": "2.1.0", "runs": [run] }))
}

fn driver() -> Value {
    let each = rules().iter().map(|rule| {
        json!({
            "id": rule.id,
            "shortDescription": { "text": rule.summary() },
            "help": { "text": rule.page(), "markdown": rule.page() },
            "defaultConfiguration": { "level": words::severity(rule.level) },
        })
    });
    json!({
        "name": "schema-check",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": each.collect::<Vec<_>>(),
    })
}

fn notification(level: &str, text: &str) -> Value {
    json!({ "level": level, "message": { "text": text } })
}

fn result(row: &Row, reported: &Reported, view: &View<'_>) -> Value {
    let finding = &reported.finding;
    let event = format!("{} v{}", row.event_type, row.event_version);
    let location = json!({
        "physicalLocation": rust(reported, view).unwrap_or_else(|| committed(reported, view)),
        "logicalLocations": [{ "fullyQualifiedName": event, "kind": "type" }],
    });
    let mut result = json!({
        "ruleId": finding.rule,
        "level": words::severity(finding.level),
        "message": { "text": message(reported) },
        "locations": [location],
        "relatedLocations": [{
            "id": 1,
            "message": { "text": words::place(reported, None) },
            "physicalLocation": committed(reported, view),
        }],
        "partialFingerprints": { "schemaCheck/v1": reported.fingerprint },
        "properties": properties(reported),
    });
    if let Some(object) = result.as_object_mut() {
        let index = rules().iter().position(|rule| rule.id == finding.rule);
        object.extend(index.map(|index| ("ruleIndex".to_owned(), json!(index))));
        object.extend(reported.pardon.as_ref().map(|reason| ("suppressions".to_owned(), suppressions(reason))));
    }
    result
}

fn suppressions(reason: &str) -> Value {
    // Both kinds of pardon are suppressions that were looked at.
    let reason = reason.strip_prefix("accepted: ").unwrap_or(reason);
    json!([{ "kind": "external", "status": "accepted", "justification": reason }])
}

/// Text for people: SARIF's viewers show no property bags.
fn message(reported: &Reported) -> String {
    let finding = &reported.finding;
    let example = reported.counterexample.as_ref().map(|example| format!("for example {}", words::example_of(example)));
    let error = reported.serde_error.as_ref().map(|error| format!("serde says: {}", words::one_line(error)));
    let help = finding.help.as_ref().map(|help| format!("help: {help}"));
    let lines = [Some(finding.message.clone()), finding.note.clone(), example, error, help];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn properties(reported: &Reported) -> Value {
    let mut properties = Map::from_iter([("pointer".to_owned(), json!(reported.finding.pointer))]);
    properties.extend(reported.finding.direction.map(|it| ("direction".to_owned(), json!(Direction::word(it)))));
    properties.extend(reported.counterexample.clone().map(|example| ("counterexample".to_owned(), example)));
    properties.extend(reported.serde_error.clone().map(|error| ("serde_error".to_owned(), json!(error))));
    Value::Object(properties)
}

fn rust(reported: &Reported, view: &View<'_>) -> Option<Value> {
    let rust = reported.rust.as_ref()?;
    let mut region = Map::from_iter([("startLine".to_owned(), json!(rust.line.max(1)))]);
    if let Some(line) = view.sources.line(&rust.file, rust.line) {
        let span = caret::span(line, reported.token.as_deref(), Part::of(reported.finding.rule));
        let column = |byte: usize| line.get(..byte).unwrap_or_default().chars().count() + 1;
        region.insert("startColumn".to_owned(), json!(column(span.start)));
        region.insert("endColumn".to_owned(), json!(column(span.end)));
    }
    Some(json!({ "artifactLocation": artifact(&rust.file), "region": region }))
}

fn committed(reported: &Reported, view: &View<'_>) -> Value {
    let line = view.sources.schema_line(&reported.file, &reported.finding.pointer);
    json!({ "artifactLocation": artifact(&reported.file), "region": { "startLine": line.unwrap_or(1) } })
}

/// A path within the workspace is relative to it, any other one stands by itself.
fn artifact(file: &str) -> Value {
    if file.starts_with('/') {
        return json!({ "uri": format!("file://{}", encoded(file)) });
    }
    json!({ "uri": encoded(file), "uriBaseId": "%SRCROOT%" })
}

/// A path as part of a URI.
fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
