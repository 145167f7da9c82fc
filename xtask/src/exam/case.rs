//! The cases of `tests/exam`: pairs of schemas, and the verdict that holds in each direction.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;

/// The corpora, by their files' names.
pub const CORPORA: [&str; 7] =
    ["apicurio", "containment-7", "containment-2020-12", "iglu", "jsoncompat", "karapace", "wikimedia"];
/// The name under which the edits to Rust types are counted.
pub const EDITS: &str = "edits";
/// Marked on rows that special rules hold for.
const APART: &str = " (tagged)";

/// A pair of schemas.
#[derive(Debug, Clone)]
pub struct Case {
    /// Where it is counted: a corpus, or a corpus's rows that are kept apart.
    pub group: String,
    /// Its name within the corpus.
    pub id: String,
    /// What both sides are, as they were written.
    pub line: String,
    /// Whether the old is contained in the new, and the new in the old; `None` where nobody knows.
    pub truth: [Option<bool>; 2],
    /// Whether it is about events, or about inclusion alone.
    pub events: bool,
}

/// The directions, in the order in which they are kept.
pub const DIRECTIONS: [&str; 2] = ["backward", "forward"];

impl Case {
    /// Whether a small, fixed part of the exam holds the case: one in twelve.
    #[must_use]
    pub fn is_in_sample(&self) -> bool {
        let text = self.group.bytes().chain(self.id.bytes());
        let hash =
            text.fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
        (hash >> 32) % 12 == 0
    }

    /// Whether the case is kept apart from the score.
    #[must_use]
    pub fn is_apart(&self) -> bool {
        self.group.ends_with(APART)
    }
}

#[derive(Deserialize)]
struct Row<'a> {
    id: String,
    #[serde(borrow)]
    old: &'a RawValue,
    #[serde(borrow)]
    new: &'a RawValue,
    backward: Option<bool>,
    forward: Option<bool>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    class: String,
}

/// A label that doesn't hold, and the verdict that does.
#[derive(Deserialize)]
struct Erratum {
    corpus: String,
    id: String,
    direction: String,
    truth: Option<bool>,
}

type Truths = HashMap<(String, String, String), Option<bool>>;

/// All cases, in the order of their files.
///
/// # Errors
/// A file can't be read, or isn't what it should be.
pub fn load(root: &Path) -> Result<Vec<Case>, String> {
    let corpora = root.join("tests/exam/corpora");
    let mut truths = Truths::new();
    for file in [corpora.join("wrong-labels.jsonl"), root.join("docs/exam-errata.jsonl")] {
        for line in lines(&file)? {
            let it: Erratum = parse(&file, &line)?;
            truths.insert((it.corpus, it.id, it.direction), it.truth);
        }
    }
    let mut cases = Vec::new();
    for name in CORPORA {
        let plain = corpora.join(format!("{name}.jsonl"));
        let file = if plain.exists() { plain } else { corpora.join(format!("{name}.jsonl.gz")) };
        for line in lines(&file)? {
            cases.push(of_corpus(name, &parse(&file, &line)?, &truths));
        }
    }
    let edits = root.join("tests/exam/edits-pairs.jsonl");
    for line in lines(&edits)? {
        cases.push(of_edit(&parse(&edits, &line)?));
    }
    Ok(cases)
}

fn of_corpus(name: &str, row: &Row<'_>, truths: &Truths) -> Case {
    let truth = |direction: &str, declared: Option<bool>| {
        truths.get(&(name.to_owned(), row.id.clone(), direction.to_owned())).copied().unwrap_or(declared)
    };
    let truth = [truth("backward", row.backward), truth("forward", row.forward)];
    let group = if row.tags.is_empty() { name.to_owned() } else { format!("{name}{APART}") };
    Case { group, id: row.id.clone(), line: sides(row), truth, events: false }
}

fn of_edit(row: &Row<'_>) -> Case {
    let group = if row.class == "strict" { EDITS.to_owned() } else { format!("{EDITS}{APART}") };
    Case { group, id: row.id.clone(), line: sides(row), truth: [row.backward, row.forward], events: true }
}

fn sides(row: &Row<'_>) -> String {
    format!(r#""old": {}, "new": {}"#, row.old, row.new)
}

fn parse<'a, T: Deserialize<'a>>(file: &Path, line: &'a str) -> Result<T, String> {
    serde_json::from_str(line).map_err(|error| format!("a line of {} can't be read: {error}", file.display()))
}

fn lines(file: &Path) -> Result<Vec<String>, String> {
    let broken = |error: std::io::Error| format!("{} can't be read: {error}", file.display());
    let opened = File::open(file).map_err(broken)?;
    let packed = file.extension().is_some_and(|ending| ending == "gz");
    let reader: Box<dyn Read> = if packed { Box::new(flate2::read::GzDecoder::new(opened)) } else { Box::new(opened) };
    let all: Result<Vec<String>, _> = BufReader::new(reader).lines().collect();
    Ok(all.map_err(broken)?.into_iter().filter(|line| !line.trim().is_empty()).collect())
}
