//! Git baselines: what is compared with what, and when the tool can't run.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod project;

use std::process::Command;

use project::{DERIVES, Project};
use serde_json::json;

fn order(fields: &str) -> String {
    format!("{DERIVES}#[event(type = \"order.placed\", version = 1, keyless)]\npub struct OrderPlaced {{ {fields} }}\n")
}

/// A repository whose branch `main` holds the accepted event, and the work goes on in `change`.
fn repository(name: &str) -> Project {
    let project = Project::library(name, &order("pub a: String"));
    project.git(&["init", "--quiet", "--initial-branch", "main"]);
    project.write(".gitignore", "target\n");
    project.run(&["accept"]).expect(0);
    project.commit("first");
    project
}

/// Gives `main` a remote-tracking twin, as a clone has it.
fn with_remote(project: &Project) {
    project.git(&["remote", "add", "origin", "https://example.org/none.git"]);
    project.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    project.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
}

const CI: &[(&str, &str)] = &[("CI", "true")];

#[test]
fn schemas_edited_by_hand_in_the_same_change_are_seen() {
    let project = repository("base-hand");
    with_remote(&project);
    project.git(&["checkout", "--quiet", "-b", "change"]);
    // An optional field that is dropped and comes back as another type, with the files written to fit.
    project.source(&order("pub a: u8"));
    for file in project.files("schemas") {
        std::fs::remove_file(project.path(&file)).unwrap();
    }
    project.run(&["accept"]).expect(0);
    project.commit("change");
    project.run(&["--format", "json"]).expect(0);
    let run = project.run_with(&["--format", "json"], CI).expect(1);
    assert_eq!(run.row("order.placed", 1)["status"], "breaking");
    let told = project.run_with(&[], CI).expect(1).stdout;
    assert!(told.contains("(the merge base with origin/main)"), "{told}");
    let base = project.git(&["rev-parse", "main"]);
    project.run(&["--against", &format!("git:{base}")]).expect(1);
}

#[test]
fn a_version_that_the_baseline_lacks_is_new_and_free() {
    let project = repository("base-new");
    with_remote(&project);
    project.git(&["checkout", "--quiet", "-b", "change"]);
    let second = |fields: &str| {
        format!(
            "{}{}",
            order("pub a: String"),
            order(fields).replace("order.placed", "order.paid").replace("OrderPlaced", "Paid")
        )
    };
    project.source(&second("pub b: String"));
    project.run_with(&["accept"], CI).expect(0);
    project.commit("second");
    let run = project.run_with(&["--format", "json"], CI).expect(0);
    assert_eq!(run.row("order.paid", 1)["status"], "new");
    project.source(&second("pub b: u8"));
    let run = project.run_with(&["--format", "json"], CI).expect(3);
    assert_eq!(
        run.row("order.paid", 1),
        json!({
            "type": "order.paid", "version": 1, "status": "new", "backward": null, "forward": null, "findings": [],
            "rust": { "file": "src/lib.rs", "line": 9 }
        })
    );
    project.run_with(&["accept"], CI).expect(0);
    assert!(project.files("schemas").iter().all(|file| !file.contains("history")));
}

#[test]
fn without_a_base_the_files_count_alone_and_it_is_said() {
    let project = repository("base-none");
    let told = |project: &Project| project.run_with(&[], CI).expect(0).stdout;
    assert!(told(&project).contains("the files alone: there is no remote-tracking default branch"));
    with_remote(&project);
    assert!(told(&project).contains("the files alone: the first commit has nothing before it"));
    project.write("README.md", "more\n");
    project.commit("second");
    project.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    assert!(told(&project).contains("(HEAD^1)"));
    let outside = Project::library("base-none", &order("pub a: String"));
    outside.run(&["accept"]).expect(0);
    assert!(told(&outside).contains("the files alone: not in a git repository"));
}

#[test]
fn what_cannot_be_resolved_ends_with_the_line_to_type() {
    let project = repository("base-resolve");
    with_remote(&project);
    let error = |run: project::Run| run.expect(2).json()["error"].clone();
    let unknown = error(project.run(&["--against", "git:origin/feature", "--format", "json"]));
    assert_eq!(unknown["help"], "git fetch origin feature");
    let target = error(project.run_with(&["--format", "json"], &[("CI", "1"), ("GITHUB_BASE_REF", "next")]));
    assert_eq!(target["help"], "git fetch origin next:refs/remotes/origin/next");
    error(project.run(&["--against", "no/such/folder", "--format", "json"]));

    project.write("README.md", "more\n");
    project.commit("second");
    let shallow = Project::new();
    let url = format!("file://{}", project.path("").display());
    let clone =
        Command::new("git").args(["clone", "--quiet", "--depth", "1", &url]).arg(shallow.path("clone")).output();
    assert!(clone.unwrap().status.success());
    let manifest = shallow.path("clone/Cargo.toml");
    let run = shallow.run_with(&["--format", "json", "--manifest-path", manifest.to_str().unwrap()], CI);
    let help = error(run)["help"].as_str().unwrap().to_owned();
    assert!(help.starts_with("git fetch --unshallow origin"), "{help}");
}

#[test]
fn a_weaker_baseline_is_never_taken_in_silence() {
    let project = repository("base-weak");
    // A pipeline fetches into an empty repository: nothing tells the default branch.
    project.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    project.git(&["remote", "add", "origin", "https://example.org/none.git"]);
    project.git(&["checkout", "--quiet", "-b", "change"]);
    project.source("");
    std::fs::remove_dir_all(project.path("schemas")).unwrap();
    project.commit("removed");
    let run = project.run_with(&["--format", "json"], CI).expect(1);
    assert_eq!(run.row("order.placed", 1)["status"], "removed");
    assert!(run.stderr.contains("compared with schemas/ and git "), "{}", run.stderr);

    // Git doesn't know a folder outside of the repository: the files count.
    project.source(&order("pub a: String"));
    let outside = Project::new();
    let schemas = outside.path("schemas");
    let schemas = ["--format", "json", "--schemas", schemas.to_str().unwrap()];
    project.run(&["accept", schemas[2], schemas[3]]).expect(0);
    project.source(&order("pub a: u8"));
    let run = project.run_with(&schemas, CI).expect(1);
    assert_eq!(run.row("order.placed", 1)["status"], "breaking");

    // A repository that git refuses to read is not a missing one.
    std::fs::remove_file(project.path(".git/HEAD")).unwrap();
    let error = project.run_with(&["--format", "json"], CI).expect(2).json()["error"].clone();
    assert!(error["message"].as_str().unwrap().starts_with("git cannot read the repository of "), "{error}");
    project.run_with(&["list"], CI).expect(0);
}

#[test]
fn a_folder_is_a_baseline_too() {
    let project = repository("base-folder");
    let old = Project::new();
    for file in project.files("schemas") {
        old.write(&file, &project.read(&file));
    }
    project.source(&order("pub a: String, pub b: Option<u8>"));
    project.run(&["accept"]).expect(0);
    let against = old.path("schemas");
    let run = project.run(&["--format", "json", "--against", against.to_str().unwrap()]).expect(0);
    assert_eq!(run.row("order.placed", 1)["status"], "additive");
}
