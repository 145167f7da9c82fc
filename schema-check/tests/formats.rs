//! Formats as the program picks and prints them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod project;

use project::{DERIVES, Project};
use serde_json::{Value, json};

fn order(field: &str) -> String {
    format!(
        "{DERIVES}#[event(type = \"order.placed\", version = 1, key = order_id)]\npub struct OrderPlaced {{\n    pub order_id: String,\n    pub {field},\n}}\n"
    )
}

#[test]
fn the_environment_picks_annotations_and_colours_and_an_option_wins() {
    let project = Project::library("formats", &order("total: u32"));
    project.run(&["accept"]).expect(0);
    project.source(&order("sum: u32"));
    let root = project.path("..").canonicalize().unwrap();
    let actions = [("GITHUB_ACTIONS", "true"), ("GITHUB_WORKSPACE", root.to_str().unwrap())];

    let told = project.run_with(&[], &actions).expect(1).stdout;
    let folder = project.path("").canonicalize().unwrap();
    let folder = folder.file_name().unwrap().to_str().unwrap().to_owned();
    let command = format!("::error file={folder}/src/lib.rs,line=8,title=field_renamed%3A order.placed v1::");
    assert!(told.starts_with(&command), "{told}");
    let told = project.run_with(&["accept"], &actions).expect(1).stdout;
    assert!(told.starts_with(&command) && told.contains("::nothing was written\n"), "{told}");
    assert!(!project.run_with(&["list"], &actions).expect(0).stdout.contains("::"));
    assert_eq!(project.run_with(&["--format", "json"], &actions).expect(1).json()["summary"]["exit"], 1);

    let human = ["--format", "human"];
    let plain = project.run_with(&human, &actions).expect(1).stdout;
    assert!(plain.contains("    pub sum: u32,\n") && !plain.contains('\u{1b}'), "{plain}");
    assert!(project.run_with(&human, &[("CLICOLOR_FORCE", "1")]).expect(1).stdout.contains("\u{1b}["));
    let refused = [("NO_COLOR", "1")];
    assert_eq!(project.run_with(&human, &refused).expect(1).stdout, plain);

    let sarif = project.run(&["--format", "sarif"]).expect(1).json();
    let result = &sarif["runs"][0]["results"][0];
    let rule = result["ruleIndex"].as_u64().unwrap() as usize;
    assert_eq!(sarif["runs"][0]["tool"]["driver"]["rules"][rule]["id"], "field_renamed");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"], json!({ "uri": "src/lib.rs", "uriBaseId": "%SRCROOT%" }));
    assert_eq!(place["region"], json!({ "startLine": 8, "startColumn": 9, "endColumn": 12 }));
    assert_eq!(project.run(&["--format", "sarif"]).expect(1).json(), sarif, "two runs say the same");

    let reason = ["accept", "--breaking", "--reason", "nothing is stored yet"];
    let told = project.run_with(&reason, &actions).expect(0).stdout;
    assert!(told.contains("::notice title=schema-check::accepted order.placed v1 (breaking)\n"), "{told}");
    let sarif = project.run(&["--format", "sarif"]).expect(0).json();
    let suppression = &sarif["runs"][0]["results"][0]["suppressions"][0];
    assert_eq!((&suppression["kind"], &suppression["status"]), (&json!("external"), &json!("accepted")));
    assert!(suppression["justification"].as_str().unwrap().starts_with("nothing is stored yet ("), "{suppression}");
}

#[test]
fn a_run_that_fails_says_so_in_its_format_and_usage_goes_to_stderr_alone() {
    let project = Project::new();
    project.write("Cargo.toml", "[package]\n");
    let said = |format: &str| project.run(&["--format", format]).expect(2).stdout;
    let error: Value = serde_json::from_str(&said("json")).unwrap();
    assert!(error["error"]["message"].is_string() && error["error"]["help"].is_string(), "{error}");
    assert!(said("github").starts_with("::error title=schema-check could not run::"));
    assert!(said("markdown").starts_with("### schema-check could not run\n"));
    let sarif: Value = serde_json::from_str(&said("sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
    assert_eq!((said("human"), said("short")), (String::new(), String::new()));

    let usage = project.run(&["--format", "yaml"]).expect(2);
    assert!(usage.stdout.is_empty() && usage.stderr.contains("possible values"), "{}", usage.stderr);
    let usage = project.run_with(&["--frmat", "json"], &[("GITHUB_ACTIONS", "true")]).expect(2);
    assert!(usage.stdout.is_empty() && !usage.stderr.is_empty());
    let usage = project.run(&["list", "--format", "sarif"]).expect(2);
    assert!(usage.stdout.is_empty() && usage.stderr.contains("are for `check` and `accept`"), "{}", usage.stderr);
    let schema: Value = serde_json::from_str(&project.run(&["--report-schema"]).expect(0).stdout).unwrap();
    assert_eq!(schema["$id"], "urn:schema-check:report");
}
