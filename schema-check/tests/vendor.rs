//! `vendor`: what is copied from a producer, from where, and what is refused.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod project;

use insta::assert_snapshot;
use project::{Project, Run};
use serde_json::json;

fn writer(event_type: &str, version: u32, fields: &str) -> String {
    format!(
        "{{\n  \"type\": \"object\", \"properties\": {{{fields}}},\n  \"x-event\": {{\"eventType\": \"{event_type}\", \"eventVersion\": {version}}}\n}}\n"
    )
}

/// A producer with two types, one of them with a history, and a consumer beside it.
fn shop() -> Project {
    let project = Project::new();
    let schemas = "producer/services/orders/schemas";
    project.write(&format!("{schemas}/order.placed/v1.writer.json"), &writer("order.placed", 1, "\"b\": {}"));
    project.write(&format!("{schemas}/order.placed/v1.reader.json"), "{}");
    project.write(&format!("{schemas}/order.placed/history/v1.1.writer.json"), &writer("order.placed", 1, ""));
    project.write(&format!("{schemas}/order.paid/v2.writer.json"), &writer("order.paid", 2, ""));
    project.write("producer/schemas/foreign/user.created/v1.writer.json", "{}");
    project.write("consumer/schemas/.keep", "");
    project
}

fn vendor(project: &Project, arguments: &[&str]) -> Run {
    project.run(&[&["vendor", "--schemas", "consumer/schemas"], arguments].concat())
}

#[test]
fn a_checkout_is_copied_as_it_is_with_its_history_and_where_it_came_from() {
    let project = shop();
    let run = vendor(&project, &["producer"]).expect(0);
    assert_snapshot!(run.stdout, @r"
    added      order.paid v2
    added      order.placed v1
    next: run `schema-check`, and commit schemas/foreign/
    ");
    let files = [".keep", "foreign/order.paid/v2.writer.json", "foreign/order.placed/history/v1.1.writer.json"];
    let more = ["foreign/order.placed/v1.writer.json", "foreign/sources.toml"];
    let expected: Vec<String> = files.iter().chain(&more).map(|file| format!("consumer/schemas/{file}")).collect();
    assert_eq!(project.files("consumer/schemas"), expected);
    for file in ["order.placed/v1.writer.json", "order.placed/history/v1.1.writer.json"] {
        let of_producer = project.read(&format!("producer/services/orders/schemas/{file}"));
        assert_eq!(project.read(&format!("consumer/schemas/foreign/{file}")), of_producer);
    }
    let sources = project.read("consumer/schemas/foreign/sources.toml");
    assert!(sources.contains("type = \"order.paid\"\nfrom = \"../producer\"\n"), "{sources}");

    let run = vendor(&project, &[]).expect(0);
    assert_snapshot!(run.stdout, @r"
    unchanged  order.paid v2
    unchanged  order.placed v1
    schemas/foreign/ is as its sources are
    ");
    assert_eq!(project.read("consumer/schemas/foreign/sources.toml"), sources);
}

#[test]
fn what_changed_at_the_source_is_told_and_what_is_gone_there_is_kept() {
    let project = shop();
    vendor(&project, &["producer"]).expect(0);
    let placed = "services/orders/schemas/order.placed/v1.writer.json";
    project.write(&format!("producer/{placed}"), &writer("order.placed", 1, "\"c\": {}"));
    project.write("producer/services/orders/schemas/order.placed/v2.writer.json", &writer("order.placed", 2, ""));
    std::fs::remove_dir_all(project.path("producer/services/orders/schemas/order.paid")).unwrap();
    let before = project.read("consumer/schemas/foreign/order.placed/v1.writer.json");
    let run = vendor(&project, &["producer", "--check"]).expect(3);
    assert_snapshot!(run.stdout, @r"
    gone       order.paid v2  (no longer at the source; kept)
    updated    order.placed v1
    added      order.placed v2
    next: run `schema-check vendor` without `--check`
    ");
    assert_eq!(project.read("consumer/schemas/foreign/order.placed/v1.writer.json"), before, "a check wrote");
    let run = vendor(&project, &["producer", "--format", "json"]).expect(0);
    let statuses = [("order.paid", 2, "gone"), ("order.placed", 1, "updated"), ("order.placed", 2, "added")];
    let expected: Vec<_> = statuses.iter().map(|(t, v, s)| json!({ "type": t, "version": v, "status": s })).collect();
    assert_eq!(run.json()["vendored"], json!(expected));
    assert!(project.read("consumer/schemas/foreign/order.placed/v1.writer.json").contains("\"c\""));
    project.read("consumer/schemas/foreign/order.paid/v2.writer.json");
    vendor(&project, &["producer", "--check"]).expect(0);
}

#[test]
fn a_type_and_a_version_can_be_chosen() {
    let project = shop();
    vendor(&project, &["producer/services/orders/schemas/order.placed"]).expect(0);
    vendor(&project, &["producer", "--type", "order.paid", "--version", "2"]).expect(0);
    let run = vendor(&project, &["producer", "--type", "order.lost"]).expect(2);
    assert_snapshot!(run.stderr, @r"
    error: the source has no schema of `order.lost`
      = help: look for its folder: it is named for the type, below `schemas/`
    ");
}

#[test]
fn a_commit_of_a_repository_is_copied_without_a_checkout() {
    let project = shop();
    project.git(&["init", "--quiet", "--initial-branch=main"]);
    let first = project.commit("first");
    project.git(&["branch", "release"]);
    project.write("producer/services/orders/schemas/order.paid/v2.writer.json", &writer("order.paid", 2, "\"x\": {}"));
    std::os::unix::fs::symlink("/etc", project.path("producer/services/orders/schemas/order.linked")).unwrap();
    let second = project.commit("second");

    let elsewhere = Project::new();
    let url = format!("git:{}", project.path(".").display());
    let vendor = |arguments: &[&str]| {
        elsewhere.run(&[&["vendor", "--schemas", "schemas", "--type", "order.paid"], arguments].concat())
    };
    let paid = || elsewhere.read("schemas/foreign/order.paid/v2.writer.json");
    vendor(&[&format!("{url}#release")]).expect(0);
    assert!(!paid().contains("\"x\""));
    assert!(elsewhere.read("schemas/foreign/sources.toml").contains(&format!("revision = \"{first}\"")));
    vendor(&[&url]).expect(0);
    assert!(paid().contains("\"x\""));
    assert!(elsewhere.read("schemas/foreign/sources.toml").contains(&format!("revision = \"{second}\"")));
    vendor(&[&url, "--rev", &first, "--path", "producer/services"]).expect(0);
    assert!(!paid().contains("\"x\""));
    // Recorded with its revision and its folder.
    vendor(&["--check"]).expect(0);

    // A folder names a commit only if the commit holds what is read.
    let path = project.path("producer/services/orders/schemas/order.paid");
    let of_folder = || {
        std::fs::remove_dir_all(elsewhere.path("schemas/foreign")).unwrap();
        vendor(&[path.to_str().unwrap()]).expect(0);
        elsewhere.read("schemas/foreign/sources.toml").contains(&format!("revision = \"{second}\""))
    };
    assert!(of_folder());
    project.write("producer/services/orders/schemas/order.paid/v3.writer.json", &writer("order.paid", 3, ""));
    assert!(!of_folder());
    project.write(".gitignore", "order.paid");
    project.git(&["rm", "--quiet", "-r", "--cached", "producer/services/orders/schemas/order.paid"]);
    assert!(!of_folder());

    // The same schemas from another source: only where they come from is new.
    vendor(&[&url, "--check"]).expect(0);
    let run = vendor(&[&url]).expect(0);
    assert!(run.stdout.starts_with("unchanged  order.paid v2\n"), "{}", run.stdout);
    assert!(elsewhere.read("schemas/foreign/sources.toml").contains("from = \"git:"));

    let run = vendor(&[&url, "--rev", "--all"]);
    assert_eq!(run.exit, 2, "{}", run.stdout);
    let run = vendor(&[&format!("{url}#nowhere")]).expect(2);
    assert!(run.stderr.contains("git cannot read"), "{}", run.stderr);
    let run = vendor(&["git:ext::sh -c touch% pwned"]).expect(2);
    assert!(run.stderr.contains("names no repository"), "{}", run.stderr);
}

#[test]
fn a_plain_file_is_one_version_and_its_earlier_states_stay() {
    let project = shop();
    project.write("hook.json", "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"string\"}}}");
    let run = vendor(&project, &["hook.json"]).expect(2);
    assert_snapshot!(run.stderr, @r"
    error: the file doesn't say which event it describes
      = help: name it: `schema-check vendor FILE --type order.placed --version 1`
    ");
    let named = ["hook.json", "--type", "hook.called", "--version", "1"];
    vendor(&project, &named).expect(0);
    project.write("hook.json", "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"null\"}}}");
    vendor(&project, &[]).expect(0);
    let read = |file: &str| project.read(&format!("consumer/schemas/foreign/hook.called/{file}"));
    assert!(read("v1.writer.json").contains("null"));
    assert!(read("history/v1.1.writer.json").contains("string"));
    project
        .write("hook.json", "{\"type\": \"object\", \"title\": \"A\", \"properties\": {\"a\": {\"type\": \"null\"}}}");
    vendor(&project, &named).expect(0);
    assert!(!project.path("consumer/schemas/foreign/hook.called/history/v1.2.writer.json").exists());
}

#[test]
fn one_schema_is_cut_out_of_a_file_of_many() {
    let project = shop();
    let all = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "definitions": {
        "opened": { "type": "object", "properties": { "by": { "$ref": "#/definitions/user" } } },
        "user": { "type": "string" },
        "closed": {},
    } });
    project.write("all.json", &all.to_string());
    let asked = ["all.json", "--type", "issue.opened", "--version", "1", "--pointer", "/definitions/opened"];
    vendor(&project, &asked).expect(0);
    assert_snapshot!(project.read("consumer/schemas/foreign/issue.opened/v1.writer.json"));
    let run =
        vendor(&project, &["all.json", "--type", "issue.gone", "--version", "1", "--pointer", "/definitions/gone"]);
    assert_snapshot!(run.expect(2).stderr, @r"
    error: `all.json` is no schema: nothing is at `/definitions/gone` of the file
      = help: name a JSON Schema in a file
    ");
}

#[test]
fn a_source_that_lies_or_is_broken_leaves_all_as_it_was() {
    let project = shop();
    vendor(&project, &["producer"]).expect(0);
    let before = project.files("consumer");
    project.write("producer/services/orders/schemas/order.new/v1.writer.json", &writer("order.new", 1, ""));
    let lie = "producer/services/orders/schemas/order.placed/v3.writer.json";
    project.write(lie, &writer("order.paid", 3, ""));
    let run = vendor(&project, &["producer"]).expect(2);
    assert_snapshot!(run.stderr, @r"
    error: `./services/orders/schemas/order.placed/v3.writer.json` of the source is no schema: its `x-event` names another event than its path
      = help: nothing was written; ask its producer, or vendor other types by `--type`
    ");
    for broken in ["[]", "{", &"[".repeat(100_000)] {
        project.write(lie, broken);
        vendor(&project, &["producer"]).expect(2);
    }
    project.write(lie, &format!("{{\"a\": \"{}\"}}", "x".repeat(5 * 1024 * 1024)));
    let run = vendor(&project, &["producer"]).expect(2);
    assert!(run.stderr.contains("a schema has at most 4194304"), "{}", run.stderr);
    assert_eq!(project.files("consumer"), before);
    let run = vendor(&project, &["nowhere"]).expect(2);
    assert!(run.stderr.contains("name a checkout of the producer"), "{}", run.stderr);
    let run = vendor(&project, &["consumer"]).expect(2);
    assert!(run.stderr.contains("the source has no schemas of events"), "{}", run.stderr);
}

#[test]
fn in_a_workspace_the_reading_package_is_named_or_stood_in() {
    let project = shop();
    let member = |name: &str| {
        project.write(
            &format!("{name}/Cargo.toml"),
            &format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
        );
        project.write(&format!("{name}/src/lib.rs"), "");
    };
    project.write("Cargo.toml", "[workspace]\nmembers = [\"consumer\", \"other\"]\nresolver = \"3\"\n");
    member("consumer");
    member("other");
    let run = project.run(&["vendor", "producer"]).expect(2);
    assert_snapshot!(run.stderr, @r"
    error: the workspace has several packages
      = help: name the one that reads the events: `-p consumer`, `-p other`
    ");
    project.run(&["vendor", "producer", "-p", "consumer"]).expect(0);
    assert!(project.path("consumer/schemas/foreign/order.paid/v2.writer.json").is_file());
}
