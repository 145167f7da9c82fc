//! Samples of every version, through the decoders and upcasters of real projects.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod project;

use project::{DERIVES, Project, Run};
use serde_json::{Value, json};

const V1: &str =
    "pub struct OrderPlacedV1 {\n    pub order_id: String,\n    pub cents: i64,\n    pub lines: Vec<String>,\n}\n";

/// Version 1 as a struct, version 2 with a hand-written step.
fn order(step: &str) -> String {
    format!(
        "{DERIVES}#[event(type = \"order.placed\", version = 1, key = order_id, superseded)]\n{V1}\n\
         {DERIVES}#[event(type = \"order.placed\", version = 2, key = order_id, from = OrderPlacedV1, with)]\n\
         pub struct OrderPlaced {{\n    pub order_id: String,\n    pub cents: i32,\n    pub first: String,\n}}\n\n{step}"
    )
}

fn upcast(cents: &str, first: &str) -> String {
    order(&format!(
        "impl event_core::Upcast<OrderPlacedV1> for OrderPlaced {{\n    fn upcast(old: OrderPlacedV1) -> Self {{\n        \
         let cents = {cents};\n        let first = {first};\n        \
         Self {{ order_id: old.order_id, cents, first }}\n    }}\n}}\n"
    ))
}

fn try_upcast(refused: &str) -> String {
    order(&format!(
        "impl event_core::TryUpcast<OrderPlacedV1> for OrderPlaced {{\n    type Error = String;\n    \
         fn try_upcast(old: OrderPlacedV1) -> Result<Self, String> {{\n        \
         if {refused} {{\n            return Err(format!(\"{{}} lines\", old.lines.len()));\n        }}\n        \
         Ok(Self {{ order_id: old.order_id, cents: 0, first: String::new() }})\n    }}\n}}\n"
    ))
}

/// `rule level pointer` of each finding of version 1, and the findings.
fn told(run: &Run) -> (Vec<String>, Vec<Value>) {
    let findings = run.row("order.placed", 1)["findings"].as_array().unwrap().clone();
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
    let told = findings.iter().map(|it| format!("{} {} {}", text(it, "rule"), text(it, "level"), text(it, "pointer")));
    (told.map(|line| line.trim_end().to_owned()).collect(), findings)
}

#[test]
fn a_step_that_panics_fails_with_its_line_and_the_plainest_sample_though_no_schema_changed() {
    let sound = upcast("old.cents.clamp(-9, 9) as i32", "old.lines.first().cloned().unwrap_or_default()");
    let project = Project::library("samples-panic", &sound);
    project.run(&["accept"]).expect(0);
    let run = project.run(&["--format", "json"]).expect(0);
    assert_eq!(told(&run).0, Vec::<String>::new());

    project.source(&upcast("old.cents as i32 * 100", "old.lines.into_iter().next().unwrap()"));
    let run = project.run(&["--format", "json"]).expect(1);
    let (rules, findings) = told(&run);
    assert_eq!(rules, ["sample_refused deny", "sample_refused deny"]);
    assert_eq!(run.row("order.placed", 1)["status"], "breaking");
    let by_line = |line: u32| findings.iter().find(|it| it["rust"] == json!({ "file": "src/lib.rs", "line": line }));
    let overflow = by_line(22).unwrap();
    assert_eq!(overflow["serde_error"], "panicked: attempt to multiply with overflow");
    assert_eq!(overflow["counterexample"]["cents"], 21_474_837);
    let empty = by_line(23).unwrap();
    assert_eq!(empty["counterexample"], json!({ "order_id": "", "cents": 0, "lines": [] }));
    assert_eq!(empty["file"], "schemas/order.placed/v1.writer.json");
    assert_ne!(overflow["fingerprint"], empty["fingerprint"]);

    let human = project.run(&[]).expect(1).stdout;
    for part in [
        "error[sample_refused]: the step to v2 panics on a sample of `order.placed` v1: called `Option::unwrap()`",
        " --> src/lib.rs:23:",
        "for example {\"",
        "or refuse it by `TryUpcast`: then it becomes a dead letter",
    ] {
        assert!(human.contains(part), "no `{part}` in\n{human}");
    }

    // What can't have been stored may pass, by its fingerprint.
    let accept = ["accept", "--breaking", "--reason", "each order has a line, and none costs more"];
    project.run(&accept).expect(0);
    let run = project.run(&["--format", "json"]).expect(0);
    assert_eq!(told(&run).0, ["sample_refused note", "sample_refused note"]);
}

#[test]
fn a_step_that_refuses_is_a_note_until_golden_payloads_say_what_is_stored() {
    let project = Project::library("samples-refuse", &try_upcast("old.lines.is_empty()"));
    project.run(&["accept"]).expect(0);
    let run = project.run(&["--format", "json"]).expect(0);
    let (rules, findings) = told(&run);
    assert_eq!(rules, ["schema_looser_than_decoder note"]);
    assert_eq!(findings[0]["counterexample"], json!({ "order_id": "", "cents": 0, "lines": [] }));
    assert_eq!(findings[0]["serde_error"], "0 lines");
    let help = findings[0]["help"].as_str().unwrap();
    assert!(help.contains("`schemas/order.placed/v1.samples.json`"), "{help}");

    let golden = "schemas/order.placed/v1.samples.json";
    project.write(golden, r#"[{"order_id": "o-1", "cents": 100, "lines": ["a"]}]"#);
    let run = project.run(&["--format", "json"]).expect(0);
    assert_eq!(told(&run).0, Vec::<String>::new());

    project.write(golden, r#"[{"order_id": "o-1", "cents": 100, "lines": ["a"]}, {"order_id": "o-2", "cents": 1, "lines": []}, {"order_id": 3}]"#);
    let run = project.run(&["--format", "json"]).expect(1);
    let (rules, findings) = told(&run);
    assert_eq!(rules, ["sample_refused deny /1", "sample_refused deny /2", "schema_looser_than_decoder note"]);
    assert_eq!((&findings[0]["file"], &findings[0]["serde_error"]), (&json!(golden), &json!("0 lines")));
    assert_eq!(findings[1]["counterexample"], json!({ "order_id": 3 }));
    assert!(findings[1]["serde_error"].as_str().unwrap().starts_with("invalid type: integer `3`"), "{}", findings[1]);

    for (text, message) in [("{}", "it is no array: write an array of `data` payloads"), ("[", "it is not JSON: EOF")] {
        project.write(golden, text);
        let run = project.run(&["--format", "json"]).expect(2);
        let row = run.row("order.placed", 1);
        assert_eq!((&row["status"], &row["findings"][0]["file"]), (&json!("unreadable"), &json!(golden)));
        let told = row["findings"][0]["message"].as_str().unwrap().to_owned();
        assert!(told.starts_with(&format!("cannot read `{golden}`: {message}")), "{told}");
    }
}

#[test]
fn a_break_that_refuses_a_golden_payload_too_is_told_once() {
    let event = |total: &str| {
        format!(
            "{DERIVES}#[event(type = \"order.placed\", version = 1, key = order_id)]\npub struct OrderPlaced {{\n    pub order_id: String,\n    pub total: {total},\n}}\n"
        )
    };
    let project = Project::library("samples-once", &event("i64"));
    project.run(&["accept"]).expect(0);
    project.write("schemas/order.placed/v1.samples.json", r#"[{"order_id": "o-1", "total": 1}]"#);
    project.run(&[]).expect(0);
    project.source(&event("String"));
    let run = project.run(&["--format", "json"]).expect(1);
    let (rules, _) = told(&run);
    assert_eq!(rules, ["field_type_changed deny /properties/total"; 2]);
}

#[test]
fn a_step_that_ends_the_program_is_named() {
    let project = Project::library("samples-exit", &upcast("std::process::exit(7)", "String::new()"));
    let run = project.run(&["--format", "json"]).expect(2);
    let message = run.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("the program that upcasts `order.placed` v1 ended on a sample"), "{message}");
}

const OLD: &str = "#[event(type = \"order.placed\", version = 1, key = order_id, superseded)]\npub struct OrderPlacedV1 {\n    pub order_id: String,\n    pub cents: i64,\n}\n";

/// Version 2, which writes another field; `attributes` come last.
fn second(attributes: &str, added: &str, rest: &str) -> String {
    format!(
        "{DERIVES}#[event(type = \"order.placed\", version = 2, key = order_id, {attributes})]\npub struct OrderPlaced {{\n    \
         pub order_id: String,\n    {added}pub total: String,\n}}\n{rest}"
    )
}

/// A function on a JSON value in place of the struct of version 1.
fn by_schema(total: &str) -> String {
    let function = format!(
        "fn from_v1(old: serde_json::Value) -> Result<OrderPlaced, String> {{\n    \
         let id = old[\"order_id\"].as_str().ok_or(\"no order_id\")?;\n    let total = {total};\n    \
         Ok(OrderPlaced {{ order_id: id.to_owned(), total }})\n}}\n"
    );
    second("from_schema = 1, with = from_v1", "", &function)
}

fn two_versions(name: &str) -> Project {
    let project = Project::library(name, "");
    project.write("Cargo.toml", &format!("{}serde_json = \"1\"\n", project::manifest(name)));
    let newer = second("from = OrderPlacedV1", "#[event(added = old.cents.to_string())]\n    ", "");
    project.source(&format!("{DERIVES}{OLD}{newer}"));
    project.run(&["accept"]).expect(0);
    project
}

#[test]
fn a_version_without_a_struct_is_read_by_its_schema_and_tried_on_samples_of_it() {
    let project = two_versions("samples-by-schema");
    project.source(&by_schema("old[\"cents\"].to_string()"));
    let run = project.run(&["--format", "json"]).expect(0);
    let row = run.row("order.placed", 1);
    assert_eq!(
        (&row["status"], &row["backward"], &row["findings"]),
        (&json!("unchanged"), &json!("compatible"), &json!([]))
    );

    // It looks for what version 1 never wrote.
    project.source(&by_schema("old[\"total\"].as_str().unwrap().to_owned()"));
    let run = project.run(&["--format", "json"]).expect(1);
    let (rules, findings) = told(&run);
    assert_eq!(rules, ["sample_refused deny"]);
    assert_eq!(findings[0]["counterexample"], json!({ "order_id": "", "cents": 0 }));
    assert_eq!(findings[0]["rust"], json!({ "file": "src/lib.rs", "line": 12 }));

    for role in ["writer", "reader"] {
        std::fs::remove_file(project.path(&format!("schemas/order.placed/v1.{role}.json"))).unwrap();
    }
    let row = project.run(&["--format", "json"]).expect(1).row("order.placed", 2);
    let finding = &row["findings"][0];
    assert_eq!((&finding["rule"], &finding["level"]), (&json!("upcast_missing"), &json!("deny")));
    assert!(finding["message"].as_str().unwrap().contains("`schemas/order.placed/v1.writer.json`"), "{finding}");
}

#[test]
fn a_claim_is_on_the_card_and_refuted_by_what_older_readers_refuse() {
    let project = two_versions("samples-claim");
    let added = "#[event(added = old.cents.to_string())]\n    ";
    let claiming = second("from = OrderPlacedV1, readable_since = 1", added, "");
    project.source(&format!("{DERIVES}{OLD}{claiming}"));
    let row = project.run(&["--format", "json"]).expect(1).row("order.placed", 2);
    let finding = &row["findings"][0];
    assert_eq!((&finding["rule"], &finding["level"]), (&json!("readable_since_false"), &json!("deny")));
    assert_eq!(finding["counterexample"], json!({ "order_id": "", "total": "" }));
    assert_eq!(finding["help"], "remove `readable_since`");

    let keeping =
        "#[event(added = old.cents.to_string())]\n    pub total: String,\n    #[event(added)]\n    pub note: Option<";
    let keeping = claiming
        .replace(added, "pub cents: i64,\n    ")
        .replace("pub total: ", keeping)
        .replace("String,\n}", "String>,\n}");
    project.source(&format!("{DERIVES}{OLD}{keeping}"));
    project.run(&["accept", "--breaking", "--reason", "nothing is stored yet"]).expect(0);
    let writer: Value = serde_json::from_str(&project.read("schemas/order.placed/v2.writer.json")).unwrap();
    assert_eq!(writer["x-event"]["readable_since"], 1);
    let row = project.run(&["--format", "json"]).expect(0).row("order.placed", 2);
    assert_eq!(row["status"], "unchanged", "{row}");
}

#[test]
fn a_panic_is_told_also_where_the_profile_aborts() {
    let project = Project::library("samples-abort", &upcast("0", "old.lines.into_iter().next().unwrap()"));
    let manifest = project.read("Cargo.toml");
    project.write("Cargo.toml", &format!("{manifest}\n[profile.dev]\npanic = \"abort\"\n"));
    let run = project.run(&["--format", "json"]).expect(1);
    assert_eq!(told(&run).0, ["sample_refused deny"]);
}
