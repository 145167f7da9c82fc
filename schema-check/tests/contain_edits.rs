//! Edits to Rust types, as serde judges them, decided on the schemas of both sides.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::Path;

use schema_check::contain::{Options, Pair, Verdict, compare, contained};
use serde_json::{Value, json};

#[test]
fn every_strict_edit_gets_the_verdict_of_serde() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/exam/edits-pairs.jsonl");
    let text = fs::read_to_string(path).unwrap();
    let mut wrong = Vec::new();
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let comparison = compare(Pair::of_side(&row["old"]), Pair::of_side(&row["new"]), &Options::default());
        for (direction, verdict) in [("backward", &comparison.backward), ("forward", &comparison.forward)] {
            let right = match verdict {
                Verdict::Compatible => row[direction] == true,
                Verdict::Breaking { .. } => row[direction] == false,
                _ => false,
            };
            if !right {
                wrong.push(format!("{} {} {direction}: {verdict:?}", row["class"], row["id"]));
            }
        }
    }
    println!("{}", wrong.join("\n"));
    assert!(
        wrong.iter().all(|wrong| wrong.starts_with("\"lenient")),
        "a strict edit is judged otherwise than by serde"
    );
}

#[test]
fn an_alias_that_the_decoder_did_not_confirm_is_unknown_where_it_matters() {
    let schema = |name: &str| json!({"type": "object", "properties": {name: {"type": "string"}}, "required": [name]});
    let fact = json!({"facts": [{"pointer": "/properties/b", "alias": ["a"], "unconfirmed": true}]});
    let (old, mut new) = (schema("a"), schema("b"));
    new["x-event"] = fact;
    let options = Options::default();
    let Verdict::Unknown { reason } = contained(&old, &new, &options) else { panic!("it was decided") };
    assert!(reason.contains("/properties/b") && reason.contains(r#"["a"]"#), "{reason}");
    assert_eq!(contained(&schema("b"), &new, &options), Verdict::Compatible);
    assert_eq!(contained(&schema("c"), &new, &options).word(), "breaking");
}
