//! One report in every format.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::discover::Place;
use crate::finding::{Direction, Finding, Level, Role, Side, Subject};
use crate::gate::{Reported, Row, Status};
use crate::rules::{event_removed, undecided};

const RUST: &str = "use serde::Serialize;\n\npub struct OrderPlaced {\n    pub order_id: String,\n    #[serde(rename = \"sum\")]\n    pub total: u32,\n    pub price: Money,\n}\n";
const PARTS: &str = "/// Money.\npub struct Money {\n    pub cents: i32,\n}\n";
const SCHEMA: &str = "{\n  \"properties\": {\n    \"order_id\": {},\n    \"total\": {}\n  }\n}\n";

fn read(file: &str) -> Option<String> {
    let files = BTreeMap::from([
        ("src/events.rs", RUST),
        ("src/parts.rs", PARTS),
        ("schemas/order.placed/v1.writer.json", SCHEMA),
    ]);
    files.get(file).map(|text| (*text).to_owned())
}

fn reported(finding: Finding, line: Option<u32>, token: Option<&str>) -> Reported {
    Reported {
        file: format!("schemas/order.placed/v1.{}.json", finding.role.word()),
        rust: line.map(|line| Place { file: "src/events.rs".to_owned(), line }),
        token: token.map(str::to_owned),
        nested: None,
        counterexample: None,
        serde_error: None,
        fingerprint: format!("{:016x}", finding.message.len()),
        pardon: None,
        finding,
    }
}

fn row(event_type: &str, status: Status, words: Option<(&'static str, &'static str)>, findings: Vec<Reported>) -> Row {
    let rust = findings.first().map_or(Some(3), |reported| reported.rust.as_ref().map(|rust| rust.line));
    Row {
        event_type: event_type.to_owned(),
        event_version: 1,
        foreign: false,
        status,
        rust: rust.map(|line| Place { file: "src/events.rs".to_owned(), line }),
        backward: words.map(|words| words.0),
        forward: words.map(|words| words.1),
        findings,
        plan: None,
        decoder: None,
    }
}

fn renamed(direction: Direction) -> Reported {
    let (side, role, pointer) = match direction {
        Direction::Backward => (Side::New, Role::Reader, "/properties/sum"),
        Direction::Forward => (Side::Old, Role::Writer, "/properties/total"),
    };
    let finding = Finding::new("field_renamed", Level::Deny, "`total` is now called `sum` in `order.placed` v1")
        .direction(direction)
        .at(crate::finding::Place { side, role, pointer: pointer.to_owned() })
        .note(format!("{} builds suffer", direction.word()))
        .help("keep the old name on the wire: `#[serde(rename = \"total\")]`");
    let error = (direction == Direction::Backward).then(|| "missing field `sum` at line 1 column 25".to_owned());
    let example = if direction == Direction::Backward { json!({ "total": 0 }) } else { json!({ "sum": 0 }) };
    Reported { counterexample: Some(example), serde_error: error, ..reported(finding, Some(6), Some("total")) }
}

fn breaking() -> Row {
    let narrowed = Finding::new("integer_narrowed", Level::Deny, "`price.cents` was narrowed from `i64` to `i32`")
        .direction(Direction::Backward)
        .note("consumers suffer");
    let narrowed = Reported {
        nested: Some((Place { file: "src/parts.rs".to_owned(), line: 3 }, "cents".to_owned())),
        counterexample: renamed(Direction::Backward).counterexample,
        ..reported(narrowed, Some(7), Some("price"))
    };
    let accepted =
        Finding::new("key_changed", Level::Note, "the key of `order.placed` v1 changed from none to `order_id`");
    let accepted = Reported {
        pardon: Some("accepted: nothing is stored (2026-01-31)".to_owned()),
        ..reported(accepted, Some(3), None)
    };
    let findings = vec![renamed(Direction::Backward), renamed(Direction::Forward), narrowed, accepted];
    row("order.placed", Status::Breaking, Some(("breaking", "breaking")), findings)
}

fn report() -> Report {
    let removed = event_removed::finding(&Subject { event_type: "order.lost", event_version: 1 }, None);
    let unknown = undecided::finding(Direction::Forward, "two regular expressions");
    let unknown = vec![reported(unknown, Some(3), None)];
    let rows = vec![
        breaking(),
        row("order.paid", Status::Additive, Some(("compatible", "compatible")), vec![]),
        row("order.lost", Status::Removed, None, vec![reported(removed, None, None)]),
        row("order.sent", Status::Unknown, Some(("compatible", "unknown")), unknown),
        row("order.seen", Status::Unchanged, Some(("compatible", "compatible")), vec![]),
    ];
    Report { rows, notes: vec!["`a.b` v1 is behind a feature".to_owned()] }
}

/// Every letter that means something to one of the formats.
const HOSTILE: &str =
    "`a|b`</details><script>\n::error::x\r%0A **@team** #1 \u{1b}[31m\u{9b}2J [x](https://x.y) ```\u{202e}";

fn hostile() -> Report {
    let finding = Finding::new("field_removed", Level::Deny, format!("{HOSTILE} is gone")).note(HOSTILE).help(HOSTILE);
    let finding = Finding { pointer: "/properties/a|b`c".to_owned(), ..finding };
    let mut one = reported(finding, Some(3), Some(HOSTILE));
    (one.counterexample, one.serde_error) = (Some(json!({ "k": HOSTILE })), Some(HOSTILE.to_owned()));
    one.file = "schemas/a`|b/v1.writer.json".to_owned();
    Report { rows: vec![row("a.b", Status::Breaking, Some(("breaking", "compatible")), vec![one])], notes: vec![] }
}

fn text(report: &Report, format: Format) -> String {
    let sources = Sources::of(report, read);
    let view = View { baseline: "the files alone", sources: &sources, root: Some("/home/me/my shop"), prefix: "rust/" };
    render(report, &view, format)
}

fn human(report: &Report) -> String {
    anstream::adapter::strip_str(&text(report, Format::Human)).to_string()
}

fn json_of(report: &Report, format: Format) -> Value {
    serde_json::from_str(&text(report, format)).unwrap()
}

#[test]
fn people_see_their_own_line_who_suffers_an_example_and_what_to_type() {
    insta::assert_snapshot!("human", human(&report()));
    insta::assert_snapshot!("short", text(&report(), Format::Short));
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_not_quoted() {
    let report = Report {
        rows: vec![row("order.placed", Status::Breaking, None, vec![renamed(Direction::Forward)])],
        notes: vec![],
    };
    let view = View { baseline: "the files alone", sources: &Sources::default(), root: None, prefix: "" };
    insta::assert_snapshot!(
        "human_unread",
        anstream::adapter::strip_str(&render(&report, &view, Format::Human)).to_string()
    );
}

#[test]
fn github_sees_a_command_for_each_cause_below_the_root_of_the_repository() {
    insta::assert_snapshot!("github", text(&report(), Format::Github));
}

#[test]
fn a_pull_request_gets_a_table_and_details() {
    insta::assert_snapshot!("markdown", text(&report(), Format::Markdown));
}

#[test]
fn a_scanner_gets_rules_places_fingerprints_and_suppressions() {
    let mut sarif = json_of(&report(), Format::Sarif);
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap();
    assert_eq!(rules.len(), crate::rules::rules().len());
    assert!(rules.iter().all(|rule| rule["help"]["markdown"].as_str().unwrap().contains("## Instead")));
    let ids: Vec<Value> = rules.iter().map(|rule| rule["id"].clone()).collect();
    rules.truncate(1);
    rules[0]["help"] = json!("…");
    for result in sarif["runs"][0]["results"].as_array_mut().unwrap() {
        let index = result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok()).unwrap();
        assert_eq!(ids[index], result["ruleId"]);
        result["ruleIndex"] = json!("…");
    }
    sarif["runs"][0]["tool"]["driver"]["version"] = json!("…");
    sarif["runs"][0]["tool"]["driver"]["semanticVersion"] = json!("…");
    insta::assert_snapshot!("sarif", crate::files::render(&sarif));
}

#[test]
fn hostile_names_break_out_of_no_format() {
    let report = hostile();
    let told = human(&report);
    assert!(told.lines().filter(|line| line.starts_with("error")).count() == 1, "{told}");
    for format in [Format::Short, Format::Github, Format::Markdown] {
        let text = text(&report, format);
        assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{format:?}: {text}");
    }
    assert!(!told.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{told}");
    let commands = text(&report, Format::Github);
    assert_eq!(commands.lines().filter(|line| line.contains("::error")).count(), 1, "{commands}");
    assert_eq!(commands.lines().count(), 4, "{commands}");
    insta::assert_snapshot!("hostile_github", commands);
    insta::assert_snapshot!("hostile_markdown", text(&report, Format::Markdown));
    json_of(&report, Format::Sarif);
}

#[test]
fn json_is_what_its_schema_says() {
    let schema = jsonschema::validator_for(&serde_json::from_str(JSON_SCHEMA).unwrap()).unwrap();
    let error = CannotRun::new("no git base", "git fetch --unshallow");
    let failed: Value = serde_json::from_str(&failure(&error, Format::Json).unwrap()).unwrap();
    assert_eq!(failed, json!({ "error": { "message": "no git base", "help": "git fetch --unshallow" } }));
    for told in [
        json_of(&report(), Format::Json),
        json_of(&hostile(), Format::Json),
        json_of(&Report::default(), Format::Json),
        failed,
    ] {
        let errors: Vec<String> = schema.iter_errors(&told).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?} in {told:#}");
    }
    let mut wrong = json_of(&report(), Format::Json);
    wrong["events"][0]["backward"] = Value::Null;
    assert!(!schema.is_valid(&wrong), "a breaking event has verdicts");
}

#[test]
fn a_failure_is_said_in_the_format_that_was_asked_for() {
    let error = CannotRun::new("no git base: `HEAD~1`, 50% of it\nis missing", "git fetch --unshallow");
    assert_eq!(failure(&error, Format::Human), None);
    assert_eq!(failure(&error, Format::Short), None);
    assert_eq!(
        failure(&error, Format::Github).unwrap(),
        "::error title=schema-check could not run::no git base: `HEAD~1`, 50%25 of it%0Ais missing%0Ahelp: git fetch --unshallow\n"
    );
    insta::assert_snapshot!("failure_markdown", failure(&error, Format::Markdown).unwrap());
    let sarif: Value = serde_json::from_str(&failure(&error, Format::Sarif).unwrap()).unwrap();
    let invocation = &sarif["runs"][0]["invocations"][0];
    assert_eq!((&invocation["executionSuccessful"], &invocation["exitCode"]), (&json!(false), &json!(2)));
    assert_eq!(invocation["toolExecutionNotifications"][0]["level"], "error");
}

#[test]
fn long_examples_are_cut_and_long_comments_end() {
    let mut long = renamed(Direction::Backward);
    long.counterexample = Some(json!({ "total": "x".repeat(10_000) }));
    let one = row("order.placed", Status::Breaking, Some(("breaking", "breaking")), vec![long]);
    let report = Report { rows: vec![one; 300], notes: vec![] };
    let told = human(&report);
    assert!(told.contains("xxx…") && told.len() < 400 * 1000, "{}", told.len());
    let comment = text(&report, Format::Markdown);
    assert!(
        comment.len() < 65_536 && comment.contains(" more events: `schema-check` prints them all"),
        "{}",
        comment.len()
    );
}

#[test]
fn many_findings_in_one_file_cost_one_look_at_it() {
    let report = Report { rows: vec![breaking(); 300], notes: vec![] };
    let looks = std::cell::RefCell::new(Vec::new());
    let sources = Sources::of(&report, |file| {
        looks.borrow_mut().push(file.to_owned());
        read(file)
    });
    let mut files = looks.into_inner();
    files.sort();
    assert_eq!(
        files,
        ["schemas/order.placed/v1.reader.json", "schemas/order.placed/v1.writer.json", "src/events.rs", "src/parts.rs"]
    );
    let of = |rows: usize| {
        let report = Report { rows: report.rows.iter().take(rows).cloned().collect(), notes: vec![] };
        let view = View { baseline: "", sources: &sources, root: None, prefix: "" };
        [Format::Human, Format::Github, Format::Short].map(|format| render(&report, &view, format).len())
    };
    let (few, many) = (of(30), of(300));
    assert!(few.iter().zip(many).all(|(few, many)| many < 11 * few), "{few:?} {many:?}");
}
