//! Kinds of values: what comes back as it was, and what doesn't. Floats have a file of their own.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::num::{NonZeroI8, NonZeroU64};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::proven::{event, is_seen, part, poison, proven, read, unwritable, written};

part! {
    struct Id(u32);
}

part! {
    enum Unit {
        North,
        South,
    }
}

part! {
    struct Nothing;
}

part! {
    enum Never {}
}

#[test]
fn keys_of_maps_are_texts_numbers_bools_units_and_newtypes_of_them() {
    event! {
        struct Keys {
            text: BTreeMap<String, u8>, letter: BTreeMap<char, u8>, number: BTreeMap<i128, u8>, flag: BTreeMap<bool, u8>,
            unit: BTreeMap<Unit, u8>, id: BTreeMap<Id, u8>,
        }
    }
    event! {
        struct Texts {
            text: BTreeMap<String, u8>, letter: BTreeMap<char, u8>, number: BTreeMap<String, u8>, flag: BTreeMap<bool, u8>,
            unit: BTreeMap<Unit, u8>, id: BTreeMap<Id, u8>,
        }
    }
    let event = Keys {
        text: [("a b".to_owned(), 1)].into(),
        letter: [('ß', 1)].into(),
        number: [(i128::MIN, 1)].into(),
        flag: [(true, 1)].into(),
        unit: [(Unit::South, 1)].into(),
        id: [(Id(7), 1)].into(),
    };
    assert!(proven(&event).ends_with(r#""flag":{"true":1},"unit":{"South":1},"id":{"7":1}}"#));
    is_seen::<Keys, Texts>();
}

#[test]
fn a_key_that_is_no_text_can_not_be_written() {
    part! { struct Pair { a: u8 } }
    event! { #[allow(deprecated)] struct Tuples { prices: BTreeMap<(u8, u8), u8> } }
    event! { struct Structs { prices: BTreeMap<Pair, u8> } }
    let expected = "cannot serialise `prices` of `serde.tried`: key must be a string";
    assert_eq!(unwritable(&Tuples { prices: [((1, 2), 3)].into() }), expected);
    assert_eq!(unwritable(&Structs { prices: [(Pair { a: 1 }, 3)].into() }), expected);
}

#[test]
fn wide_integers_come_back() {
    event! { struct Wide { signed: i128, unsigned: u128, list: Vec<i128> } }
    event! { struct Narrow { signed: i64, unsigned: u64, list: Vec<i64> } }
    event! { #[serde(tag = "kind", content = "of")] enum Beside { Wide { signed: i128 } } }
    event! { struct Flattening { wide: u128, #[serde(flatten)] rest: BTreeMap<String, u64> } }
    proven(&Wide { signed: i128::MIN, unsigned: u128::MAX, list: vec![0, i128::MAX] });
    proven(&Beside::Wide { signed: i128::MIN });
    proven(&Flattening { wide: u128::MAX, rest: BTreeMap::new() });
    assert!(read::<Beside>(r#"{"of":{"signed":1},"kind":"Wide"}"#).is_err(), "serde writes the tag first");
    is_seen::<Wide, Narrow>();
}

#[test]
fn a_buffer_knows_no_wide_integers_raw_values_and_keys_but_texts() {
    event! {
        #[allow(deprecated)]
        #[serde(tag = "kind")]
        enum Inside { Wide { a: i128 }, Keyed { a: BTreeMap<u8, u8> }, Flagged { a: BTreeMap<bool, u8> } }
    }
    event! { #[allow(deprecated)] struct Flat { #[serde(flatten)] a: BTreeMap<String, u128> } }
    assert!(poison(&Inside::Wide { a: 1 }).contains("i128 is not supported"));
    assert!(poison(&Inside::Keyed { a: [(1, 1)].into() }).contains("invalid type: string \"1\""));
    assert!(poison(&Inside::Flagged { a: [(true, 1)].into() }).contains("invalid type: string \"true\""));
    assert!(poison(&Flat { a: [("a".to_owned(), 1)].into() }).contains("u128 is not supported"));

    #[derive(Debug, Serialize, Deserialize, schemars::JsonSchema, event_core::DomainEvent)]
    #[allow(deprecated)]
    #[serde(tag = "kind")]
    #[event(type = "serde.tried", version = 1, keyless)]
    enum Raw {
        Raw {
            #[schemars(with = "serde_json::Value")]
            a: Box<RawValue>,
        },
    }
    let a = RawValue::from_string("{}".to_owned()).expect("JSON");
    assert!(poison(&Raw::Raw { a }).contains("expected any valid JSON value"));
}

#[test]
fn an_option_of_an_option_is_read_as_none() {
    event! { #[allow(deprecated)] struct Twice { a: Option<Option<u8>>, b: Option<()>, c: Option<Nothing> } }
    let event = Twice { a: Some(None), b: Some(()), c: Some(Nothing) };
    assert_eq!(written(&event).get(), r#"{"a":null,"b":null,"c":null}"#);
    assert_eq!(read(written(&event).get()), Ok(Twice { a: None, b: None, c: None }));
    proven(&Twice { a: Some(Some(1)), b: None, c: None });
}

#[test]
fn units_are_null() {
    event! { struct Units { a: (), b: Nothing } }
    event! { struct Alone; }
    event! { struct Number { a: u8, b: Nothing } }
    assert_eq!(proven(&Units { a: (), b: Nothing }), r#"{"a":null,"b":null}"#);
    assert_eq!(proven(&Alone), "null");
    is_seen::<Units, Number>();
}

#[test]
fn a_raw_value_stays_as_it_is() {
    #[derive(Debug, Serialize, Deserialize, schemars::JsonSchema, event_core::DomainEvent)]
    #[event(type = "serde.tried", version = 1, keyless)]
    struct Raw {
        #[schemars(with = "serde_json::Value")]
        raw: Box<RawValue>,
    }
    let raw = RawValue::from_string(r#"{"b" : 1.0,  "a":1e400}"#.to_owned()).expect("JSON");
    let data = written(&Raw { raw });
    assert_eq!(data.get(), r#"{"raw":{"b" : 1.0,  "a":1e400}}"#);
    assert_eq!(
        read::<Raw>(data.get()).map(|event| event.raw.get().to_owned()).as_deref(),
        Ok(r#"{"b" : 1.0,  "a":1e400}"#)
    );
}

#[test]
fn any_json_comes_back() {
    event! { struct Any { json: serde_json::Value, maybe: Option<serde_json::Value> } }
    event! { struct Text { json: String, maybe: Option<serde_json::Value> } }
    proven(&Any { json: serde_json::json!({"b": [1, null, 0.5], "a": "ß"}), maybe: Some(true.into()) });
    proven(&Any { json: serde_json::Value::Null, maybe: None });
    let null = Any { json: 1.into(), maybe: Some(serde_json::Value::Null) };
    assert_eq!(read(written(&null).get()), Ok(Any { json: 1.into(), maybe: None }), "JSON has one null");
    is_seen::<Any, Text>();
}

#[test]
fn bytes_are_a_list_of_numbers_and_letters_are_texts() {
    event! { struct Plain { bytes: Vec<u8>, letter: char } }
    event! { struct Texts { bytes: String, letter: char } }
    assert_eq!(
        proven(&Plain { bytes: vec![0, 255], letter: '\u{10FFFF}' }),
        "{\"bytes\":[0,255],\"letter\":\"\u{10FFFF}\"}"
    );
    assert!(read::<Plain>(r#"{"bytes":[],"letter":"ab"}"#).is_err());
    is_seen::<Plain, Texts>();
}

#[test]
fn pointers_are_what_they_point_at() {
    event! { struct Pointers { cow: Cow<'static, str>, boxed: Box<Id>, shared: Arc<str>, both: (Arc<Id>, Arc<Id>) } }
    event! { struct Numbers { cow: u8, boxed: Box<Id>, shared: Arc<str>, both: (Arc<Id>, Arc<Id>) } }
    let id = Arc::new(Id(1));
    let event = Pointers { cow: "c".into(), boxed: Box::new(Id(2)), shared: "s".into(), both: (id.clone(), id) };
    assert_eq!(proven(&event), r#"{"cow":"c","boxed":2,"shared":"s","both":[1,1]}"#);
    is_seen::<Pointers, Numbers>();
}

#[test]
fn an_enum_without_variants_is_never_there() {
    event! { struct Holding { never: Option<Never>, none: Vec<Never> } }
    event! { struct Numbers { never: Option<u8>, none: Vec<Never> } }
    proven(&Holding { never: None, none: vec![] });
    assert!(read::<Holding>(r#"{"never":"A","none":[]}"#).is_err());
    is_seen::<Holding, Numbers>();
}

#[test]
fn tuples_arrays_and_newtypes_come_back() {
    event! { struct Shapes { pair: (u8, String), three: [u8; 3], id: Id, list: Vec<(Id, Unit)> } }
    event! { struct Longer { pair: (u8, String), three: [u8; 4], id: Id, list: Vec<(Id, Unit)> } }
    event! { struct Tuple(u8, String); }
    let event = Shapes { pair: (1, "a".into()), three: [1, 2, 3], id: Id(4), list: vec![(Id(5), Unit::North)] };
    assert_eq!(proven(&event), r#"{"pair":[1,"a"],"three":[1,2,3],"id":4,"list":[[5,"North"]]}"#);
    assert_eq!(proven(&Tuple(1, "a".into())), r#"[1,"a"]"#);
    is_seen::<Shapes, Longer>();
}

#[test]
fn numbers_that_are_not_zero_are_described() {
    event! { struct NotZero { a: NonZeroU64, b: NonZeroI8 } }
    event! { struct Zero { a: u64, b: i8 } }
    proven(&NotZero { a: NonZeroU64::MAX, b: NonZeroI8::MIN });
    assert!(read::<NotZero>(r#"{"a":0,"b":1}"#).is_err());
    is_seen::<NotZero, Zero>();
}
