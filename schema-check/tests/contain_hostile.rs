//! Schemas that mean harm, and lines that are none: every answer comes soon, and none is a panic.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test fails by panicking"
)]

use std::time::{Duration, Instant};

use schema_check::compare::jsonl;
use schema_check::contain::{Options, Pair, Semantics, Verdict, compare, contained};
use serde_json::{Value, json};

fn both_ways(old: &Value, new: &Value) -> Vec<Verdict> {
    let all = [Semantics::Events, Semantics::Validation].map(|semantics| {
        let comparison = compare(Pair::both(old), Pair::both(new), &Options::new(semantics));
        [comparison.backward, comparison.forward]
    });
    all.into_iter().flatten().collect()
}

fn nested(levels: usize) -> Value {
    let object = |key: &str, value| Value::Object([(key.to_owned(), value)].into_iter().collect());
    (0..levels).fold(json!({"type": "string"}), |inner, _| object("properties", object("a", inner)))
}

/// Dropping a value recurses, so what is deep is dropped on a stack that has room.
fn with_room(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(256 << 20).spawn(work).unwrap().join().unwrap();
}

#[test]
fn ten_thousand_levels_are_unknown() {
    with_room(|| {
        let (old, new) = (nested(10_000), nested(10_001));
        for verdict in both_ways(&old, &new) {
            assert!(matches!(&verdict, Verdict::Unknown { reason } if reason.contains("deep")), "{verdict:?}");
        }
    });
}

#[test]
fn circles_are_no_proof_of_what_is_false() {
    let circle = json!({"$ref": "#"});
    let through_any = json!({"anyOf": [{"$ref": "#"}, {"type": "string"}]});
    let through_not = json!({"not": {"$ref": "#"}});
    let (integer, options) = (json!({"type": "integer"}), Options::new(Semantics::Validation));
    for schema in [&circle, &through_any, &through_not] {
        assert_ne!(contained(schema, &integer, &options).word(), "compatible", "{schema}");
    }
    for schema in [&through_any, &through_not] {
        assert_ne!(contained(&integer, schema, &options).word(), "compatible", "{schema}");
    }
}

#[test]
fn what_has_no_finite_value_is_contained_in_everything() {
    let endless = json!({"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]});
    assert_eq!(contained(&endless, &json!(false), &Options::default()), Verdict::Compatible);
}

fn union(branches: usize, kind: &str) -> Value {
    let branch = |at: usize| {
        json!({"type": "object", "properties": {
            "op": {"const": format!("op{at}")}, "left": {"$ref": "#/$defs/x"}, "right": {"$ref": "#/$defs/x"},
            "all": {"type": "array", "items": {"$ref": "#/$defs/x"}}, "value": {"type": kind}
        }, "required": ["op", "left", "value"]})
    };
    let branches: Vec<Value> = (0..branches).map(branch).chain([json!({"type": kind})]).collect();
    json!({"$ref": "#/$defs/x", "$defs": {"x": {"oneOf": branches}}})
}

#[test]
fn a_recursive_union_of_twelve_branches_takes_no_time() {
    let started = Instant::now();
    assert!(both_ways(&union(12, "integer"), &union(12, "integer")).iter().all(Verdict::is_compatible));
    assert!(contained(&union(12, "integer"), &union(12, "number"), &Options::default()).is_compatible());
    assert_eq!(contained(&union(12, "number"), &union(12, "integer"), &Options::default()).word(), "breaking");
    assert!(started.elapsed() < Duration::from_secs(10), "took {:?}", started.elapsed());
}

#[test]
fn large_counts_and_patterns_are_answered() {
    let large = [
        json!({"type": "string", "minLength": 1_000_000_000_u64}),
        json!({"type": "array", "minItems": 1_000_000_000_u64, "uniqueItems": true}),
        json!({"type": "number", "multipleOf": 1e-300, "minimum": 1e300}),
        json!({"type": "number", "multipleOf": "1e999999999".parse::<serde_json::Number>().unwrap()}),
        json!({"type": "string", "pattern": "^(a{1,500}){1,500}$"}),
        json!({"type": "string", "pattern": "^(?=a)(?!b)(.*)\\1$"}),
        json!({"type": "string", "pattern": "("}),
        json!({"type": "object", "minProperties": 1_000_000_000_u64}),
        json!({"type": 7, "enum": 3, "properties": [], "required": {}, "minimum": "x"}),
    ];
    let started = Instant::now();
    for old in &large {
        for new in &large {
            both_ways(old, new);
        }
    }
    assert!(started.elapsed() < Duration::from_secs(260), "took {:?}", started.elapsed());
}

fn answers(lines: &str) -> Vec<Value> {
    let mut output = Vec::new();
    jsonl(lines.as_bytes(), &mut output, &Options::default()).unwrap();
    String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn each_line_is_answered_in_order() {
    let pair = r#"{"writer": {"type": "integer"}, "reader": {"type": "number"}}"#;
    let deep = format!("{}{}", "[".repeat(300), "]".repeat(300));
    let lines = [
        r#"{"id": "same", "old": {"type": "string"}, "new": {"type": "string"}}"#.to_owned(),
        format!(r#"{{"id": 2, "old": {pair}, "new": {pair}}}"#),
        String::new(),
        r#"{"id": "cut", "old": {"type": "#.to_owned(),
        format!(r#"{{"old": {deep}, "id": "deep", "new": true}}"#),
        r#"{"id": "half", "old": true}"#.to_owned(),
        "nonsense".to_owned(),
        r#"{"id": "odd", "old": 3, "new": {"$schema": "https://example.com/own"}}"#.to_owned(),
    ];
    let answers = answers(&lines.join("\n"));
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(json!(ids), json!(["same", 2, "cut", "deep", "half", null, "odd"]));
    for answer in &answers[..2] {
        assert_eq!(answer["backward"], json!({"verdict": "compatible", "findings": []}));
    }
    for answer in &answers[2..] {
        for side in [&answer["backward"], &answer["forward"]] {
            assert_eq!(side["verdict"], "unknown");
            assert!(!side["reason"].as_str().unwrap().is_empty());
            assert_eq!(side["findings"][0]["rule"], "undecided");
        }
    }
}

#[test]
fn a_break_comes_with_its_value() {
    let answers = answers(r#"{"id": 1, "old": {"type": "number"}, "new": {"type": "integer"}}"#);
    let [answer] = answers.as_slice() else { unreachable!("one line, one answer") };
    assert_eq!(answer["backward"]["verdict"], "breaking");
    assert!(answer["backward"]["counterexample"].is_number());
    assert_eq!(answer["forward"]["verdict"], "compatible");
}
