//! The commands beside `check` and `accept`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod project;

use project::{DERIVES, Project};
use serde_json::{Value, json};

fn order(attributes: &str, fields: &str) -> String {
    format!(
        "{DERIVES}#[event(type = \"order.placed\", {attributes}, keyless)]\npub struct OrderPlaced {{ {fields} }}\n"
    )
}

#[test]
fn rules_are_listed_and_explained_without_a_project() {
    let nowhere = Project::new();
    let listed = nowhere.run(&["rules", "--format", "json"]).expect(0).value();
    let rules = listed.as_array().unwrap();
    for rule in rules {
        let keys: Vec<&str> = rule.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["docs", "id", "level", "summary"]);
        assert!(rule["docs"].as_str().unwrap().starts_with(&format!("# {}\n", rule["id"].as_str().unwrap())));
    }
    let table = nowhere.run(&["rules"]).expect(0).stdout;
    assert!(table.lines().any(|line| line.starts_with("field_removed ") && line.contains("deny")), "{table}");

    let page = nowhere.run(&["explain", "field_removed"]).expect(0).stdout;
    for part in ["# field_removed\n", "## Why is this bad\n", "## Example\n", "## Instead\n", "level: deny\n"] {
        assert!(page.contains(part), "no `{part}` in\n{page}");
    }
    let one = nowhere.run(&["explain", "field_removed", "--format", "json"]).expect(0).value();
    assert!(rules.contains(&one));
    let error = nowhere.run(&["explain", "field_remvoed", "--format", "json"]).expect(2).json();
    assert_eq!(
        error["error"],
        json!({ "message": "no rule is called `field_remvoed`; did you mean `field_removed`?", "help": "`schema-check rules` lists them all" })
    );
}

#[test]
fn a_finding_is_waived_by_its_fingerprint_until_a_day() {
    let project = Project::library("command-waive", &order("version = 1", "pub a: u32"));
    project.run(&["accept"]).expect(0);
    project.source(&order("version = 1", "pub a: String"));
    let row = project.run(&["--format", "json"]).expect(1).row("order.placed", 1);
    let prints: Vec<&str> =
        row["findings"].as_array().unwrap().iter().map(|one| one["fingerprint"].as_str().unwrap()).collect();
    let human = project.run(&[]).expect(1).stdout;
    let mut sorted = prints.clone();
    sorted.sort_unstable();
    let typed = format!("to let it pass for a time: `schema-check waive {} --until YYYY-MM-DD", sorted.join(" "));
    assert!(human.contains(&typed), "{human}");

    let waive = |print: &str, day: &str| project.run(&["waive", print, "--until", day, "--reason", "one consumer"]);
    project.run(&["waive", prints[0], "0011", "--until", "2999-12-31", "--reason", "one consumer"]).expect(2);
    assert_eq!(project.files("schemas").len(), 2, "one of two is not waived");
    let both = ["waive", prints[0], prints[1], "--until", "2999-12-31", "--reason", "one consumer"];
    let told = project.run(&both).expect(0).stdout;
    assert!(told.starts_with("waived field_type_changed of order.placed v1 until 2999-12-31\n"), "{told}");
    // The finding passes; what the files lack is due, and `accept` needs no reason for it.
    let run = project.run(&["--format", "json"]).expect(3);
    assert_eq!(run.row("order.placed", 1)["findings"][0]["level"], "note");
    assert_eq!(run.row("order.placed", 1)["findings"][0]["help"], "waived until 2999-12-31: one consumer");
    let human = project.run(&[]).expect(3).stdout;
    assert!(human.contains("`order.placed` v1 changed in a way that may pass; the files lack it\n"), "{human}");
    assert!(!human.contains("rollout"), "{human}");
    project.run(&["accept"]).expect(0);
    let human = project.run(&[]).expect(0).stdout;
    assert!(human.contains("note: waived until 2999-12-31: one consumer\n"), "{human}");
    assert!(!project.read("schemas/waivers.toml").contains("[[break]]"));

    let error = |run: project::Run| run.expect(2).stderr;
    assert!(error(waive("0011", "2999-12-31")).contains("no finding has the fingerprint `0011`"));
    assert!(error(waive(prints[0], "2999-12-31")).contains("may pass already: waived until 2999-12-31"));
    assert!(error(waive(prints[0], "2020-01-01")).contains("`--until 2020-01-01` is over"));
    assert!(error(waive(prints[0], "2021-02-29")).contains("write a day like 2026-12-31"));

    // Its last day comes, and a stranger's block is left in the file.
    let waivers = project.read("schemas/waivers.toml");
    project.write("schemas/waivers.toml", &waivers.replacen("2999-12-31", "2020-12-31", 1));
    let row = project.run(&["--format", "json"]).expect(1).row("order.placed", 1);
    let rules: Vec<&Value> = row["findings"].as_array().unwrap().iter().map(|finding| &finding["rule"]).collect();
    assert_eq!(rules, ["field_type_changed", "field_type_changed", "waiver_expired"]);
    assert_eq!(row["findings"][2]["file"], "schemas/waivers.toml");
    project.write("schemas/waivers.toml", &waivers.replace(prints[0], "0011"));
    let told = project.run(&[]).expect(1).stdout;
    assert!(
        told.contains(
            "error[waiver_unused]: the waiver of `field_type_changed` for `order.placed` v1 names no finding"
        )
    );
    project.write("schemas/waivers.toml", "[[waiver]]\ntype = \"order.placed\"\nversions = 1\n");
    let error = project.run(&["--format", "json"]).expect(2).json()["error"].clone();
    assert!(error["message"].as_str().unwrap().starts_with("cannot read `schemas/waivers.toml`, line 3: "), "{error}");
}

#[test]
fn a_retired_version_may_go_or_stay_to_be_read_and_never_comes_back() {
    let v1 = order("version = 1, superseded", "pub a: u32").replace("OrderPlaced", "OrderPlacedV1");
    let v2 = order("version = 2, from = OrderPlacedV1", "pub a: u32");
    let project = Project::library("command-retire", &format!("{v1}{v2}"));
    project.run(&["accept"]).expect(0);
    let retire = |version: &str| project.run(&["retire", "order.placed", version, "--reason", "none is stored"]);
    let told = retire("v1").expect(0).stdout;
    assert!(
        told.starts_with("retired order.placed v1; the name is never free again\nnext: its struct may go; "),
        "{told}"
    );
    assert!(retire("1").expect(0).stdout.starts_with("order.placed v1 is retired already, since 20"));
    let card = serde_json::from_str::<Value>(&project.read("schemas/order.placed/v1.writer.json")).unwrap();
    assert_eq!(card["x-event"]["retired"]["reason"], "none is stored");

    // Its struct stays for now.
    assert_eq!(project.run(&["--format", "json"]).expect(0).row("order.placed", 1)["status"], "retired");
    // It goes.
    project.source(&v2.replace("from = OrderPlacedV1", "since = 2"));
    let run = project.run(&["--format", "json"]).expect(0);
    assert_eq!(
        (&run.row("order.placed", 1)["status"], &run.json()["summary"]["retired"]),
        (&json!("retired"), &json!(1))
    );
    // It comes back.
    project.source(&format!("{}{v2}", v1.replace(", superseded", "")));
    let row = project.run(&["--format", "json"]).expect(1).row("order.placed", 1);
    assert_eq!(row["findings"][0]["message"], "`order.placed` v1 is retired and can still be published");
    project.source(&format!("{}{}", v1.replace("u32", "u64"), v2.replace("pub a: u32", "#[event(added)] pub a: u32")));
    let row = project.run(&["--format", "json"]).expect(1).row("order.placed", 1);
    assert_eq!((&row["status"], &row["findings"][0]["rule"]), (&json!("breaking"), &json!("name_reused")));
    project.run(&["accept", "--breaking", "--reason", "all the same"]).expect(1);

    let told = retire("2").expect(0).stdout;
    assert!(told.ends_with("has to be marked `superseded`; commit schemas/\n"), "{told}");
    project.source("");
    project.run(&[]).expect(0);
    // The type has ended; a version with no past is another event under its name.
    project.source(&order("version = 3, since = 3", "pub b: u8"));
    let row = project.run(&["--format", "json"]).expect(1).row("order.placed", 3);
    let message = "`order.placed` v3 is new, and every version of its type is retired";
    assert_eq!((&row["findings"][0]["rule"], &row["findings"][0]["message"]), (&json!("name_reused"), &json!(message)));
    project.run(&["accept", "--breaking", "--reason", "all the same"]).expect(1);
    project.source("");
    assert_eq!(project.run(&["list", "--format", "json"]).expect(0).json()["events"][0]["retired"], true);
    let error = |arguments: &[&str]| project.run(arguments).expect(2).stderr;
    let told = error(&["retire", "order.plased", "1", "--reason", "x"]);
    assert!(told.contains("no schema of `order.plased` is committed; did you mean `order.placed`?"), "{told}");
    let told = error(&["retire", "order.placed", "7", "--reason", "x"]);
    assert!(told.contains("v7 of `order.placed` is not committed\n  = help: committed are v1, v2"), "{told}");
    error(&["retire", "order.placed", "1"]);
    error(&["retire", "order.placed", "1", "--reason", " "]);
}

const FIVE: &str = r#"
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Money { pub cents: i64 }

/// An order was placed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id)]
#[serde(rename_all = "camelCase")]
pub struct OrderPlaced {
    pub order_id: String,
    #[serde(default, rename = "sum")]
    pub total: Option<Money>,
    pub lines: std::collections::BTreeMap<String, Vec<(u8, Money)>>,
}
pub fn place() -> OrderPlaced {
    OrderPlaced { order_id: String::new(), total: None, lines: Default::default() }
}
pub mod inner {
    use super::*;
    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "order.counted", version = 1, key = 0)]
    pub struct Counted(pub String, pub u32);
    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(keyless, type = "clock.ticked", version = 1)]
    pub struct Ticked;
}
#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.moved", version = 1, keyless)]
#[serde(tag = "kind")]
pub enum Moved { Out { to: String }, Back, #[cfg(any())] Never { a: Nothing } }
macro_rules! written {
    ($name:ident) => {
        #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
        #[event(type = "macro.written", version = 1, keyless)]
        pub struct $name { pub a: u8 }
    };
}
written!(Written);
"#;

#[test]
fn the_next_version_is_written_compiles_at_once_and_is_new() {
    let project = Project::library("command-bump", FIVE);
    let bump = |event_type: &str| project.run(&["new-version", event_type]);
    let told = bump("order.placed").expect(2).stderr;
    assert!(told.contains("v1 of `order.placed` is not committed yet: nobody has seen it"), "{told}");
    project.run(&["accept"]).expect(0);

    let source = project.read("src/lib.rs");
    let diff = project.run(&["new-version", "order.moved", "--dry-run"]).expect(0).stdout;
    assert_eq!(project.read("src/lib.rs"), source, "a dry run wrote");
    insta::assert_snapshot!("dry_run", diff);

    let types = ["order.placed", "order.counted", "clock.ticked", "order.moved"];
    let told = bump("order.placed").expect(0).stdout;
    insta::assert_snapshot!("bumped", told);
    types[1..].iter().for_each(|event_type| drop(bump(event_type).expect(0)));
    let run = project.run(&["--format", "json"]).expect(3);
    for event_type in types {
        assert_eq!(
            (&run.row(event_type, 1)["status"], &run.row(event_type, 2)["status"]),
            (&json!("unchanged"), &json!("new"))
        );
    }

    // And again.
    let told = bump("order.moved").expect(2).stderr;
    assert!(told.contains("v2 of `order.moved` is not committed yet"), "{told}");
    project.run(&["accept"]).expect(0);
    types.iter().for_each(|event_type| drop(bump(event_type).expect(0)));
    let run = project.run(&["--format", "json"]).expect(3);
    assert_eq!((&run.json()["summary"]["unchanged"], &run.json()["summary"]["new"]), (&json!(9), &json!(4)));

    let told = bump("macro.written").expect(2).stderr;
    assert!(told.contains("has no struct or enum with `type = \"macro.written\"`: a macro writes it"), "{told}");
    let told = bump("order.plased").expect(2).stderr;
    assert!(told.contains("no event has the type `order.plased`; did you mean `order.placed`?"), "{told}");
    // What is in the code has to be what was published.
    project.run(&["accept"]).expect(0);
    project.write("src/lib.rs", &project.read("src/lib.rs").replace("pub struct Ticked;", "pub struct Ticked(u8);"));
    let told = project.run(&["new-version", "clock.ticked", "--format", "json"]);
    assert_eq!(told.exit, 2, "{}{}", told.stdout, told.stderr);
}

#[test]
fn init_writes_what_is_missing_and_nothing_twice() {
    let project = Project::new();
    project.git(&["init", "--quiet"]);
    project.write("rust/Cargo.toml", &project::manifest("command-init"));
    project.write("rust/src/lib.rs", &format!("{}{}", project::IMPORTS, order("version = 1", "pub a: u8")));
    std::fs::rename(project.path("Cargo.lock"), project.path("rust/Cargo.lock")).unwrap();
    project.write(".gitattributes", "*.png binary");
    let manifest = project.path("rust/Cargo.toml");
    let init = |more: &[&str]| {
        let arguments = [&["init", "--manifest-path", manifest.to_str().unwrap()], more].concat();
        project.run(&arguments).expect(0).stdout
    };
    assert_eq!(
        init(&[]),
        "wrote .gitattributes: schemas have the same bytes on every machine\n\
         next: run `schema-check accept` (versions that the files lack: 1), and commit schemas/\n"
    );
    assert_eq!(project.read(".gitattributes"), "*.png binary\nrust/schemas/** text eol=lf\n");
    let told = init(&["--github"]);
    assert!(told.starts_with("wrote .github/workflows/schema-check.yml: each pull request is checked"), "{told}");
    let workflow = project.read(".github/workflows/schema-check.yml");
    assert!(workflow.contains("        working-directory: rust\n"), "{workflow}");

    // Once more: nothing is left to do, and what people changed stays.
    project.write(".github/workflows/schema-check.yml", "# ours: schema-check\n");
    project.run(&["accept", "--manifest-path", manifest.to_str().unwrap()]).expect(0);
    assert_eq!(
        init(&["--github"]),
        "kept .github/workflows/schema-check.yml: it runs schema-check already\nnext: commit; nothing else is to be done\n"
    );
    assert_eq!(project.read(".github/workflows/schema-check.yml"), "# ours: schema-check\n");
    assert_eq!(project.read(".gitattributes"), "*.png binary\nrust/schemas/** text eol=lf\n");
    assert_eq!(init(&["--format", "json"]).replace([' ', '\n'], ""), "{\"written\":[]}");
}
