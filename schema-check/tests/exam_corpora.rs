//! Every declared verdict of the corpora: none may be answered wrongly, and most must be answered.
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

use schema_check::contain::{Options, Pair, Semantics, Verdict, contained};
use serde_json::Value;

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/exam/corpora")
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

type Label = (String, String, String);

/// The verdicts that hold where the declared ones don't.
fn truths() -> HashMap<Label, Value> {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let mut rows = lines(&corpora().join("wrong-labels.jsonl"));
    rows.extend(lines(&corpora().join("wrong-labels-found.jsonl")));
    rows.iter()
        .map(|row| ((text(row, "corpus"), text(row, "id"), text(row, "direction")), row["truth"].clone()))
        .collect()
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
            (Verdict::Unknown { reason }, _) => {
                self.unknown += 1;
                if std::env::var_os("EXAM_UNKNOWN").is_some() {
                    println!("unknown {id} (truth {truth}): {reason}");
                }
            }
            (verdict, _) => self.unsound.push(format!("{id}: {truth} is declared, the answer is {verdict:?}")),
        }
    }

    fn total(&self) -> usize {
        self.right + self.unknown + self.unsound.len()
    }
}

fn corpus(name: &str) -> Vec<Value> {
    let plain = corpora().join(format!("{name}.jsonl"));
    if plain.exists() { lines(&plain) } else { lines(&corpora().join(format!("{name}.jsonl.gz"))) }
}

fn score(name: &str) -> (Score, Score) {
    let truths = truths();
    let options = Options::new(Semantics::Validation);
    let (mut plain, mut tagged) = (Score::default(), Score::default());
    for row in corpus(name) {
        let id = row["id"].as_str().unwrap();
        let is_tagged = row["tags"].as_array().is_some_and(|tags| !tags.is_empty());
        let (old, new) = (Pair::both(&row["old"]), Pair::both(&row["new"]));
        for (direction, writer, reader) in [("backward", old, new), ("forward", new, old)] {
            let label = (name.to_owned(), id.to_owned(), direction.to_owned());
            let truth = truths.get(&label).unwrap_or(&row[direction]).as_bool();
            let Some(truth) = truth else { continue };
            let verdict = contained(writer.writer, reader.reader, &options);
            let score = if is_tagged { &mut tagged } else { &mut plain };
            score.count(&format!("{name} {id} {direction}"), truth, &verdict);
        }
    }
    (plain, tagged)
}

fn report(name: &str, score: &Score) {
    let (right, unknown, all) = (score.right, score.unknown, score.total());
    println!("{name:28} {right:5} right {unknown:4} unknown {:3} unsound of {all}", score.unsound.len());
    for wrong in &score.unsound {
        println!("  WRONG {}", wrong.chars().take(400).collect::<String>());
    }
}

/// `least`: the share of right answers, in percent, that the engine has reached and keeps.
fn hold(name: &str, least: usize) {
    let (plain, tagged) = score(name);
    report(name, &plain);
    report(&format!("{name} (tagged)"), &tagged);
    assert!(plain.unsound.is_empty(), "unsound answers on {name}");
    assert!(plain.right * 100 >= least * plain.total(), "fewer right answers on {name} than before");
}

#[test]
fn apicurio() {
    hold("apicurio", 97);
}

#[test]
fn containment_7() {
    hold("containment-7", 99);
}

#[test]
fn containment_2020_12() {
    hold("containment-2020-12", 99);
}

#[test]
fn iglu() {
    hold("iglu", 100);
}

#[test]
fn jsoncompat() {
    hold("jsoncompat", 95);
}

#[test]
fn karapace() {
    hold("karapace", 99);
}

#[test]
fn wikimedia() {
    hold("wikimedia", 100);
}
