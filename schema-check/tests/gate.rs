//! The gate on a real project: what an edit does to statuses, findings, files and exit codes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod project;

use project::{DERIVES, Project};
use serde_json::{Value, json};

fn order(fields: &str) -> String {
    format!(
        "{DERIVES}#[event(type = \"order.placed\", version = 1, key = order_id)]\npub struct OrderPlaced {{\n    pub order_id: String,\n{fields}}}\n"
    )
}

fn accepted(name: &str, fields: &str) -> Project {
    let project = Project::library(name, &order(fields));
    project.run(&["accept"]).expect(0);
    project
}

#[test]
fn a_renamed_field_breaks_with_its_line_and_an_example_and_serdes_words() {
    let project = accepted("gate-rename", "    pub total: u32,\n");
    let files = project.files("schemas");
    project.source(&order("    #[serde(rename = \"sum\")]\n    pub total: u32,\n"));
    let run = project.run(&["--format", "json"]).expect(1);
    let row = run.row("order.placed", 1);
    assert_eq!(
        (&row["status"], &row["backward"], &row["forward"]),
        (&json!("breaking"), &json!("breaking"), &json!("breaking"))
    );
    let findings = row["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["rule"] == "field_renamed"), "{findings:#?}");
    let backward = findings.iter().find(|finding| finding["direction"] == "backward").unwrap();
    assert_eq!(backward["rust"], json!({ "file": "src/lib.rs", "line": 9 }));
    assert_eq!(backward["level"], "deny");
    assert!(backward["file"].as_str().unwrap().starts_with("schemas/order.placed/v1."), "{backward}");
    assert!(backward["counterexample"].get("total").is_some(), "{backward}");
    assert!(backward["serde_error"].as_str().unwrap().starts_with("missing field `sum`"), "{backward}");
    assert_eq!(backward["fingerprint"].as_str().unwrap().len(), 16);

    let human = project.run(&[]).expect(1).stdout;
    for part in [
        "error[field_renamed]: ",
        " --> src/lib.rs:9:9",
        "for example {",
        "serde says: missing field `sum`",
        "  = help: ",
        "compared with schemas/ and the files alone",
        "next: ",
    ] {
        assert!(human.contains(part), "no `{part}` in\n{human}");
    }
    project.run(&["accept"]).expect(1);
    assert_eq!(project.files("schemas"), files, "a refused accept wrote");
}

#[test]
fn an_optional_field_is_additive_and_accept_keeps_the_earlier_revision() {
    let project = accepted("gate-additive", "");
    let before = project.read("schemas/order.placed/v1.writer.json");
    project.source(&order("    #[serde(default)]\n    pub coupon: Option<String>,\n"));
    let run = project.run(&["--format", "json"]).expect(3);
    assert_eq!(run.row("order.placed", 1)["status"], "additive");
    assert_eq!(run.json()["summary"]["exit"], 3);
    project.run(&["accept"]).expect(0);
    assert_eq!(project.read("schemas/order.placed/history/v1.1.writer.json"), before);
    let run = project.run(&["--format", "json"]).expect(0);
    assert_eq!(run.row("order.placed", 1)["status"], "unchanged");

    // Pairwise additive steps that break together.
    project.source(&order(""));
    project.run(&["accept"]).expect(0);
    project.source(&order("    pub coupon: Option<u8>,\n"));
    let row = project.run(&["--format", "json"]).expect(1).row("order.placed", 1);
    assert_eq!(row["status"], "breaking");
    let rules: Vec<&Value> = row["findings"].as_array().unwrap().iter().map(|finding| &finding["rule"]).collect();
    assert!(rules.iter().all(|rule| *rule == "name_reused"), "{rules:?}");
}

#[test]
fn docs_are_refreshed_without_a_revision_and_a_break_needs_a_reason() {
    let project = accepted("gate-docs", "    pub total: u32,\n");
    project.source(&order("    /// In cents.\n    pub total: u32,\n"));
    let row = project.run(&["--format", "json"]).expect(0).row("order.placed", 1);
    assert_eq!(row["status"], "unchanged");
    project.run(&["accept"]).expect(0);
    assert!(project.read("schemas/order.placed/v1.writer.json").contains("In cents."));
    assert_eq!(project.files("schemas").len(), 2);

    project.source(&order("    pub total: String,\n"));
    project.run(&["accept", "--breaking"]).expect(2);
    project.run(&["accept", "--breaking", "--reason", " "]).expect(2);
    project.run(&["accept"]).expect(1);
    let told = project.run(&["accept", "--breaking", "--reason", "nothing is stored yet"]).expect(0).stdout;
    let recorded = "(breaking)\nrecorded the reason in schemas/waivers.toml\nnext: commit schemas/\n";
    assert!(told.ends_with(recorded), "{told}");
    let waivers = project.read("schemas/waivers.toml");
    assert!(waivers.contains("[[break]]") && waivers.contains("reason = \"nothing is stored yet\""), "{waivers}");
    let row = project.run(&["--format", "json"]).expect(0).row("order.placed", 1);
    assert_eq!((&row["status"], &row["backward"]), (&json!("unchanged"), &json!("compatible")));
}

#[test]
fn an_accepted_break_covers_neither_the_next_one_of_its_place_nor_fails_again_over_additive_edits() {
    let project = accepted("gate-again", "    pub total: u32,\n");
    let accept = ["accept", "--breaking", "--reason", "nothing is stored yet"];
    project.source(&order("    pub total: String,\n"));
    project.run(&accept).expect(0);
    project.source(&order("    /// A text.\n    pub total: String,\n    pub note: Option<u8>,\n"));
    project.run(&["accept"]).expect(0);
    let told = project.run(&[]).expect(0).stdout;
    assert!(told.contains("note: accepted: nothing is stored yet ("), "{told}");

    let edited = order("    pub total: bool,\n    pub note: Option<u8>,\n");
    project.source(&edited.replace("key = order_id", "key = total").replace("total: bool", "total: u8"));
    let row = project.run(&["--format", "json"]).expect(1).row("order.placed", 1);
    let findings = row["findings"].as_array().unwrap();
    let denied = |rule: &str| findings.iter().filter(|it| it["rule"] == rule && it["level"] == "deny").count();
    assert_eq!(
        (&row["status"], denied("field_type_changed"), denied("key_changed")),
        (&json!("breaking"), 2, 1),
        "{row:#}"
    );
    project.run(&accept).expect(0);
    project.source(&edited.replace("total: bool", "total: u8"));
    let row = project.run(&["--format", "json"]).expect(1).row("order.placed", 1);
    assert_eq!(row["findings"][0]["rule"], "key_changed", "{row:#}");
}

#[test]
fn keys_versions_duplicates_removals_and_broken_files_are_told_apart() {
    let project = accepted("gate-others", "    pub customer: String,\n");
    let edited = order("    pub customer: String,\n").replace("key = order_id", "key = customer");
    let more = format!(
        "{DERIVES}#[event(type = \"order.placed\", version = 1, keyless)]\npub struct Twice {{ pub a: u8 }}\n{DERIVES}#[event(type = \"Order.Paid\", version = 1, keyless)]\npub struct A {{}}\n{DERIVES}#[event(type = \"order.paid\", version = 1, keyless)]\npub struct B {{}}\n"
    );
    project.source(&format!("{edited}{more}"));
    let run = project.run(&["--format", "json"]).expect(1);
    let rules = |event_type: &str| -> Vec<String> {
        let row = run.row(event_type, 1);
        row["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(rules("order.placed"), ["key_changed", "duplicate_event"]);
    assert_eq!(rules("order.paid"), ["duplicate_event"]);
    let message = run.row("order.placed", 1)["findings"][1]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("src/lib.rs:6") && message.contains("src/lib.rs:12"), "{message}");

    project.source("");
    let row = project.run(&["--format", "json"]).expect(1).row("order.placed", 1);
    assert_eq!(
        (&row["status"], &row["rust"], &row["findings"][0]["rule"]),
        (&json!("removed"), &Value::Null, &json!("event_removed"))
    );

    project.source(&order("    pub customer: String,\n"));
    project.write("schemas/order.placed/v1.writer.json", "{ not json");
    let run = project.run(&["--format", "json"]).expect(2);
    assert_eq!(run.row("order.placed", 1)["status"], "unreadable");
    assert!(run.json()["error"]["message"].as_str().unwrap().contains("schemas/order.placed/v1.writer.json"));
}

#[test]
fn what_cannot_run_says_why_on_both_channels() {
    let project = Project::library("gate-cannot", "pub struct Plain;\n");
    let run = project.run(&[]).expect(0);
    assert!(run.stdout.contains("note: no events and no schemas"), "{}", run.stdout);
    project.source("pub fn broken() -> u8 { \"text\" }\n");
    let run = project.run(&["--format", "json"]).expect(2);
    assert_eq!(run.json()["error"]["message"], "the project does not compile");
    assert!(run.stderr.contains("mismatched types"), "{}", run.stderr);
    let run = project.run(&["-p", "nobody", "--format", "json"]).expect(2);
    assert_eq!(
        run.json()["error"],
        json!({ "message": "no package `nobody` in the workspace", "help": "it has `gate-cannot`" })
    );
    project.run(&["--no-such-flag"]).expect(2);
}

#[test]
fn list_names_each_type_once_with_its_versions() {
    let older = order("")
        .replace("version = 1, key = order_id", "version = 1, key = order_id, superseded")
        .replace("OrderPlaced", "OrderPlacedV1");
    let newer = order("")
        .replace("version = 1", "version = 2")
        .replace("key = order_id", "key = order_id, from = OrderPlacedV1");
    let project = Project::library("gate-list", &format!("{older}{newer}"));
    let listed = project.run(&["list", "--format", "json"]).expect(0).json();
    let expected = json!({ "events": [{
        "type": "order.placed", "versions": [1, 2], "key": "order_id", "retired": false,
        "rust": { "file": "src/lib.rs", "line": 11 }
    }] });
    assert_eq!(listed, expected);
    let run = project.run(&["--format", "json"]).expect(3);
    assert_eq!(run.json()["summary"]["new"], 2);
}

#[test]
fn an_event_that_cannot_read_itself_is_told_with_serdes_words() {
    let fields = |attribute: &str| order(&format!("{attribute}    pub total: u32,\n"));
    let project = Project::library("gate-itself", &fields("    #[serde(rename(deserialize = \"sum\"))]\n"));
    let row = project.run(&["--format", "json"]).expect(1).row("order.placed", 1);
    let finding = &row["findings"][0];
    assert_eq!((&row["status"], &finding["rule"]), (&json!("breaking"), &json!("cannot_read_itself")));
    assert!(finding["serde_error"].as_str().unwrap().starts_with("missing field `sum`"), "{finding}");

    // A history without the revision that counts: the version is new again, and the history is still judged.
    project.source(&fields(""));
    project.run(&["accept"]).expect(0);
    project.source(&fields("    pub note: Option<u8>,\n"));
    project.run(&["accept"]).expect(0);
    for role in ["writer", "reader"] {
        std::fs::remove_file(project.path(&format!("schemas/order.placed/v1.{role}.json"))).unwrap();
    }
    let row = project.run(&["--format", "json"]).expect(3).row("order.placed", 1);
    assert_eq!((&row["status"], &row["backward"], &row["forward"]), (&json!("new"), &Value::Null, &Value::Null));
    project.source(&fields("    pub other: u8,\n"));
    project.run(&[]).expect(1);
}

#[test]
fn a_variant_and_its_fields_have_lines_of_their_own() {
    let payment = |variants: &str| {
        format!(
            "{DERIVES}#[event(type = \"payment.moved\", version = 1, keyless)]\n#[serde(tag = \"kind\", rename_all = \"snake_case\")]\npub enum Moved {{\n    PaidOut {{\n        amount: u32,\n{variants}}}\n"
        )
    };
    let project = Project::library("gate-enum", &payment("    },\n"));
    project.run(&["accept"]).expect(0);
    project.source(&payment("        reason: String,\n    },\n    PaidBack { amount: u32 },\n"));
    let row = project.run(&["--format", "json"]).expect(1).row("payment.moved", 1);
    let mut found: Vec<_> = row["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["rule"].as_str().unwrap(), finding["rust"]["line"].as_u64().unwrap()))
        .collect();
    found.sort_unstable();
    assert_eq!(found, [("enum_variant_added", 12), ("field_required_added", 10)]);
}

#[test]
fn a_nested_type_is_known_by_its_source_and_its_unsafe_attribute_is_a_warning() {
    let part = |fields: &str| {
        let derives = "#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]\n";
        format!("{}\n{derives}pub struct Part {{\n{fields}\n}}\n", order("    pub part: Part,\n"))
    };
    let project = Project::library("gate-nested", &part("    pub tag: String,"));
    project.run(&["accept"]).expect(0);
    project.source(&part("    #[serde(alias = \"tag\")]\n    pub label: String,"));
    let row = project.run(&["--format", "json"]).expect(1).row("order.placed", 1);
    assert_eq!((&row["backward"], &row["forward"]), (&json!("compatible"), &json!("breaking")));

    project.source(&part("    pub tag: String,\n    #[serde(skip_serializing_if = \"String::is_empty\", default)]\n    #[serde(serialize_with = \"write\")]\n    pub note: String,"));
    let writes =
        "fn write<S: serde::Serializer>(text: &str, to: S) -> Result<S::Ok, S::Error> { to.serialize_str(text) }\n";
    project.write("src/lib.rs", &(project.read("src/lib.rs") + writes));
    let row = project.run(&["--format", "json"]).expect(3).row("order.placed", 1);
    assert_eq!(row["status"], "additive");
    let warning =
        row["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == "unsafe_attribute").unwrap();
    assert_eq!((&warning["level"], &warning["rust"]), (&json!("warn"), &json!({ "file": "src/lib.rs", "line": 15 })));
}

#[test]
fn a_decoder_that_ends_its_program_is_named_and_one_that_prints_is_heard() {
    let with = |body: &str| {
        let read = format!(
            "fn read<'de, D: serde::Deserializer<'de>>(from: D) -> Result<u8, D::Error> {{\n    {body}\n    u8::deserialize(from)\n}}\n"
        );
        order("    #[serde(deserialize_with = \"read\")]\n    pub part: u8,\n") + &read
    };
    let project = Project::library("gate-ends", &with("print!(\"no line's end\");"));
    project.run(&["--format", "json"]).expect(3);
    project.source(&with("std::process::exit(0);"));
    let run = project.run(&["--format", "json"]).expect(2);
    let message = run.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("`order.placed` v1 (src/lib.rs:6) ended"), "{message}");
}
