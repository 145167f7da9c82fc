//! What is learned of real types, on serde's own code for them.
#![allow(clippy::unwrap_used, dead_code, reason = "a test may fail; fields are there to be read and written")]

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::num::NonZeroU32;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

mod values;

use super::{Answer, Candidate, Decoder, Lesson, learn};

struct Real<T>(std::marker::PhantomData<T>);

impl<T: DeserializeOwned + Serialize> Decoder for Real<T> {
    fn decode(&mut self, values: &[Value]) -> Vec<Answer> {
        let answer = |value: &Value| match serde_json::from_str::<T>(&value.to_string()) {
            Ok(read) => Answer::Read(serde_json::from_str(&serde_json::to_string(&read).unwrap()).ok()),
            Err(error) => Answer::Refused(error.to_string()),
        };
        values.iter().map(answer).collect()
    }
}

/// A type that is only read, as foreign events are.
struct OnlyRead<T>(Real<T>);

impl<T: DeserializeOwned + Serialize> Decoder for OnlyRead<T> {
    fn decode(&mut self, values: &[Value]) -> Vec<Answer> {
        let answers = self.0.decode(values).into_iter();
        answers.map(|answer| if answer.is_read() { Answer::Read(None) } else { answer }).collect()
    }
}

fn lesson<T: DeserializeOwned + Serialize + JsonSchema>(candidates: &[(&str, &str)]) -> Lesson {
    let candidates: Vec<Candidate> = candidates
        .iter()
        .map(|(name, alias)| Candidate { name: (*name).to_owned(), alias: (*alias).to_owned() })
        .collect();
    let writer =
        Value::from(SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>());
    let reader =
        Value::from(SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<T>());
    learn(&writer, &reader, &candidates, &mut Real::<T>(std::marker::PhantomData))
}

fn facts<T: DeserializeOwned + Serialize + JsonSchema>(candidates: &[(&str, &str)]) -> Value {
    let lesson = lesson::<T>(candidates);
    assert_eq!(lesson.missed, []);
    Value::from(lesson.facts)
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct In<T> {
    part: T,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Part {
    #[serde(alias = "old", alias = "older")]
    new: u8,
    #[serde(alias = "remark")]
    note: Option<String>,
    #[serde(default, alias = "n")]
    count: u8,
}

#[test]
fn aliases_of_nested_fields_are_confirmed_by_the_decoder() {
    let candidates =
        [("new", "old"), ("new", "older"), ("new", "wrong"), ("note", "remark"), ("count", "n"), ("other", "x")];
    let expected = json!([
        {"pointer": "/$defs/Part/properties/count", "alias": ["n"]},
        {"pointer": "/$defs/Part/properties/new", "alias": ["old", "older"]},
        {"pointer": "/$defs/Part/properties/note", "alias": ["remark"]}
    ]);
    assert_eq!(facts::<In<Part>>(&candidates), expected);
    assert_eq!(facts::<In<Vec<Option<Box<Part>>>>>(&candidates), expected);
    assert_eq!(facts::<In<BTreeMap<String, (u8, Part)>>>(&candidates), expected);
    assert_eq!(facts::<In<Option<Vec<Part>>>>(&candidates), expected);
    assert_eq!(facts::<In<Option<HashMap<String, Part>>>>(&candidates), expected);
    assert_eq!(facts::<In<Part>>(&[]), json!([]));
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Flat {
    id: u8,
    #[serde(flatten)]
    part: Part,
}

#[test]
fn aliases_within_a_flattened_struct_are_confirmed() {
    let expected = json!([{"pointer": "/properties/new", "alias": ["old"]}]);
    assert_eq!(facts::<Flat>(&[("new", "old"), ("id", "part")]), expected);
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Tagged {
    #[serde(alias = "First")]
    One {
        #[serde(alias = "y")]
        x: u8,
    },
    Two,
    #[serde(other)]
    Unknown,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c", deny_unknown_fields)]
enum Adjacent {
    #[serde(alias = "Eins")]
    One {
        x: u8,
    },
    Two(u16),
    #[serde(other)]
    Unknown,
}

#[derive(Serialize, Deserialize, JsonSchema)]
enum External {
    #[serde(alias = "Eins")]
    One {
        x: u8,
    },
    Two(Box<Option<External>>),
    #[serde(alias = "Drei")]
    Three,
    Four,
}

#[derive(Serialize, Deserialize, JsonSchema)]
enum Plain {
    #[serde(alias = "b")]
    A,
    /// With docs, so that it stands by itself.
    C,
    #[serde(other)]
    Unknown,
}

#[test]
fn variants_tell_their_other_names_and_which_takes_the_unknown() {
    let tagged = json!([
        {"pointer": "/$defs/Tagged/oneOf/0", "alias": ["First"]},
        {"pointer": "/$defs/Tagged/oneOf/0/properties/x", "alias": ["y"]},
        {"pointer": "/$defs/Tagged/oneOf/2", "other": true}
    ]);
    assert_eq!(facts::<In<Tagged>>(&[("one", "First"), ("x", "y"), ("two", "First")]), tagged);
    let adjacent = facts::<In<Adjacent>>(&[("One", "Eins")]);
    assert!(adjacent.to_string().contains(r#""alias":["Eins"],"pointer":"/$defs/Adjacent/oneOf/0""#), "{adjacent}");
    assert!(adjacent.to_string().contains(r#""other":true,"pointer":"/$defs/Adjacent/oneOf/2""#), "{adjacent}");
    let plain = json!([
        {"pointer": "/$defs/Plain/oneOf/0/enum/0", "alias": ["b"]},
        {"pointer": "/$defs/Plain/oneOf/0/enum/1", "other": true}
    ]);
    assert_eq!(facts::<In<Plain>>(&[("A", "b")]), plain);
}

#[test]
fn a_refusal_tells_the_names_that_no_source_told() {
    let external = json!([
        {"pointer": "/$defs/External/oneOf/0/enum/0", "alias": ["Drei"]},
        {"pointer": "/$defs/External/oneOf/1/properties/One", "alias": ["Eins"]}
    ]);
    assert_eq!(facts::<In<External>>(&[("One", "Eins")]), external);
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Skipping {
    #[serde(skip_serializing_if = "Option::is_none")]
    a: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    b: Option<Part>,
    c: Option<u8>,
}

#[test]
fn what_is_left_out_is_never_written_as_null() {
    let expected = json!([
        {"pointer": "/$defs/Skipping/properties/a", "neverNull": true},
        {"pointer": "/$defs/Skipping/properties/b", "neverNull": true}
    ]);
    assert_eq!(facts::<In<Skipping>>(&[]), expected);
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Denying {
    a: u8,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t", deny_unknown_fields)]
enum DenyingTagged {
    A { x: u8 },
    B,
}

#[test]
fn denied_keys_are_facts_where_the_schema_does_not_say_so() {
    assert_eq!(facts::<In<Denying>>(&[]), json!([]));
    let tagged = facts::<In<DenyingTagged>>(&[]);
    let undeclared = tagged.as_array().unwrap().iter().any(|fact| fact["denyUnknownFields"] == json!(true));
    assert!(undeclared || tagged == json!([]), "{tagged:#}");
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Tuple(u8, String, #[serde(default)] bool, #[serde(default)] Option<u8>);

#[test]
fn a_tuple_tells_where_it_may_end() {
    let expected = json!([
        {"pointer": "/$defs/Tuple/prefixItems/2", "required": false},
        {"pointer": "/$defs/Tuple/prefixItems/3", "required": false}
    ]);
    assert_eq!(facts::<In<Tuple>>(&[]), expected);
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Untagged {
    A { x: u8, y: u32 },
    B { y: u8 },
    C(Vec<u8>),
    D(HashMap<String, Value>),
}

#[test]
fn what_another_untagged_variant_reads_is_no_fact() {
    assert_eq!(facts::<In<Untagged>>(&[("x", "z"), ("y", "w")]), json!([]));
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "op")]
enum Tree {
    Leaf { v: i64 },
    Not { x: Box<Tree> },
    All { all: Vec<Tree> },
    If { c: Box<Tree>, t: Box<Tree>, e: Option<Box<Tree>> },
}

#[test]
fn recursive_types_come_to_an_end() {
    assert_eq!(facts::<Tree>(&[]), json!([]));
    assert_eq!(facts::<In<Tree>>(&[]), json!([]));
}

#[test]
fn what_is_never_accepted_is_missed_and_told() {
    fn never<'de, D: Deserializer<'de>>(_: D) -> Result<u8, D::Error> {
        Err(serde::de::Error::custom("never"))
    }
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Never {
        #[serde(deserialize_with = "never")]
        a: u8,
    }
    let missed = lesson::<In<Vec<Never>>>(&[]).missed;
    let told: Vec<_> = missed.iter().map(|it| (it.pointer.as_str(), it.error.starts_with("never"))).collect();
    assert_eq!(told, [("/$defs/Never", true)]);
    let expected = json!([{"pointer": "/$defs/Never/properties/a", "alias": ["b"], "unconfirmed": true}]);
    assert_eq!(Value::from(lesson::<In<Vec<Never>>>(&[("a", "b"), ("part", "a")]).facts), expected);
}

#[test]
fn a_type_that_is_only_read_tells_its_names_and_keys_too() {
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Foreign {
        part: Part,
        kind: Tagged,
        plain: Plain,
        prices: BTreeMap<u16, u8>,
    }
    let reader = Value::from(
        SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<Foreign>(),
    );
    let candidate = |name: &str, alias: &str| Candidate { name: name.to_owned(), alias: alias.to_owned() };
    let candidates = [candidate("new", "old"), candidate("new", "wrong"), candidate("A", "b")];
    let mut decoder = OnlyRead::<Foreign>(Real(std::marker::PhantomData));
    let facts = Value::from(learn(&reader, &reader, &candidates, &mut decoder).facts);
    for expected in [
        json!({"pointer": "/$defs/Part/properties/new", "alias": ["old"]}),
        json!({"pointer": "/$defs/Tagged/oneOf/2", "other": true}),
        json!({"pointer": "/properties/prices", "keys": {"type": "integer", "format": "uint16"}}),
    ] {
        assert!(facts.as_array().unwrap().contains(&expected), "{facts:#}");
    }
    assert!(facts.to_string().contains(r#""other":true,"pointer":"/$defs/Plain/oneOf/"#), "{facts:#}");
    assert!(!facts.to_string().contains("wrong"), "{facts:#}");
    assert_eq!(facts.to_string().matches("other").count(), 2, "{facts:#}");
}

#[test]
fn a_unit_beside_content_takes_no_content() {
    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(tag = "t", content = "c")]
    enum Units {
        A,
        B(u8),
        C { x: Option<u8> },
    }
    let expected = json!([{"pointer": "/$defs/Units/oneOf/0", "onlyNull": ["c"]}]);
    assert_eq!(facts::<In<Units>>(&[]), expected);
}

#[test]
fn keys_of_many_variants_are_asked_about_together() {
    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(tag = "t")]
    #[rustfmt::skip]
    enum Many {
        A { a: u8 }, B { b: u8 }, C { c: u8 }, D { d: u8 }, E { e: u8 }, F { f: u8 }, G { g: u8 }, H { h: u8 },
        I { i: u8 }, J { j: u8 }, K { k: u8 }, L { l: u8 }, M { m: u8 }, N { n: u8 }, O { o: u8 }, P { p: u8 },
    }
    struct Counting(Real<Many>, usize);
    impl Decoder for Counting {
        fn decode(&mut self, values: &[Value]) -> Vec<Answer> {
            self.1 += values.len();
            self.0.decode(values)
        }
    }
    let reader =
        Value::from(SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<Many>());
    let mut decoder = Counting(Real(std::marker::PhantomData), 0);
    assert_eq!(learn(&reader, &reader, &[], &mut decoder).facts, [] as [Value; 0]);
    assert!(decoder.1 < 500, "{} values for 16 variants", decoder.1);
}

#[test]
fn nothing_is_believed_of_a_decoder_that_ends() {
    struct Ends(Real<In<Part>>, usize);
    impl Decoder for Ends {
        fn decode(&mut self, values: &[Value]) -> Vec<Answer> {
            self.1 = self.1.saturating_sub(1);
            if self.1 == 0 { Vec::new() } else { self.0.decode(values) }
        }
    }
    let schema = Value::from(SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<In<Part>>());
    for answers in 1..9 {
        let lesson = learn(&schema, &schema, &[], &mut Ends(Real(std::marker::PhantomData), answers));
        assert!(lesson.is_cut_off && lesson.facts.is_empty(), "after {answers}");
    }
}
