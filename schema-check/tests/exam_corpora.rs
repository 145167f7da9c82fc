//! Every declared verdict of the corpora: none may be answered wrongly, and `docs/exam.md` says how many are answered.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and prints its score"
)]

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use schema_check::contain::{Options, Semantics, Verdict, contained};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn corpora() -> PathBuf {
    root().join("tests/exam/corpora")
}

fn lines(path: &Path) -> Vec<Value> {
    let bytes = fs::read(path).unwrap();
    let mut text = String::new();
    if path.extension().is_some_and(|ending| ending == "gz") {
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    } else {
        text = String::from_utf8(bytes).unwrap();
    }
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn errata() -> Vec<Value> {
    lines(&root().join("docs/exam-errata.jsonl"))
}

type Label = (String, String, String);

fn label(row: &Value) -> Label {
    let text = |key: &str| row[key].as_str().unwrap().to_owned();
    (text("corpus"), text("id"), text("direction"))
}

/// The verdicts that hold where the declared ones don't.
fn truths() -> HashMap<Label, Value> {
    let mut rows = lines(&corpora().join("wrong-labels.jsonl"));
    rows.extend(errata());
    rows.iter().map(|row| (label(row), row["truth"].clone())).collect()
}

#[derive(Default, Debug)]
struct Score {
    right: usize,
    unknown: usize,
    unsound: Vec<String>,
}

impl Score {
    fn count(&mut self, id: &str, truth: bool, verdict: &Verdict) {
        match (verdict, truth) {
            (Verdict::Compatible, true) | (Verdict::Breaking { .. }, false) => self.right += 1,
            (Verdict::Unknown { .. }, _) => self.unknown += 1,
            (verdict, _) => self.unsound.push(format!("{id}: {truth} is declared, the answer is {verdict:?}")),
        }
    }

    /// As a row of the table in `docs/exam.md`.
    fn row(&self, name: &str, direction: &str) -> String {
        let (right, unknown, unsound) = (self.right, self.unknown, self.unsound.len());
        let total = right + unknown + unsound;
        format!("| {name} | {direction} | {right} | {unknown} | {unsound} | {total} |")
    }
}

fn corpus(name: &str) -> Vec<Value> {
    let plain = corpora().join(format!("{name}.jsonl"));
    if plain.exists() { lines(&plain) } else { lines(&corpora().join(format!("{name}.jsonl.gz"))) }
}

/// The score without tagged rows.
fn score(name: &str, direction: &str) -> Score {
    let truths = truths();
    let options = Options::new(Semantics::Validation);
    let mut score = Score::default();
    for row in corpus(name).iter().filter(|row| row["tags"].as_array().is_none_or(Vec::is_empty)) {
        let id = row["id"].as_str().unwrap();
        let truth = truths.get(&(name.to_owned(), id.to_owned(), direction.to_owned())).unwrap_or(&row[direction]);
        let (writer, reader) = if direction == "backward" { ("old", "new") } else { ("new", "old") };
        if let Some(truth) = truth.as_bool() {
            score.count(&format!("{name} {id}"), truth, &contained(&row[writer], &row[reader], &options));
        }
    }
    score
}

/// No answer is unsound, and the table tells how many are right.
fn hold(name: &str) {
    let table = fs::read_to_string(root().join("docs/exam.md")).unwrap();
    for direction in ["backward", "forward"] {
        let score = score(name, direction);
        assert!(score.unsound.is_empty(), "unsound answers: {}", score.unsound.join("\n"));
        let row = score.row(name, direction);
        println!("{row}");
        let none = row.ends_with("| 0 |");
        assert!(none || table.contains(&row), "{row}\nrun `cargo xtask exam --write docs/exam.md`");
    }
}

#[test]
fn apicurio() {
    hold("apicurio");
}

#[test]
fn containment_7() {
    hold("containment-7");
}

#[test]
fn containment_2020_12() {
    hold("containment-2020-12");
}

#[test]
fn iglu() {
    hold("iglu");
}

#[test]
fn jsoncompat() {
    hold("jsoncompat");
}

#[test]
fn karapace() {
    hold("karapace");
}

#[test]
fn wikimedia() {
    hold("wikimedia");
}

fn accepts(schema: &Value, value: &Value) -> bool {
    jsonschema::options().offline().should_validate_formats(false).build(schema).unwrap().is_valid(value)
}

#[test]
fn each_erratum_turns_a_declared_verdict_and_shows_why() {
    for erratum in errata() {
        let (name, id, direction) = label(&erratum);
        let row = corpus(&name).into_iter().find(|row| row["id"] == erratum["id"]).unwrap();
        assert_eq!(row[&direction], erratum["declared"], "{name} {id}");
        assert_ne!(row[&direction], erratum["truth"], "{name} {id}");
        assert!(!erratum["why"].as_str().unwrap().is_empty());
        let (writer, reader) = if direction == "backward" { ("old", "new") } else { ("new", "old") };
        if let Some(witness) = erratum.get("witness") {
            assert!(accepts(&row[writer], witness) && !accepts(&row[reader], witness), "{name} {id}: {witness}");
        }
        let too_long_to_print = id.contains("schedule_update");
        assert!(erratum["truth"] == true || erratum.get("witness").is_some() || too_long_to_print, "{name} {id}");
    }
}
