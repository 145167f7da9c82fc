//! Somebody else's events: the struct of a consumer against all that its producer writes and wrote.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod project;

use insta::assert_snapshot;
use project::{IMPORTS, Project, dependencies};
use serde_json::{Value, json};

const FOREIGN: &str = "#[derive(Deserialize, JsonSchema, DomainEvent)]\n";

fn placed(version: u32, fields: &str) -> String {
    let declared = format!("#[event(type = \"order.placed\", version = {version}, foreign)]");
    format!("{FOREIGN}{declared}\nstruct OrderPlaced {{\n{fields}}}\n")
}

fn ours(version: u32, properties: &Value, required: &[&str]) -> String {
    let card = json!({ "eventType": "order.placed", "eventVersion": version });
    json!({ "type": "object", "properties": properties, "required": required, "x-event": card }).to_string()
}

fn rules(row: &Value) -> Vec<&str> {
    row["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

#[test]
fn a_struct_reads_every_revision_of_its_producer_or_is_told_with_a_value_that_it_refuses() {
    let project =
        Project::library("foreign-placed", &placed(1, "    order_id: String,\n    coupon: Option<String>,\n"));
    // Nothing is vendored: nothing guards it, and nothing fails.
    let run = project.run(&[]).expect(0);
    assert_snapshot!(run.stdout, @r"
    note[foreign_not_vendored]: `order.placed` v1 is a foreign event, and its producer's schema is not vendored: nothing guards it
     --> src/lib.rs:6:8
      |
    6 | struct OrderPlaced {
      |        ^^^^^^^^^^^ new in schemas/foreign/order.placed/v1.writer.json
      |
      = help: schema-check vendor PATH|git:URL --type order.placed

    1 version of events: 1 unguarded
    compared with schemas/ and the files alone: not in a pipeline (`CI` is not set)
    ");
    let text = json!({ "type": "string" });
    let file = "schemas/foreign/order.placed/v1.writer.json";
    project
        .write(file, &ours(1, &json!({ "order_id": text, "coupon": { "type": ["string", "null"] } }), &["order_id"]));
    let row = project.run(&["--format", "json"]).expect(0).row("order.placed", 1);
    let seen = (&row["status"], &row["backward"], &row["forward"], &row["foreign"]);
    assert_eq!(seen, (&json!("unchanged"), &json!("compatible"), &Value::Null, &json!(true)));

    // What its producer wrote once counts as well.
    let history = "schemas/foreign/order.placed/history/v1.1.writer.json";
    project.write(
        history,
        &ours(1, &json!({ "order_id": text, "coupon": { "type": "integer", "format": "uint8" } }), &["order_id"]),
    );
    let row = project.run(&["--format", "json"]).expect(1).row("order.placed", 1);
    assert_eq!((&row["status"], &row["backward"]), (&json!("breaking"), &json!("breaking")));
    let finding = &row["findings"][0];
    assert_eq!(rules(&row), ["foreign_not_read"]);
    assert_eq!((&finding["file"], &finding["direction"]), (&json!(history), &json!("backward")));
    assert_eq!(finding["rust"], json!({ "file": "src/lib.rs", "line": 8 }));
    assert!(finding["counterexample"]["coupon"].is_number(), "{finding}");
    assert!(finding["serde_error"].as_str().unwrap().starts_with("invalid type: integer"), "{finding}");
    std::fs::remove_file(project.path(history)).unwrap();

    // A field that the producer may leave out.
    project.source(&placed(1, "    order_id: String,\n    coupon: String,\n"));
    let run = project.run(&[]).expect(1);
    assert_snapshot!(run.stdout, @r##"
    error[foreign_not_read]: `coupon` in `order.placed` v1 can't read all that its producer writes
     --> src/lib.rs:8:5
      |
    8 |     coupon: String,
      |     ^^^^^^ written as in schemas/foreign/order.placed/v1.writer.json:1: #/properties/coupon
      |
      = note: for example {"order_id":""}
      = note: serde says: missing field `coupon` at line 1 column 15
      = help: the producer may leave it out: make it an `Option`, or give it `#[serde(default)]`
      = note: to let it pass for a time: `schema-check waive 20346feacd9158a5 --until YYYY-MM-DD --reason "…"`

    1 version of events: 1 breaking
    compared with schemas/ and the files alone: not in a pipeline (`CI` is not set)
    next: mend the errors above; to publish a break all the same, `schema-check accept --breaking --reason "…"`
    "##);
    // Nothing of it is ours to write, and a break that somebody accepts is recorded.
    let before = project.files("schemas");
    project.run(&["accept"]).expect(1);
    assert_eq!(project.files("schemas"), before);
    project.run(&["accept", "--breaking", "--reason", "its producer never did"]).expect(0);
    assert!(project.read("schemas/waivers.toml").contains("foreign_not_read"));
    project.run(&[]).expect(0);
    assert_eq!(project.files("schemas").len(), before.len() + 1);
}

#[test]
fn versions_are_read_as_declared_and_newer_ones_at_the_producer_are_told() {
    let chain = format!(
        "{FOREIGN}#[event(type = \"order.placed\", version = 2, foreign)]\nstruct V2 {{ order_id: String }}\n{FOREIGN}#[event(type = \"order.placed\", version = 3, foreign, from = V2)]\nstruct V3 {{ order_id: String, #[event(added)] total: u32 }}\n"
    );
    let project = Project::library("foreign-versions", &chain);
    let id = json!({ "type": "string" });
    let total = json!({ "type": "integer", "format": "uint32", "minimum": 0 });
    for (version, fields) in [(2, json!({ "order_id": id })), (3, json!({ "order_id": id, "total": total }))] {
        let required: Vec<&str> = fields.as_object().unwrap().keys().map(String::as_str).collect();
        project
            .write(&format!("schemas/foreign/order.placed/v{version}.writer.json"), &ours(version, &fields, &required));
    }
    let run = project.run(&["--format", "json"]).expect(0);
    assert_eq!(run.row("order.placed", 2)["backward"], "compatible");
    assert_eq!(run.row("order.placed", 3)["backward"], "compatible");
    project.write("schemas/foreign/order.placed/v5.writer.json", &ours(5, &json!({}), &[]));
    let run = project.run(&["--format", "json"]).expect(0);
    assert_eq!(rules(&run.row("order.placed", 2)), [""; 0]);
    assert_eq!(rules(&run.row("order.placed", 3)), ["foreign_version_unread"]);
    let list = project.run(&["list"]).expect(0).stdout;
    assert!(list.starts_with("order.placed  v2 v3  -  ") && list.ends_with("  foreign\n"), "{list}");
    assert_eq!(project.run(&["list", "--format", "json"]).json()["events"][0]["foreign"], true);

    // A file that can't be read ends the run.
    project.write("schemas/foreign/order.placed/v3.writer.json", "[]");
    let run = project.run(&["--format", "json"]).expect(2);
    assert_eq!(run.row("order.placed", 3)["status"], "unreadable");

    // Two structs of one package for one version.
    project.source(&format!("{chain}mod twice {{ {IMPORTS}{FOREIGN}#[event(type = \"order.placed\", version = 2, foreign)]\nstruct V2 {{ order_id: String }} }}\n"));
    project.write("schemas/foreign/order.placed/v3.writer.json", "{\"x-event\": {}}");
    let row = project.run(&["--format", "json"]).expect(1).row("order.placed", 2);
    assert!(rules(&row).contains(&"duplicate_event"), "{row}");
}

#[test]
fn an_owner_in_the_same_workspace_is_no_duplicate_and_guards_its_readers() {
    let project = Project::new();
    project.write("Cargo.toml", "[workspace]\nmembers = [\"shop\", \"mail\"]\nresolver = \"3\"\n");
    let member = |name: &str, source: &str| {
        let manifest = format!(
            "[package]\nname = \"foreign-{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{}",
            dependencies()
        );
        project.write(&format!("{name}/Cargo.toml"), &manifest);
        project.write(&format!("{name}/src/lib.rs"), &format!("{IMPORTS}{source}"));
    };
    let owned = |field: &str| {
        format!(
            "#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]\n#[event(type = \"order.placed\", version = 1, key = order_id)]\npub struct OrderPlaced {{ pub order_id: String, pub {field} }}\n"
        )
    };
    member("shop", &owned("total: u32"));
    member("mail", &placed(1, "    total: u32,\n"));
    project.run(&["accept"]).expect(0);
    let run = project.run(&["--format", "json"]).expect(0);
    let json = run.json();
    let rows = json["events"].as_array().unwrap();
    let told: Vec<_> =
        rows.iter().map(|row| (row["rust"]["file"].as_str().unwrap(), &row["status"], rules(row))).collect();
    let unchanged = json!("unchanged");
    assert_eq!(told, [("shop/src/lib.rs", &unchanged, vec![]), ("mail/src/lib.rs", &unchanged, vec![])]);

    // The owner's edit breaks the reader, before anything is committed.
    member("shop", &owned("total: Option<u32>"));
    let run = project.run(&["--format", "json"]).expect(1);
    let json = run.json();
    let reader = json["events"].as_array().unwrap().iter().find(|row| row["foreign"] == true).unwrap();
    assert_eq!((&reader["status"], rules(reader)), (&json!("breaking"), vec!["foreign_not_read"]));
    let fingerprint = reader["findings"][0]["fingerprint"].as_str().unwrap();
    project.run(&["waive", fingerprint, "--until", "2999-12-31", "--reason", "deployed together"]).expect(0);
    assert!(project.read("mail/schemas/waivers.toml").contains(fingerprint));
    assert!(!project.path("shop/schemas/waivers.toml").exists());
    let json = project.run(&["--format", "json"]).json();
    let reader = json["events"].as_array().unwrap().iter().find(|row| row["foreign"] == true).unwrap();
    assert_eq!((&reader["status"], &reader["backward"]), (&json!("unchanged"), &json!("compatible")));
}

#[test]
fn a_plain_schema_of_a_third_party_is_read_as_what_it_promises() {
    let project = Project::library("foreign-plain", &placed(1, "    number: i64,\n    at: Option<String>,\n"));
    let plain = |more: Value| {
        let mut schema = json!({
            "$schema": "http://json-schema.org/draft-07/schema#",
            "type": "object",
            "required": ["number"],
            "properties": { "number": { "type": "integer" }, "at": { "oneOf": [{ "type": "string", "format": "date-time" }, { "type": "null" }] } },
        });
        schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        project.write("schemas/foreign/order.placed/v1.writer.json", &schema.to_string());
        project.run(&["--format", "json"])
    };
    assert_eq!(plain(json!({})).expect(0).row("order.placed", 1)["backward"], "compatible");
    // It doesn't say that `coupon` never comes.
    project.source(&placed(1, "    number: i64,\n    coupon: Option<String>,\n"));
    let row = plain(json!({})).expect(1).row("order.placed", 1);
    assert_eq!(rules(&row), ["foreign_not_read"]);
    assert!(row["findings"][0]["serde_error"].is_string(), "{row}");
    plain(json!({ "additionalProperties": false })).expect(0);
}
