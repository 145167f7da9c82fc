//! docs/serde.md has a row for each attribute that serde knows, and each row a test that is there.

use std::fs;
use std::path::Path;

/// What serde_derive 1.0.229 reads in `#[serde(…)]`: its `internals/symbol.rs`, without `serde` itself, Rust's own
/// `repr` and `non_exhaustive`, and `serialize` and `deserialize`, which stand within others.
const KNOWN: [&str; 30] = [
    "alias",
    "borrow",
    "bound",
    "content",
    "crate",
    "default",
    "deny_unknown_fields",
    "deserialize_with",
    "expecting",
    "field_identifier",
    "flatten",
    "from",
    "getter",
    "into",
    "other",
    "remote",
    "rename",
    "rename_all",
    "rename_all_fields",
    "serialize_with",
    "skip",
    "skip_deserializing",
    "skip_serializing",
    "skip_serializing_if",
    "tag",
    "transparent",
    "try_from",
    "untagged",
    "variant_identifier",
    "with",
];

struct Row {
    subject: String,
    decision: String,
    tests: Vec<String>,
}

fn rows() -> Vec<Row> {
    let text = include_str!("../../../docs/serde.md");
    let cells = text.lines().filter(|line| line.starts_with("| ")).map(|line| {
        // `\|` is no end of a cell.
        let cells = line.replace("\\|", "¦");
        cells.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>()
    });
    let rows = cells.filter(|cells| cells.first().is_none_or(|first| first != "what"));
    rows.map(|cells| {
        let [subject, decision, _, _, tests] = cells.as_slice() else { panic!("a row of five cells, not {cells:?}") };
        Row { subject: subject.clone(), decision: decision.clone(), tests: quoted(tests) }
    })
    .collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn sources(folder: &Path, out: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder of sources").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            sources(&entry, out);
        } else if entry.extension().is_some_and(|ending| ending == "rs") {
            out.push_str(&fs::read_to_string(entry).expect("a source is text"));
        }
    }
}

#[test]
fn each_row_is_decided_and_has_a_test_of_that_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut all = String::new();
    ["tests/tests", "schema-check/tests", "schema-check/src", "event-macros/src"]
        .iter()
        .for_each(|folder| sources(&root.join(folder), &mut all));
    let rows = rows();
    assert!(rows.len() >= 50, "{} rows", rows.len());
    for row in &rows {
        let word = row.decision.split(' ').next().unwrap_or_default();
        assert!(["supported", "warned", "refused"].contains(&word), "`{}` is `{}`", row.subject, row.decision);
        assert!(!row.tests.is_empty(), "`{}` has no test", row.subject);
        for test in &row.tests {
            assert!(
                all.contains(&format!("fn {test}(")) || root.join("tests").join(test).is_file(),
                "`{}`: no test `{test}`",
                row.subject
            );
        }
    }
}

#[test]
fn each_attribute_that_serde_knows_is_mentioned() {
    let words: Vec<String> = rows().iter().flat_map(|row| quoted(&row.subject)).collect();
    let has = |name: &str| {
        words.iter().any(|text| text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name))
    };
    let missing: Vec<_> = KNOWN.iter().filter(|name| !has(name)).collect();
    assert!(missing.is_empty(), "no row mentions {missing:?}");
}
