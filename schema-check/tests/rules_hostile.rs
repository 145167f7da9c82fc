//! Schemas that nobody derives: explaining ends, soon, and never panics.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may fail loudly, and times out")]

use proptest::prelude::*;
use schema_check::contain::{Options, Pair, Semantics, Verdict};
use schema_check::{Direction, Finding, Subject, explain};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Catches a hang; the cases here take milliseconds.
const LIMIT: Duration = Duration::from_secs(60);

fn told(old: &Value, new: &Value) -> Vec<Finding> {
    let started = Instant::now();
    let verdict = Verdict::Breaking { counterexample: Value::Null };
    let (old, new) = (Pair::both(old), Pair::both(new));
    let findings: Vec<Finding> = [Semantics::Events, Semantics::Validation]
        .into_iter()
        .flat_map(|semantics| {
            [Direction::Backward, Direction::Forward].map(|direction| (direction, Options::new(semantics)))
        })
        .flat_map(|(direction, options)| {
            let findings = explain(&Subject::ANONYMOUS, &old, &new, direction, &verdict, &options);
            assert!(!findings.is_empty(), "a break has a finding");
            findings
        })
        .collect();
    assert!(started.elapsed() < LIMIT, "took {:?}", started.elapsed());
    findings
}

fn nested(levels: usize, wrap: impl Fn(Value) -> Value) -> Value {
    (0..levels).fold(json!({"type": "string"}), |inner, _| wrap(inner))
}

#[test]
fn references_in_circles_end() {
    let circles = [
        json!({"$ref": "#"}),
        json!({"allOf": [{"$ref": "#"}], "anyOf": [{"$ref": "#"}, {"$ref": "#/anyOf/0"}]}),
        json!({"properties": {"a": {"$ref": "#/properties/b"}, "b": {"$ref": "#/properties/a"}}, "required": ["a"]}),
        json!({"items": {"$ref": "#"}, "additionalProperties": {"$ref": "#"}, "oneOf": [{"$ref": "#"}, {"type": "null"}]}),
        json!({"$ref": "#/nowhere", "properties": {"a": {"$ref": "elsewhere.json"}}}),
    ];
    for old in &circles {
        for new in &circles {
            told(old, new);
        }
    }
}

#[test]
fn deep_schemas_end() {
    let wrap: [fn(Value) -> Value; 3] = [
        |inner| json!({"properties": {"a": inner}, "required": ["a"]}),
        |inner| json!({"allOf": [inner]}),
        |inner| json!({"anyOf": [inner, {"type": "null"}]}),
    ];
    for wrap in wrap {
        told(&nested(100, wrap), &nested(101, wrap));
    }
}

#[test]
fn wide_schemas_end() {
    let tagged = |names: std::ops::Range<u32>| {
        let branch =
            |name| json!({"type": "object", "properties": {"t": {"const": format!("v{name}")}}, "required": ["t"]});
        json!({"oneOf": names.map(branch).collect::<Vec<_>>()})
    };
    told(&tagged(0..400), &tagged(200..600));
    let shapes = |names: std::ops::Range<u32>| {
        let branch = |name| json!({"type": "object", "properties": {format!("p{name}"): {}, "q": {}}, "required": [format!("p{name}"), "q"]});
        json!({"anyOf": names.map(branch).collect::<Vec<_>>()})
    };
    told(&shapes(0..200), &shapes(100..300));
    let keys = |names: std::ops::Range<u32>| {
        let all: serde_json::Map<String, Value> =
            names.map(|name| (format!("k{name}"), json!({"type": "string"}))).collect();
        json!({"type": "object", "required": all.keys().collect::<Vec<_>>(), "properties": all})
    };
    told(&keys(0..500), &keys(250..750));
}

fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        Just(json!({"type": "string"})),
        Just(json!({"type": ["integer", "null"], "format": "uint8"})),
        Just(json!({"enum": ["a", null, 1]})),
        Just(json!({"const": "a"})),
        Just(json!({"$ref": "#"})),
        Just(json!({"$ref": "#/properties/a"})),
        Just(
            json!({"type": 7, "enum": 3, "properties": [], "required": {}, "items": "x", "oneOf": {}, "allOf": [1, null]})
        ),
        Just(json!([1, "x"])),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let keys = proptest::collection::btree_map("[abt]", inner.clone(), 0..3);
        prop_oneof![
            (keys, proptest::collection::vec("[abt]", 0..3), inner.clone()).prop_map(|(properties, required, extra)| {
                json!({"type": "object", "properties": properties, "required": required, "additionalProperties": extra})
            }),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|all| json!({"oneOf": all})),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|all| json!({"anyOf": all, "properties": {"t": {"const": "x"}}})),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|all| json!({"allOf": all})),
            (proptest::collection::vec(inner.clone(), 0..3), inner)
                .prop_map(|(prefix, items)| json!({"type": "array", "prefixItems": prefix, "items": items, "minItems": 1})),
        ]
    })
}

fn leads_somewhere(finding: &Finding, old: &Value, new: &Value) -> bool {
    let side = if finding.side == schema_check::Side::Old { old } else { new };
    side.pointer(&finding.pointer).is_some()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anything_is_explained_and_every_pointer_leads_somewhere(old in schema(), new in schema()) {
        for finding in told(&old, &new) {
            prop_assert!(leads_somewhere(&finding, &old, &new), "{finding:?}");
        }
    }
}
