//! Laws of containment, on schemas and values that nobody wrote.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use jsonschema::canonical::Containment;
use proptest::prelude::*;
use schema_check::contain::{Options, Semantics, Verdict, contained};
use serde_json::{Map, Value, json};

fn constant() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-3..6_i32).prop_map(Value::from),
        prop_oneof![Just(json!(0.5)), Just(json!(1.0)), Just(json!(2.5)), Just(json!(1e20))],
        "[ab]{0,3}".prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    constant().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[abt]", inner, 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn kinds() -> impl Strategy<Value = Value> {
    let kind = prop_oneof![
        Just("null"),
        Just("boolean"),
        Just("integer"),
        Just("number"),
        Just("string"),
        Just("array"),
        Just("object")
    ];
    prop_oneof![
        kind.clone().prop_map(Value::from),
        proptest::collection::btree_set(kind, 1..4).prop_map(|kinds| kinds.into_iter().collect::<Vec<_>>().into()),
    ]
}

fn pattern() -> impl Strategy<Value = Value> {
    let patterns: &'static [&'static str] = &["^a", "b$", "^[ab]+$", "a.", "^(a|bb)*$", "^.{2}$", "t"];
    prop::sample::select(patterns).prop_map(Value::from)
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        kinds().prop_map(|kinds| json!({"type": kinds})),
        constant().prop_map(|value| json!({"const": value})),
        proptest::collection::vec(value(), 1..4).prop_map(|values| json!({"enum": values})),
        (-2..4_i32, 0..5_i32).prop_map(|(low, more)| json!({"minimum": low, "maximum": low + more})),
        (kinds(), -2..4_i32).prop_map(|(kinds, low)| json!({"type": kinds, "exclusiveMinimum": low})),
        (1..4_i32).prop_map(|of| json!({"multipleOf": of})),
        Just(json!({"multipleOf": 0.5})),
        (0..3_u8, 0..3_u8).prop_map(|(least, more)| json!({"minLength": least, "maxLength": least + more})),
        pattern().prop_map(|pattern| json!({"type": "string", "pattern": pattern})),
        (0..3_u8, 0..3_u8).prop_map(|(least, more)| json!({"minItems": least, "maxItems": least + more})),
        Just(json!({"uniqueItems": true})),
        (0..3_u8, 0..3_u8).prop_map(|(least, more)| json!({"minProperties": least, "maxProperties": least + more})),
        proptest::collection::btree_set("[abt]", 0..3).prop_map(|names| json!({"required": names})),
        Just(json!({"$ref": "#/$defs/d"})),
    ]
}

type Keyword = (&'static str, Value);

fn keyword(inner: BoxedStrategy<Value>) -> BoxedStrategy<Keyword> {
    let one = |name: &'static str| inner.clone().prop_map(move |schema| (name, schema));
    let many = |name: &'static str| {
        proptest::collection::vec(inner.clone(), 1..4).prop_map(move |schemas| (name, Value::from(schemas)))
    };
    let map = |name: &'static str, keys: &'static [&'static str]| {
        proptest::collection::btree_map(prop::sample::select(keys), inner.clone(), 1..3).prop_map(move |entries| {
            let entries: Map<String, Value> =
                entries.into_iter().map(|(key, schema)| (key.to_owned(), schema)).collect();
            (name, Value::Object(entries))
        })
    };
    let names: &'static [&'static str] = &["a", "b", "t"];
    prop_oneof![
        4 => map("properties", names),
        1 => map("patternProperties", &["^a", "b$", "."]),
        2 => one("additionalProperties"),
        1 => one("unevaluatedProperties"),
        1 => map("dependentSchemas", names),
        1 => one("propertyNames"),
        2 => one("items"),
        2 => many("prefixItems"),
        1 => one("contains"),
        1 => one("unevaluatedItems"),
        1 => (0..3_u8).prop_map(|count| ("minContains", Value::from(count))),
        1 => (0..3_u8).prop_map(|count| ("maxContains", Value::from(count))),
        2 => many("allOf"),
        3 => many("anyOf"),
        3 => many("oneOf"),
        2 => one("not"),
        1 => one("if"),
        1 => one("then"),
        1 => one("else"),
        2 => proptest::collection::btree_set("[abt]", 0..3).prop_map(|names| ("required", json!(names))),
        2 => kinds().prop_map(|kinds| ("type", kinds)),
        1 => (0..4_u8).prop_map(|count| ("maxItems", Value::from(count))),
        1 => (0..3_u8).prop_map(|count| ("minProperties", Value::from(count))),
    ]
    .boxed()
}

fn schema() -> impl Strategy<Value = Value> {
    let nested = leaf().boxed().prop_recursive(3, 24, 3, |inner| {
        proptest::collection::vec(keyword(inner.boxed()), 1..4)
            .prop_map(|keywords| {
                keywords.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>()
            })
            .prop_map(Value::Object)
    });
    (nested.clone(), nested).prop_map(|(root, definition)| {
        let mut root = match root {
            Value::Object(root) => root,
            other => json!({"allOf": [other]}).as_object().unwrap().clone(),
        };
        // A definition stands below an object, so that references make progress.
        let definition = json!({"type": ["object", "string"], "properties": {"a": definition}});
        root.insert("$defs".to_owned(), json!({"d": definition}));
        Value::Object(root)
    })
}

/// The places in a schema where a schema stands, below the root.
fn places(schema: &Value, at: &str, found: &mut Vec<String>) {
    let Some(object) = schema.as_object() else { return };
    for (key, value) in object {
        let at = format!("{at}/{key}");
        match (key.as_str(), value) {
            ("properties" | "patternProperties" | "dependentSchemas" | "$defs", Value::Object(map)) => {
                for (name, inner) in map {
                    found.push(format!("{at}/{name}"));
                    places(inner, &format!("{at}/{name}"), found);
                }
            }
            ("allOf" | "anyOf" | "oneOf" | "prefixItems", Value::Array(list)) => {
                for (place, inner) in list.iter().enumerate() {
                    found.push(format!("{at}/{place}"));
                    places(inner, &format!("{at}/{place}"), found);
                }
            }
            ("items" | "additionalProperties" | "not" | "contains" | "if" | "then" | "else", inner) => {
                found.push(at.clone());
                places(inner, &at, found);
            }
            _ => {}
        }
    }
}

/// The schema with another one in one of its places.
fn edited(schema: &Value, place: usize, other: Value) -> Value {
    let mut found = Vec::new();
    places(schema, "", &mut found);
    found.retain(|place| place != "/$defs/d");
    let mut schema = schema.clone();
    if let Some(pointer) = found.get(place % found.len().max(1)) {
        *schema.pointer_mut(pointer).unwrap() = other;
    }
    schema
}

fn accepts(schema: &Value, value: &Value) -> bool {
    jsonschema::options().offline().build(schema).unwrap().is_valid(value)
}

/// What the canonical form of another implementation says, if it says anything.
fn other_judge(writer: &Value, reader: &Value) -> Option<bool> {
    let canonical = |schema| jsonschema::canonical::options().offline().canonicalize(schema).ok();
    match canonical(reader)?.covers(&canonical(writer)?) {
        Ok(Containment::Yes) => Some(true),
        Ok(Containment::No) => Some(false),
        _ => None,
    }
}

fn shuffled(schema: &Value) -> Value {
    match schema {
        Value::Object(object) => object
            .iter()
            .map(|(key, value)| {
                let mut value = shuffled(value);
                if matches!(key.as_str(), "anyOf" | "oneOf" | "allOf" | "enum" | "required")
                    && let Some(list) = value.as_array_mut()
                {
                    list.reverse();
                }
                (key.clone(), value)
            })
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(list) => list.iter().map(shuffled).collect(),
        other => other.clone(),
    }
}

/// Words for people in every schema.
fn documented(schema: &Value) -> Value {
    let mut schema = schema.clone();
    let mut found = Vec::new();
    places(&schema, "", &mut found);
    for pointer in found.iter().map(String::as_str).chain([""]) {
        if let Some(object) = schema.pointer_mut(pointer).and_then(Value::as_object_mut) {
            object.insert("description".to_owned(), json!("a word"));
            object.insert("title".to_owned(), json!("A title"));
        }
    }
    schema
}

/// The definition under another name.
fn renamed(schema: &Value) -> Value {
    let text = schema.to_string().replace("#/$defs/d", "#/$defs/another");
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    if let Some(definitions) = schema.get_mut("$defs").and_then(Value::as_object_mut)
        && let Some(definition) = definitions.remove("d")
    {
        definitions.insert("another".to_owned(), definition);
    }
    schema
}

/// The schema as the only one that all of must hold; definitions stay where references look for them.
fn framed(schema: &Value) -> Value {
    let mut inner = schema.clone();
    let definitions = inner.as_object_mut().and_then(|inner| inner.remove("$defs"));
    let mut frame = json!({"allOf": [inner]});
    definitions.into_iter().for_each(|definitions| frame["$defs"] = definitions);
    frame
}

fn validation() -> Options {
    Options::new(Semantics::Validation)
}

fn cases() -> u32 {
    std::option_env!("LAWS_CASES").and_then(|cases| cases.parse().ok()).unwrap_or(100)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_verdict_holds_on_values(writer in schema(), reader in schema(), values in proptest::collection::vec(value(), 30)) {
        match contained(&writer, &reader, &validation()) {
            Verdict::Compatible => {
                for value in values {
                    prop_assert!(!accepts(&writer, &value) || accepts(&reader, &value), "{value} shows otherwise");
                }
                prop_assert_ne!(other_judge(&writer, &reader), Some(false));
            }
            Verdict::Breaking { counterexample } => {
                prop_assert!(accepts(&writer, &counterexample) && !accepts(&reader, &counterexample));
                prop_assert_ne!(other_judge(&writer, &reader), Some(true));
            }
            _ => {}
        }
    }

    #[test]
    fn a_verdict_on_an_edit_holds_on_values(
        schema in schema(), place in 0..50_usize, other in leaf(), values in proptest::collection::vec(value(), 20)
    ) {
        let edited = edited(&schema, place, other);
        for (writer, reader) in [(&schema, &edited), (&edited, &schema)] {
            let verdict = contained(writer, reader, &validation());
            let judged = other_judge(writer, reader);
            prop_assert!(judged != Some(false) || !verdict.is_compatible(), "the other judge refutes {writer} in {reader}");
            prop_assert!(judged != Some(true) || verdict.word() != "breaking", "the other judge proves {writer} in {reader}");
            for value in values.iter().filter(|_| verdict.is_compatible()) {
                prop_assert!(!accepts(writer, value) || accepts(reader, value), "{value} shows otherwise");
            }
        }
    }

    #[test]
    fn a_narrowed_schema_is_contained(reader in schema(), more in schema()) {
        let mut writer = reader.as_object().unwrap().clone();
        writer.insert("allOf".to_owned(), json!([{"allOf": writer.get("allOf").cloned().unwrap_or_else(|| json!([true]))}, more]));
        let writer = Value::Object(writer);
        if !writer.to_string().contains("unevaluated") {
            prop_assert_ne!(contained(&writer, &reader, &validation()).word(), "breaking");
        }
    }

    #[test]
    fn a_schema_contains_itself(schema in schema()) {
        prop_assert_ne!(contained(&schema, &schema, &validation()).word(), "breaking");
    }

    #[test]
    fn order_means_nothing(writer in schema(), reader in schema()) {
        let straight = contained(&writer, &reader, &validation());
        let turned = contained(&shuffled(&writer), &shuffled(&reader), &validation());
        let undecided = straight.word() == "unknown" || turned.word() == "unknown";
        prop_assert!(undecided || straight.word() == turned.word());
    }

    #[test]
    fn docs_names_and_a_frame_of_one_mean_nothing(writer in schema(), reader in schema()) {
        let straight = contained(&writer, &reader, &validation());
        for change in [documented, renamed, framed] {
            for (writer, reader) in [(change(&writer), reader.clone()), (writer.clone(), change(&reader))] {
                let changed = contained(&writer, &reader, &validation());
                let undecided = straight.word() == "unknown" || changed.word() == "unknown";
                prop_assert!(undecided || straight.word() == changed.word(), "{writer} in {reader}");
            }
        }
    }

    #[test]
    fn what_is_contained_step_by_step_is_contained(
        first in schema(), places in (0..50_usize, 0..50_usize), others in (leaf(), leaf())
    ) {
        let second = edited(&first, places.0, others.0);
        let third = edited(&second, places.1, others.1);
        for [a, b, c] in [[&first, &second, &third], [&third, &second, &first], [&second, &first, &third]] {
            let steps = [contained(a, b, &validation()), contained(b, c, &validation())];
            if steps.iter().all(Verdict::is_compatible) {
                prop_assert_ne!(contained(a, c, &validation()).word(), "breaking", "{} in {} in {}", a, b, c);
            }
        }
    }

    #[test]
    fn a_closed_writer_writes_nothing_new(writer in schema(), reader in schema()) {
        if let Verdict::Breaking { counterexample } = contained(&writer, &reader, &Options::default()) {
            prop_assert!(accepts(&writer, &counterexample), "the writer writes {counterexample}");
        }
    }
}
