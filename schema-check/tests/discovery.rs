//! Every event of a workspace is found without a list, and the user's own build stays as it was.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod project;

use std::fs;

use project::{DERIVES, IMPORTS, Project, dependencies, target};
use serde_json::json;

fn member(name: &str, more: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{more}\n[dependencies]\n{}",
        dependencies()
    )
}

fn event(event_type: &str, name: &str) -> String {
    format!("{DERIVES}#[event(type = \"{event_type}\", version = 1, keyless)]\npub struct {name} {{ pub a: u8 }}\n")
}

/// One workspace with an event at each place where one can hide.
fn zoo(outside: &Project) -> Project {
    let zoo = Project::new();
    zoo.write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"zoo-*\"]\n");
    both(&zoo, outside);
    let binary = format!(
        "{IMPORTS}{}fn main() {{ std::fs::write(\"ran\", \"\").unwrap(); }}\n",
        event("zoo.binary", "InBinary")
    );
    zoo.write("zoo-binary/Cargo.toml", &member("zoo-binary", ""));
    zoo.write("zoo-binary/src/main.rs", &binary);
    let renamed = dependencies().replace("event-core = {", "events = { package = \"event-core\",");
    zoo.write(
        "zoo-renamed/Cargo.toml",
        &format!(
            "[package]\nname = \"zoo-renamed\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\n{renamed}"
        ),
    );
    let source = format!("{IMPORTS}{}", event("zoo.renamed", "Renamed")).replace("event_core", "events");
    zoo.write("zoo-renamed/src/lib.rs", &source.replace("keyless", "keyless, crate = events"));
    facade(&zoo);
    zoo.write("zoo-dynamic/Cargo.toml", &member("zoo-dynamic", "[lib]\ncrate-type = [\"cdylib\"]\n"));
    zoo.write("zoo-dynamic/src/lib.rs", &format!("{IMPORTS}{}", event("zoo.dynamic", "Dynamic")));
    zoo.write("zoo-plain/Cargo.toml", "[package]\nname = \"zoo-plain\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    zoo.write("zoo-plain/src/main.rs", "fn main() { std::fs::write(\"ran\", \"\").unwrap(); }\n");
    zoo
}

/// A library and a binary that doesn't name it; tests, examples and features around them.
fn both(zoo: &Project, outside: &Project) {
    let manifest = member(
        "zoo-both",
        "[features]\nhidden = []\nalways = []\n[package.metadata.schema-check]\nfeatures = [\"always\"]\n",
    );
    zoo.write(
        "zoo-both/Cargo.toml",
        &format!(
            "{manifest}silent = {{ path = {:?} }}\nguarded = {{ path = {:?} }}\n",
            outside.path("silent"),
            outside.path("guarded")
        ),
    );
    let library = [
        "#![forbid(unsafe_code)]\n#![deny(missing_docs, warnings)]\n//! Strict.\n#[allow(dead_code)]\nmod deep { pub(super) mod er {\n",
        IMPORTS,
        DERIVES,
        "#[event(type = \"zoo.private\", version = 1, keyless)]\nstruct Private { a: u8 }\n}}\n",
        "#[cfg(any(feature = \"hidden\", feature = \"always\", test))]\nmod gated {\n",
        IMPORTS,
        "#[cfg(feature = \"hidden\")]\n#[allow(dead_code)]\n",
        DERIVES,
        "#[event(type = \"zoo.hidden\", version = 1, keyless)]\nstruct Hidden { a: u8 }\n#[cfg(feature = \"always\")]\n#[allow(dead_code)]\n",
        DERIVES,
        "#[event(type = \"zoo.always\", version = 1, keyless)]\nstruct Always { a: u8 }\n#[cfg(test)]\n",
        DERIVES,
        "#[event(type = \"zoo.tested\", version = 1, keyless)]\nstruct Tested { a: u8 }\n}\n",
    ];
    zoo.write("zoo-both/src/lib.rs", &library.concat());
    zoo.write(
        "zoo-both/src/bin/zoo-server.rs",
        "fn main() { std::fs::write(\"ran\", \"\").unwrap(); println!(\"served\"); }\n",
    );
    let example = format!("{IMPORTS}{}fn main() {{}}\n", event("zoo.example", "Example"));
    zoo.write("zoo-both/examples/shown.rs", &example);
    zoo.write("zoo-both/tests/tested.rs", &example);
    for name in ["silent", "guarded"] {
        outside.write(&format!("{name}/Cargo.toml"), &format!("{}\n[workspace]\n", member(name, "")));
        let source = format!("{IMPORTS}{}", event(&format!("outside.{name}"), "Outside"));
        outside.write(&format!("{name}/src/lib.rs"), &source);
    }
}

/// A member whose events reach event-core through another crate alone.
fn facade(zoo: &Project) {
    zoo.write("zoo-facade/Cargo.toml", &member("zoo-facade", ""));
    zoo.write("zoo-facade/src/lib.rs", "pub use event_core;\n");
    let manifest = member("zoo-through", "").replace("event-core = {", "zoo-facade = { path = \"../zoo-facade\" } #");
    zoo.write("zoo-through/Cargo.toml", &manifest);
    let source = format!("{IMPORTS}{}fn main() {{}}\n", event("zoo.through", "Through"));
    let source = source.replace("event_core::", "zoo_facade::event_core::");
    zoo.write("zoo-through/src/main.rs", &source.replace("keyless", "keyless, crate = zoo_facade::event_core"));
}

#[test]
fn every_event_of_libraries_and_binaries_is_found_and_nothing_runs() {
    let outside = Project::new();
    let zoo = zoo(&outside);
    zoo.cargo(&["build"]).expect(0);
    let server = target().join("debug/zoo-server");
    let before = fs::read(&server).unwrap();

    let run = zoo.run(&["--format", "json"]).expect(3);
    let json = run.json();
    let found: Vec<_> = json["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["type"].as_str().unwrap(), row["status"].as_str().unwrap()))
        .collect();
    let expected = [
        ("outside.guarded", "unguarded"),
        ("outside.silent", "unguarded"),
        ("zoo.always", "new"),
        ("zoo.binary", "new"),
        ("zoo.dynamic", "new"),
        ("zoo.private", "new"),
        ("zoo.renamed", "new"),
        ("zoo.through", "new"),
    ];
    assert_eq!(found, expected);
    assert_eq!(run.row("zoo.private", 1)["rust"], json!({ "file": "zoo-both/src/lib.rs", "line": 11 }));
    assert_eq!(run.row("outside.silent", 1)["rust"]["line"], 6);
    assert!(!zoo.path("ran").exists(), "a program of the user ran");

    assert_eq!(fs::read(&server).unwrap(), before, "the user's binary was replaced");
    let again = zoo.cargo(&["build"]).expect(0);
    assert!(!again.stderr.contains("Compiling"), "the next plain build was not warm: {}", again.stderr);
    assert!(zoo.files("").iter().all(|file| !file.starts_with("target")));

    zoo.run(&["accept"]).expect(0);
    let schemas: Vec<String> = zoo.files("").into_iter().filter(|file| file.ends_with("writer.json")).collect();
    assert_eq!(schemas.len(), 6, "{schemas:?}");
    assert!(schemas.contains(&"zoo-through/schemas/zoo.through/v1.writer.json".to_owned()), "{schemas:?}");
    let told = zoo.run(&[]).expect(0).stdout;
    let hint = "note: `zoo.hidden` v1 at zoo-both/src/lib.rs:22 is behind a feature and was not checked: run with `--features hidden`";
    assert!(told.contains(hint), "{told}");
    assert!(!told.contains("zoo.tested"), "{told}");

    let run = zoo.run(&["--format", "json", "-p", "zoo-both", "--features", "hidden"]).expect(3);
    assert_eq!(run.row("zoo.hidden", 1)["status"], "new");
    let only: Vec<_> =
        run.json()["events"].as_array().unwrap().iter().map(|row| row["type"].as_str().unwrap().to_owned()).collect();
    assert_eq!(only, ["outside.guarded", "outside.silent", "zoo.always", "zoo.hidden", "zoo.private"]);
}

#[test]
fn events_behind_a_facade_of_another_workspace_and_the_old_resolver_are_found() {
    let outside = Project::new();
    outside.write("facade/Cargo.toml", &format!("{}\n[workspace]\n", member("zoo-outer-facade", "")));
    outside.write("facade/src/lib.rs", "pub use event_core;\n");
    let facade = format!("zoo-outer-facade = {{ path = {:?} }} #", outside.path("facade"));
    let project = Project::new();
    let manifest = project::manifest("zoo-outer").replace("event-core = {", &facade).replace("\"2024\"", "\"2018\"");
    project.write("Cargo.toml", &format!("{manifest}[profile.dev]\npanic = \"abort\"\n"));
    let through = |text: String| {
        let text = text.replace("event_core::", "zoo_outer_facade::event_core::");
        text.replace("keyless", "keyless, crate = zoo_outer_facade::event_core")
    };
    let library = format!("{IMPORTS}{}", event("outer.library", "InLibrary"));
    let binary = format!(
        "{IMPORTS}{}fn main() {{ std::fs::write(\"ran\", \"\").unwrap(); }}\n",
        event("outer.binary", "InBinary")
    );
    project.write("src/lib.rs", &through(library));
    project.write("src/main.rs", &through(binary));
    let run = project.run(&["--format", "json"]).expect(3);
    assert_eq!(run.json()["summary"]["new"], 2);
    assert!(!project.path("ran").exists(), "the program of the user ran");
}

#[test]
fn a_schema_that_panics_is_told_with_its_type() {
    let source = "pub struct Odd;\nimpl Serialize for Odd { fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_unit() } }\nimpl<'de> Deserialize<'de> for Odd { fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> { Ok(Self) } }\nimpl JsonSchema for Odd { fn schema_name() -> std::borrow::Cow<'static, str> { \"Odd\".into() } fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema { panic!(\"no schema today\") } }\nimpl Clone for Odd { fn clone(&self) -> Self { Self } }\nimpl std::fmt::Debug for Odd { fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { Ok(()) } }\n";
    let event =
        format!("{DERIVES}#[event(type = \"odd.one\", version = 1, keyless)]\npub struct E {{ pub odd: Odd }}\n");
    let project = Project::library("zoo-panics", &format!("{source}{event}"));
    let error = project.run(&["--format", "json"]).expect(2).json()["error"].clone();
    assert_eq!(error["message"], "cannot make the schema of `odd.one` v1: no schema today");
}

#[test]
fn a_build_of_another_checkout_in_the_same_target_folder_is_not_believed() {
    let checkout = |name: &str| Project::library("zoo-twin", &event(&format!("twin.{name}"), "Twin"));
    let first = checkout("first").run(&["--format", "json"]).expect(3);
    assert_eq!(first.row("twin.first", 1)["status"], "new");

    let second = checkout("second");
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    for file in ["Cargo.toml", "Cargo.lock", "src/lib.rs"] {
        fs::File::options().write(true).open(second.path(file)).unwrap().set_modified(long_ago).unwrap();
    }
    let run = second.run(&["--format", "json"]).expect(3);
    assert_eq!(run.json()["events"].as_array().unwrap().len(), 1);
    assert_eq!(run.row("twin.second", 1)["rust"]["file"], "src/lib.rs");
}
