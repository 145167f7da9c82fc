//! Git baselines in repositories that are laid out in other ways: subfolders, worktrees, submodules, hooks.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod project;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use project::{DERIVES, IMPORTS, Project, Run, manifest};

const CI: &[(&str, &str)] = &[("CI", "true")];

fn order(fields: &str) -> String {
    format!(
        "{IMPORTS}{DERIVES}#[event(type = \"order.placed\", version = 1, keyless)]\npub struct OrderPlaced {{ {fields} }}\n"
    )
}

/// A repository with the project in its folder `service`, accepted and merged; the work goes on in `change`.
fn repository(name: &str) -> Project {
    let project = Project::new();
    project.write("service/Cargo.toml", &manifest(name));
    project.write("service/src/lib.rs", &order("pub a: String"));
    fs::rename(project.path("Cargo.lock"), project.path("service/Cargo.lock")).unwrap();
    project.git(&["init", "--quiet", "--initial-branch", "main"]);
    project.write(".gitignore", "target\n");
    run(&project, "service", &["accept"], &[]).expect(0);
    project.commit("first");
    project.git(&["remote", "add", "origin", "https://example.org/none.git"]);
    project.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    project.git(&["checkout", "--quiet", "-b", "change"]);
    project.write("README.md", "more\n");
    project.commit("more");
    project
}

/// Runs the tool on the project in a folder of the repository.
fn run(project: &Project, folder: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let manifest = project.path(folder).join("Cargo.toml");
    let at = ["--manifest-path", manifest.to_str().unwrap()];
    project.run_with(&[arguments, &at].concat(), environment)
}

/// Writes another event and its files by hand, so that only git knows of the break.
fn broken(project: &Project, folder: &str) {
    project.write(&format!("{folder}/src/lib.rs"), &order("pub a: u8"));
    fs::remove_dir_all(project.path(folder).join("schemas")).unwrap();
    run(project, folder, &["accept"], &[]).expect(0);
}

fn status(run: &Run) -> String {
    run.row("order.placed", 1)["status"].as_str().unwrap().to_owned()
}

#[test]
fn a_workspace_in_a_subfolder_is_compared_in_hooks_and_worktrees_and_with_a_detached_head() {
    let project = repository("repo-sub");
    broken(&project, "service");
    let json = ["--format", "json"];
    assert_eq!(status(&run(&project, "service", &json, CI).expect(1)), "breaking");

    // In a hook git names its own repository and index, or even another one.
    let other = Project::new();
    other.git(&["init", "--quiet"]);
    let (elsewhere, index) = (other.path(".git"), other.path("index"));
    let hook = [
        CI[0],
        ("GIT_DIR", elsewhere.to_str().unwrap()),
        ("GIT_INDEX_FILE", index.to_str().unwrap()),
        ("GIT_WORK_TREE", "."),
    ];
    assert_eq!(status(&run(&project, "service", &json, &hook).expect(1)), "breaking");

    project.commit("change");
    project.git(&["checkout", "--quiet", "--detach"]);
    assert_eq!(status(&run(&project, "service", &json, CI).expect(1)), "breaking");

    let tree = Project::new();
    let checkout = tree.path("checkout");
    project.git(&["worktree", "add", "--quiet", "--detach", checkout.to_str().unwrap(), "change"]);
    let told = run(&tree, "checkout/service", &[], CI).expect(1).stdout;
    assert!(told.contains("(the merge base with origin/main)"), "{told}");
}

#[test]
fn a_package_that_was_renamed_takes_what_was_committed_along() {
    let project = repository("repo-moved");
    fs::rename(project.path("service"), project.path("orders")).unwrap();
    let json = ["--format", "json"];
    assert_eq!(status(&run(&project, "orders", &json, CI).expect(0)), "unchanged");
    broken(&project, "orders");
    assert_eq!(status(&run(&project, "orders", &json, CI).expect(1)), "breaking");
}

#[test]
fn windows_line_ends_are_no_change() {
    let project = repository("repo-crlf");
    for file in project.files("service/schemas") {
        project.write(&file, &project.read(&file).replace('\n', "\r\n"));
    }
    project.write("service/src/lib.rs", &order("pub a: String").replace('\n', "\r\n"));
    let run = run(&project, "service", &["--format", "json"], CI).expect(0);
    assert_eq!(run.json()["summary"]["unchanged"], 1);
}

#[test]
fn schemas_of_a_submodule_are_compared_with_the_files_alone_and_it_is_said() {
    let project = repository("repo-submodule");
    let shared = Project::new();
    shared.git(&["init", "--quiet", "--initial-branch", "main"]);
    for file in project.files("service/schemas") {
        shared.write(file.strip_prefix("service/schemas/").unwrap(), &project.read(&file));
    }
    shared.commit("schemas");
    project.git(&["rm", "-r", "--quiet", "service/schemas"]);
    let url = shared.path("").display().to_string();
    project.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &url, "service/schemas"]);
    project.commit("change");
    let told = run(&project, "service", &[], CI).expect(0).stdout;
    assert!(told.contains("schemas of another repository or of none: the files alone"), "{told}");
    project.write("service/src/lib.rs", &order("pub a: u8"));
    run(&project, "service", &[], CI).expect(1);
}

#[cfg(unix)]
#[test]
fn a_repository_of_somebody_else_ends_with_the_line_to_type() {
    let project = repository("repo-owner");
    let owner = std::os::unix::fs::chown(project.path(""), Some(65_534), None)
        .and_then(|()| std::os::unix::fs::chown(project.path(".git"), Some(65_534), None));
    // Only root can give a folder away.
    if owner.is_err() {
        return;
    }
    let environment = [CI[0], ("GIT_CONFIG_GLOBAL", "/dev/null"), ("SUDO_UID", "1")];
    let error = run(&project, "service", &["--format", "json"], &environment).expect(2).json()["error"].clone();
    assert!(error["message"].as_str().unwrap().contains("dubious ownership"), "{error}");
    let top = project.path("").canonicalize().unwrap();
    let typed = format!("git config --global --add safe.directory '{}'", top.display());
    assert_eq!(error["help"].as_str().unwrap().trim_end_matches("/'"), typed.trim_end_matches("/'"));
}

/// Contents and times of every file but of the target folder.
fn state(folder: &Path) -> BTreeMap<String, (Vec<u8>, std::time::SystemTime)> {
    let mut state = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let changed = fs::metadata(&path).unwrap().modified().unwrap();
                state.insert(path.display().to_string(), (fs::read(&path).unwrap(), changed));
            }
        }
    }
    state
}

#[test]
fn a_check_writes_nothing() {
    let project = repository("repo-quiet");
    let unchanged = |arguments: &[&str], exit: i32| {
        let before = state(&project.path(""));
        run(&project, "service", arguments, CI).expect(exit);
        assert!(state(&project.path("")) == before, "{arguments:?} wrote");
    };
    unchanged(&[], 0);
    unchanged(&["list"], 0);
    project.write("service/src/lib.rs", &order("pub a: String, pub b: Option<u8>"));
    unchanged(&["--format", "json"], 3);
    project.write("service/src/lib.rs", &order("pub a: u8"));
    unchanged(&["check", "--format", "sarif"], 1);
    unchanged(&["accept"], 1);
    project.write("service/schemas/order.placed/v1.reader.json", "{");
    unchanged(&[], 2);
}
