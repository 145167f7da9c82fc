//! The training edits as events of a real package: accepted, edited, checked; each with the verdict that serde gave.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test may fail"
)]

mod project;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use project::Project;
use serde_json::Value;

/// What every case may use.
const IMPORTS: &str = "#![allow(dead_code, unused_imports, non_camel_case_types)]
use std::{borrow::Cow, collections::*, net::*, num::*, path::PathBuf, sync::Arc, time::Duration};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use event_core::DomainEvent;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;
";
const DERIVES: &str = "Debug, Clone, Serialize, Deserialize, JsonSchema";

struct Edit {
    name: String,
    backward: bool,
    forward: bool,
    strict: bool,
    old: String,
    new: String,
}

fn edits(text: &str) -> Vec<Edit> {
    let text: String = text.lines().filter(|line| !line.starts_with('#') || line.starts_with("#[")).fold(
        String::new(),
        |mut text, line| {
            writeln!(text, "{line}").unwrap();
            text
        },
    );
    let edit = |case: &str| {
        let (head, items) = case.split_once('\n').unwrap();
        let (old, new) = items.split_once("\n--\n").unwrap();
        let words: Vec<&str> = head.split_whitespace().collect();
        let ok = |word: &str| match word {
            "ok" => true,
            "break" => false,
            _ => panic!("{head}"),
        };
        Edit {
            name: words[0].to_owned(),
            backward: ok(words[1]),
            forward: ok(words[2]),
            strict: words.len() == 3,
            old: old.to_owned(),
            new: new.to_owned(),
        }
    };
    text.split("\n== ").skip(1).map(edit).collect()
}

/// A module with the items of one side, derived and with `E` as an event.
fn module(name: &str, items: &str) -> String {
    let file = syn::parse_file(items).unwrap_or_else(|error| panic!("{name}: {error}\n{items}"));
    let mut module = format!("pub mod {name} {{\n    use super::*;\n");
    for item in &file.items {
        let range = syn::spanned::Spanned::span(item).byte_range();
        let text = &items[range];
        let (attributes, ident) = match item {
            syn::Item::Struct(item) => (&item.attrs, Some(&item.ident)),
            syn::Item::Enum(item) => (&item.attrs, Some(&item.ident)),
            _ => (&Vec::new(), None),
        };
        let plain = attributes.iter().any(|attribute| attribute.path().is_ident("plain"));
        if let (Some(ident), false) = (ident, plain) {
            let event = if ident == "E" { ", DomainEvent" } else { "" };
            writeln!(module, "    #[derive({DERIVES}{event})]").unwrap();
            if ident == "E" {
                writeln!(module, "    #[event(type = \"edit.{name}\", version = 1, keyless)]").unwrap();
            }
        }
        let keyword = ["struct ", "enum "].into_iter().find_map(|word| Some((text.find(word)?, ident?)));
        match keyword.filter(|_| !text.contains("pub struct") && !text.contains("pub enum")) {
            Some((at, _)) => {
                writeln!(module, "    {}pub {}", &text[..at].replace("#[plain]", ""), fields(item, &text[at..]))
                    .unwrap()
            }
            None => writeln!(module, "    {text}").unwrap(),
        }
    }
    module + "}\n"
}

/// The item itself; its fields may stay private, the derives are beside them.
fn fields(_: &syn::Item, text: &str) -> String {
    text.to_owned()
}

fn source(edits: &[Edit], side: impl Fn(&Edit) -> &str) -> String {
    let modules: String = edits.iter().map(|edit| module(&edit.name, side(edit))).collect();
    format!("{IMPORTS}\n{modules}")
}

fn package() -> String {
    let more = "chrono = { version = \"0.4\", default-features = false, features = [\"std\", \"serde\"] }
rust_decimal = { version = \"1\", default-features = false, features = [\"std\", \"serde\"] }
serde_json = { version = \"1\", features = [\"raw_value\"] }
uuid = { version = \"1\", default-features = false, features = [\"std\", \"serde\"] }
";
    let base = project::manifest("exam-edits");
    let schemars = "schemars = { version = \"1\", features = [\"chrono04\", \"rust_decimal1\", \"uuid1\"] }\n";
    let base = base.replace("schemars = \"1\"\n", schemars).replace("[\"derive\"]", "[\"derive\", \"rc\"]");
    base + more
}

/// The verdicts that are wrong, strict and lenient ones apart.
fn wrong(edits: &[Edit], report: &Value) -> (Vec<String>, Vec<String>) {
    let (mut strict, mut lenient) = (Vec::new(), Vec::new());
    for edit in edits {
        let rows = report["events"].as_array().unwrap();
        let row = rows.iter().find(|row| row["type"] == format!("edit.{}", edit.name)).unwrap();
        for (direction, right) in [("backward", edit.backward), ("forward", edit.forward)] {
            let verdict = row[direction].as_str().unwrap_or("null");
            if verdict != if right { "compatible" } else { "breaking" } {
                let list = if edit.strict { &mut strict } else { &mut lenient };
                list.push(format!("{} {direction}: {verdict}, {}", edit.name, row["findings"]));
            }
        }
    }
    (strict, lenient)
}

fn run(text: &str) {
    let edits = edits(text);
    let project = Project::new();
    project.write("Cargo.toml", &package());
    project.write("src/lib.rs", &source(&edits, |edit| &edit.old));
    project.run(&["accept"]).expect(0);
    project.run(&["check"]).expect(0);
    project.write("src/lib.rs", &source(&edits, |edit| &edit.new));
    let report = project.run(&["--format", "json"]).expect(1).json();
    let (strict, lenient) = wrong(&edits, &report);
    println!("{} edits, {} strict verdicts wrong, {} lenient ones", edits.len(), strict.len(), lenient.len());
    println!("lenient:\n{}", lenient.join("\n"));
    assert!(strict.is_empty(), "{}", strict.join("\n"));
}

#[test]
fn every_strict_edit_ends_with_the_verdict_of_serde() {
    run(&fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/exam/edits-train.in")).unwrap());
}

/// More edits than the training cases, by hand; a folder's file is named by `EXAM_EDITS`.
#[test]
fn edits_of_our_own_end_with_the_verdict_of_serde() {
    run(&fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/exam/edits-own.in")).unwrap());
}
