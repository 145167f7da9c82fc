//! serde's attributes on an event: those that are supported come back, and are described.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::proven::{event, is_seen, part, poison, proven, read, unwritable, written};

part! {
    struct Inner {
        x: u8,
    }
}

event! {
    struct Plain {
        first_name: u8,
    }
}

#[test]
fn renamed_parts_are_read_as_they_are_written() {
    event! { struct Renamed { #[serde(rename = "größe")] first_name: u8 } }
    event! { #[serde(rename_all = "camelCase")] struct Cased { first_name: u8 } }
    event! { enum Change { #[serde(rename = "gone")] Cancelled { by: u8 } } }
    event! { #[serde(rename_all = "kebab-case", rename_all_fields = "UPPERCASE")] enum Cases { TwoWords { by: u8 } } }
    event! { struct Split { #[serde(rename(serialize = "new", deserialize = "old"), alias = "new")] first_name: u8 } }
    assert_eq!(proven(&Renamed { first_name: 1 }), r#"{"größe":1}"#);
    assert_eq!(proven(&Cased { first_name: 1 }), r#"{"firstName":1}"#);
    assert_eq!(proven(&Change::Cancelled { by: 1 }), r#"{"gone":{"by":1}}"#);
    assert_eq!(proven(&Cases::TwoWords { by: 1 }), r#"{"two-words":{"BY":1}}"#);
    assert_eq!(written(&Split { first_name: 1 }).get(), r#"{"new":1}"#);
    assert_eq!(read(r#"{"new":1}"#), Ok(Split { first_name: 1 }));
    is_seen::<Plain, Renamed>();
    is_seen::<Plain, Cased>();
    is_seen::<Change, Cases>();
}

#[test]
fn a_name_that_is_written_and_not_read_is_poison() {
    event! {
        #[allow(deprecated)]
        struct Split { #[serde(rename(serialize = "new"))] old: u8 }
    }
    event! {
        #[allow(deprecated)]
        #[serde(rename_all(serialize = "camelCase"))]
        struct Cased { first_name: Option<u8> }
    }
    assert!(poison(&Split { old: 1 }).contains("missing field `old`"));
    assert_eq!(read(written(&Cased { first_name: Some(1) }).get()), Ok(Cased { first_name: None }), "it is lost");
}

#[test]
fn an_alias_is_read_in_place_of_the_name() {
    event! { struct Aliased { #[serde(alias = "before", alias = "long_before")] now: u8 } }
    assert_eq!(proven(&Aliased { now: 1 }), r#"{"now":1}"#);
    for name in ["before", "long_before"] {
        assert_eq!(read(&format!(r#"{{"{name}":1}}"#)), Ok(Aliased { now: 1 }));
    }
}

fn seven() -> u8 {
    7
}

#[test]
fn an_absent_field_with_a_default_is_read() {
    event! { struct OnField { #[serde(default)] a: u8, #[serde(default = "seven")] b: u8 } }
    event! { #[derive(Default)] #[serde(default)] struct OnItem { a: u8, b: u8 } }
    event! { struct Without { a: u8, b: u8 } }
    proven(&OnField { a: 1, b: 2 });
    proven(&OnItem { a: 1, b: 2 });
    assert_eq!(read("{}"), Ok(OnField { a: 0, b: 7 }));
    assert_eq!(read("{}"), Ok(OnItem::default()));
    is_seen::<Without, OnField>();
    is_seen::<Without, OnItem>();
}

#[test]
fn denied_fields_are_in_the_schema() {
    event! { #[serde(deny_unknown_fields)] struct Denying { first_name: u8 } }
    proven(&Denying { first_name: 1 });
    assert!(read::<Denying>(r#"{"first_name":1,"more":2}"#).unwrap_err().contains("unknown field `more`"));
    is_seen::<Plain, Denying>();
}

#[test]
fn tags_inside_beside_and_around_are_described() {
    event! { enum Around { A { a: u8 }, B(Inner), C, D(u8, u8) } }
    event! { #[serde(tag = "kind")] enum Inside { A { a: u8 }, B(Inner), C, D(()) } }
    event! { #[serde(tag = "kind", content = "of")] enum Beside { A { a: u8 }, B(Inner), C, D(u8, u8) } }
    assert_eq!(proven(&Around::A { a: 1 }), r#"{"A":{"a":1}}"#);
    for event in [Around::B(Inner { x: 1 }), Around::C, Around::D(1, 2)] {
        proven(&event);
    }
    assert_eq!(proven(&Inside::A { a: 1 }), r#"{"kind":"A","a":1}"#);
    for event in [Inside::B(Inner { x: 1 }), Inside::C] {
        proven(&event);
    }
    assert_eq!(proven(&Beside::A { a: 1 }), r#"{"kind":"A","of":{"a":1}}"#);
    for event in [Beside::B(Inner { x: 1 }), Beside::C, Beside::D(1, 2)] {
        proven(&event);
    }
    is_seen::<Around, Inside>();
    is_seen::<Inside, Beside>();
}

#[test]
fn a_tag_on_a_struct_is_in_no_schema() {
    event! { #[allow(deprecated)] #[serde(tag = "kind")] struct Tagged { a: u8 } }
    event! { #[allow(deprecated)] #[serde(tag = "kind", deny_unknown_fields)] struct Denying { a: u8 } }
    assert_eq!(written(&Tagged { a: 1 }).get(), r#"{"kind":"Tagged","a":1}"#);
    assert!(event_core::writer_schema::<Tagged>().pointer("/properties/kind").is_none());
    assert!(poison(&Denying { a: 1 }).contains("unknown field `kind`"));
}

#[test]
fn a_value_into_which_no_tag_can_be_written_is_refused() {
    event! { #[allow(deprecated)] #[serde(tag = "kind")] enum Tagged { Weighed(u64) } }
    let said = unwritable(&Tagged::Weighed(1));
    assert!(said.starts_with("cannot serialise `serde.tried`: cannot serialize tagged newtype variant"), "{said}");
}

#[test]
fn an_untagged_variant_takes_what_the_others_can_not_read() {
    event! {
        #[allow(deprecated)]
        enum Change { A { a: u8 }, #[serde(untagged)] Any(BTreeMap<String, BTreeMap<String, u8>>) }
    }
    let any = Change::Any([("A".to_owned(), [("a".to_owned(), 1)].into())].into());
    assert_eq!(read(written(&any).get()), Ok(Change::A { a: 1 }), "another variant was written");
    proven(&Change::A { a: 1 });
}

#[test]
fn other_reads_names_that_are_unknown() {
    event! { #[serde(tag = "kind")] enum Inside { A, #[serde(other)] Unknown } }
    event! { enum Around { A, #[serde(other)] Unknown } }
    proven(&Inside::Unknown);
    proven(&Around::Unknown);
    assert_eq!(read(r#"{"kind":"B","b":1}"#), Ok(Inside::Unknown));
    assert_eq!(read(r#""B""#), Ok(Around::Unknown));
    assert!(read::<Around>(r#"{"B":1}"#).is_err(), "around its data no name is unknown to serde");
}

#[test]
fn a_skipped_part_is_not_on_the_wire() {
    event! { struct Skipping { first_name: u8, #[serde(skip)] cache: u8 } }
    event! { struct InTuple(u8, #[serde(skip)] u8, u8); }
    event! { enum Change { A, #[serde(skip)] Never } }
    assert_eq!(proven(&Skipping { first_name: 1, cache: 0 }), r#"{"first_name":1}"#);
    assert_eq!(proven(&InTuple(1, 0, 3)), "[1,3]");
    proven(&Change::A);
    assert!(unwritable(&Change::Never).ends_with("the enum variant Change::Never cannot be serialized"));
    assert_eq!(event_core::writer_schema::<Skipping>().pointer("/properties/cache"), None);
}

#[test]
fn a_field_for_one_side_needs_a_default_on_the_other() {
    event! { struct Read { #[serde(skip_serializing, default)] a: u8, #[serde(skip_deserializing)] b: u8 } }
    event! { #[allow(deprecated)] struct Unread { #[serde(skip_serializing)] a: u8 } }
    event! { #[allow(deprecated)] #[serde(deny_unknown_fields)] struct Denying { #[serde(skip_deserializing)] b: u8 } }
    event! { #[allow(deprecated)] enum Change { #[serde(skip_deserializing)] Lost } }
    event! { struct Both { a: u8, b: u8 } }
    proven(&Read { a: 0, b: 0 });
    assert_eq!(read(r#"{"a":1,"b":2}"#), Ok(Read { a: 1, b: 0 }));
    assert!(poison(&Unread { a: 1 }).contains("missing field `a`"));
    assert!(poison(&Denying { b: 1 }).contains("unknown field `b`"));
    assert!(poison(&Change::Lost).contains("unknown variant `Lost`"));
    is_seen::<Both, Read>();
}

#[test]
fn what_is_left_out_is_read_by_its_default() {
    event! {
        struct LeftOut {
            #[serde(skip_serializing_if = "Option::is_none")] a: Option<u8>,
            #[serde(default, skip_serializing_if = "Vec::is_empty")] b: Vec<u8>,
        }
    }
    event! { struct Always { a: Option<u8>, b: Vec<u8> } }
    assert_eq!(proven(&LeftOut { a: None, b: vec![] }), "{}");
    proven(&LeftOut { a: Some(1), b: vec![2] });
    is_seen::<Always, LeftOut>();
}

#[test]
fn what_is_left_out_without_a_default_is_poison() {
    event! {
        #[allow(deprecated)]
        struct LeftOut { #[serde(skip_serializing_if = "Vec::is_empty")] a: Vec<u8> }
    }
    event! {
        #[allow(deprecated)]
        struct ByHand { #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "read_option")] a: Option<u8> }
    }
    assert!(poison(&LeftOut { a: vec![] }).contains("missing field `a`"));
    assert!(poison(&ByHand { a: None }).contains("missing field `a`"));
}

#[test]
fn an_item_that_is_left_out_of_a_tuple_gives_its_place_away() {
    event! {
        #[allow(deprecated)]
        struct Pair(u8, #[serde(default, skip_serializing_if = "Option::is_none")] Option<u8>, #[serde(default)] u8);
    }
    event! { #[allow(deprecated)] struct Late(u8, #[serde(skip_deserializing)] u8, u8); }
    assert_eq!(read(written(&Pair(1, None, 3)).get()), Ok(Pair(1, Some(3), 0)), "the third became the second");
    assert!(poison(&Late(1, 2, 3)).contains("trailing characters"));
}

fn read_option<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u8>, D::Error> {
    Option::deserialize(from)
}

fn as_text<S: Serializer>(number: &u8, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(number)
}

fn from_text<'de, D: Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
}

mod text {
    pub(super) use super::{as_text as serialize, from_text as deserialize};
}

#[test]
fn functions_are_described_by_schemars_with() {
    event! { struct Apart { #[serde(serialize_with = "as_text", deserialize_with = "from_text")] #[schemars(with = "String")] first_name: u8 } }
    event! { struct Together { #[serde(with = "text")] #[schemars(with = "String")] first_name: u8 } }
    assert_eq!(proven(&Apart { first_name: 1 }), r#"{"first_name":"1"}"#);
    assert_eq!(proven(&Together { first_name: 1 }), r#"{"first_name":"1"}"#);
    is_seen::<Plain, Apart>();
    is_seen::<Plain, Together>();
}

#[test]
fn functions_alone_are_in_no_schema() {
    event! { #[allow(deprecated)] struct Apart { #[serde(serialize_with = "as_text", deserialize_with = "from_text")] a: u8 } }
    event! { #[allow(deprecated)] struct Single { #[serde(serialize_with = "as_text")] a: u8 } }
    assert_eq!(written(&Apart { a: 1 }).get(), r#"{"a":"1"}"#);
    let schema = event_core::writer_schema::<Apart>();
    assert_eq!(schema.pointer("/properties/a/type"), Some(&"integer".into()), "the schema doesn't know");
    assert!(poison(&Single { a: 1 }).contains("invalid type: string \"1\""));
}

#[test]
fn a_remote_type_is_described_by_its_definition() {
    #[derive(Debug, Clone, PartialEq)]
    struct Elsewhere {
        x: u8,
    }
    #[derive(Serialize, Deserialize, schemars::JsonSchema)]
    #[serde(remote = "Elsewhere")]
    struct ElsewhereDef {
        #[serde(getter = "x")]
        x: u8,
    }
    fn x(from: &Elsewhere) -> &u8 {
        &from.x
    }
    impl From<ElsewhereDef> for Elsewhere {
        fn from(from: ElsewhereDef) -> Self {
            Self { x: from.x }
        }
    }
    event! { struct Holding { #[serde(with = "ElsewhereDef")] a: Elsewhere } }
    assert_eq!(proven(&Holding { a: Elsewhere { x: 1 } }), r#"{"a":{"x":1}}"#);
}

#[test]
fn an_event_may_check_itself_by_remote_self() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema, event_core::DomainEvent)]
    #[serde(remote = "Self")]
    #[event(type = "serde.tried", version = 1, keyless)]
    struct Checked {
        a: u8,
    }
    impl Serialize for Checked {
        fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
            Self::serialize(self, to)
        }
    }
    impl<'de> Deserialize<'de> for Checked {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            Self::deserialize(from)
        }
    }
    assert_eq!(proven(&Checked { a: 1 }), r#"{"a":1}"#);
}

#[test]
fn flattened_structs_and_maps_are_described() {
    event! { struct OfStruct { a: u8, #[serde(flatten)] inner: Inner } }
    event! { struct OfOption { a: u8, #[serde(flatten, skip_serializing_if = "Option::is_none")] inner: Option<Inner> } }
    event! { struct OfMap { a: u8, #[serde(flatten)] rest: BTreeMap<String, u64> } }
    assert_eq!(proven(&OfStruct { a: 1, inner: Inner { x: 2 } }), r#"{"a":1,"x":2}"#);
    proven(&OfOption { a: 1, inner: None });
    proven(&OfOption { a: 1, inner: Some(Inner { x: 2 }) });
    assert_eq!(
        proven(&OfMap { a: 1, rest: [("b".to_owned(), u64::MAX)].into() }),
        r#"{"a":1,"b":18446744073709551615}"#
    );
    is_seen::<OfStruct, OfOption>();
    is_seen::<OfStruct, OfMap>();
}

#[test]
fn a_flattened_map_beside_denied_fields_is_poison() {
    event! {
        #[allow(deprecated)]
        #[serde(deny_unknown_fields)]
        struct OfMap { a: u8, #[serde(flatten)] rest: BTreeMap<String, u8> }
    }
    assert!(poison(&OfMap { a: 1, rest: [("b".to_owned(), 2)].into() }).contains("unknown field `b`"));
}

#[test]
fn a_transparent_event_is_its_field() {
    event! { #[serde(transparent)] struct Transparent { inner: Inner } }
    event! { struct Newtype(Inner); }
    event! { #[serde(transparent)] struct OfText { inner: String } }
    assert_eq!(proven(&Transparent { inner: Inner { x: 1 } }), r#"{"x":1}"#);
    proven(&Newtype(Inner { x: 1 }));
    is_seen::<Transparent, OfText>();
}

#[test]
fn a_type_that_stands_for_another_on_the_wire_is_described_by_it() {
    event! { #[serde(from = "Inner", into = "Inner")] struct Infallible { a: u8 } }
    impl From<Inner> for Infallible {
        fn from(inner: Inner) -> Self {
            Self { a: inner.x }
        }
    }
    impl From<Infallible> for Inner {
        fn from(event: Infallible) -> Self {
            Self { x: event.a }
        }
    }
    event! { #[serde(try_from = "u8", into = "u8")] struct Even { a: u8 } }
    impl TryFrom<u8> for Even {
        type Error = &'static str;
        fn try_from(a: u8) -> Result<Self, Self::Error> {
            if a.is_multiple_of(2) { Ok(Self { a }) } else { Err("it is odd") }
        }
    }
    impl From<Even> for u8 {
        fn from(event: Even) -> Self {
            event.a
        }
    }
    assert_eq!(proven(&Infallible { a: 1 }), r#"{"x":1}"#);
    assert_eq!(proven(&Even { a: 2 }), "2");
    assert!(read::<Even>("3").unwrap_err().contains("it is odd"));
    is_seen::<Infallible, Even>();
}

#[test]
fn settings_of_the_code_change_nothing_on_the_wire() {
    event! {
        #[serde(crate = "::serde", bound = "", expecting = "a plain event")]
        struct Settings { first_name: u8 }
    }
    assert_eq!(proven(&Settings { first_name: 1 }), r#"{"first_name":1}"#);
    assert!(read::<Settings>("1").unwrap_err().contains("expected a plain event"));
}

#[test]
fn identifiers_are_for_foreign_events_and_read_names() {
    #[derive(Debug, PartialEq, Deserialize, schemars::JsonSchema, event_core::DomainEvent)]
    #[serde(variant_identifier, rename_all = "snake_case")]
    #[event(type = "serde.tried", version = 1, foreign)]
    enum Variant {
        First,
        Second,
    }
    #[derive(Debug, PartialEq, Deserialize, schemars::JsonSchema, event_core::DomainEvent)]
    #[allow(deprecated)]
    #[serde(field_identifier)]
    #[event(type = "serde.tried", version = 1, foreign)]
    enum Field {
        First,
        Other(String),
    }
    let raw = |text: &str| serde_json::value::RawValue::from_string(text.to_owned()).expect("JSON");
    let variant: Variant = event_core::read("serde.tried", 1, &raw(r#""second""#)).expect("it is read");
    assert_eq!(variant, Variant::Second);
    let field: Field = event_core::read("serde.tried", 1, &raw(r#""any""#)).expect("it is read");
    assert_eq!(field, Field::Other("any".to_owned()));
    let schema = serde_json::to_string(&event_core::reader_schema::<Field>()).expect("a schema is JSON");
    assert!(schema.contains(r#""properties":{"Other""#), "the schema says an object: {schema}");
}
