//! The arrows between packages, as Cargo knows them.

use std::process::Command;

use cargo_metadata::MetadataCommand;

use crate::sources::root;

/// A crate which only declares events stays light.
const MOST_CRATES_OF_CORE: usize = 30;

/// Names of packages that talk to a database or a broker.
const CLIENTS: &[&str] =
    &["sqlx", "rusqlite", "tokio-postgres", "async-nats", "rdkafka", "lapin", "redis", "fred", "aws-sdk"];

/// Packages at which every path ends.
const ENDS: &[&str] = &["event-tests", "event-examples", "event-ops", "xtask"];

/// An arrow: `from` names `to` in its manifest, for whatever use.
#[derive(Debug)]
struct Arrow {
    from: String,
    to: String,
}

fn arrow(from: &str, to: &str) -> Arrow {
    Arrow { from: from.to_owned(), to: to.to_owned() }
}

/// What the packages of this workspace are.
struct Workspace {
    ours: Vec<String>,
    adapters: Vec<String>,
}

impl Workspace {
    /// Why `arrow` may not be, if it may not.
    fn refuses(&self, arrow: &Arrow) -> Option<&'static str> {
        let to_ours = self.ours.contains(&arrow.to);
        match arrow.from.as_str() {
            _ if ENDS.contains(&arrow.to.as_str()) => {
                Some("nothing depends on tests, examples, chores or the operator's tool")
            }
            "event-macros" if to_ours => Some("the macros spell paths and import none of our crates"),
            "event-core" if to_ours && arrow.to != "event-macros" => {
                Some("core knows none of our crates but its macros")
            }
            "event-core" if is_client(&arrow.to) => Some("core knows no database and no broker"),
            "schema-check" if to_ours => Some("schema-check reads what the compiler says, not our crates"),
            from if self.is_adapter(from) && self.is_adapter(&arrow.to) => Some("adapters don't know each other"),
            _ => None,
        }
    }

    fn is_adapter(&self, package: &str) -> bool {
        self.adapters.iter().any(|adapter| adapter == package)
    }
}

fn is_client(package: &str) -> bool {
    CLIENTS
        .iter()
        .any(|client| package.strip_prefix(client).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')))
}

fn workspace() -> (Workspace, Vec<Arrow>) {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap();
    let packages = metadata.workspace_packages();
    let ours = packages.iter().map(|package| package.name.to_string()).collect();
    let in_adapters =
        packages.iter().filter(|package| package.manifest_path.starts_with(metadata.workspace_root.join("adapters")));
    let adapters = in_adapters.map(|package| package.name.to_string()).collect();
    let arrows =
        packages.iter().flat_map(|package| package.dependencies.iter().map(|to| arrow(&package.name, &to.name)));
    (Workspace { ours, adapters }, arrows.collect())
}

#[test]
fn no_arrow_is_drawn_that_may_not_be() {
    let (workspace, arrows) = workspace();
    assert!(arrows.len() > 30 && !workspace.adapters.is_empty(), "the manifests are read");
    let refused: Vec<_> = arrows
        .iter()
        .filter_map(|arrow| Some(format!("{} → {}: {}", arrow.from, arrow.to, workspace.refuses(arrow)?)))
        .collect();
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn each_arrow_that_may_not_be_is_refused() {
    let texts = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let workspace = Workspace {
        ours: texts(&["event-macros", "event-core", "event-sqlx", "event-nats", "schema-check", "event-tests"]),
        adapters: texts(&["event-sqlx", "event-nats"]),
    };
    for (from, to) in [
        ("event-macros", "event-core"),
        ("event-core", "event-sqlx"),
        ("event-core", "sqlx"),
        ("event-core", "sqlx-core"),
        ("event-core", "async-nats"),
        ("event-sqlx", "event-nats"),
        ("schema-check", "event-core"),
        ("event-core", "event-tests"),
        ("event-sqlx", "event-examples"),
        ("event-sqlx", "event-ops"),
    ] {
        assert!(workspace.refuses(&arrow(from, to)).is_some(), "{from} → {to}");
    }
    for (from, to) in
        [("event-core", "event-macros"), ("event-sqlx", "event-core"), ("event-sqlx", "sqlx"), ("event-core", "serde")]
    {
        assert!(workspace.refuses(&arrow(from, to)).is_none(), "{from} → {to}");
    }
}

#[test]
fn a_crate_that_only_declares_events_stays_light() {
    let mut tree = Command::new(env!("CARGO"));
    tree.args(["tree", "-p", "event-core", "-e", "normal", "--prefix", "none", "--no-dedupe"]).current_dir(root());
    let printed = tree.output().unwrap();
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    let text = String::from_utf8(printed.stdout).unwrap();
    let mut crates: Vec<&str> = text.lines().collect();
    crates.sort_unstable();
    crates.dedup();
    assert!(crates.len() > 5, "the tree is read");
    assert!(crates.len() <= MOST_CRATES_OF_CORE, "{} crates:\n{}", crates.len(), crates.join("\n"));
}
