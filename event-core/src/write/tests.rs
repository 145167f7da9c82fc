//! What is written is what serde_json writes, to the byte; what isn't is told with its place.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

use std::collections::BTreeMap;

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};
use serde_json::json;
use serde_json::value::RawValue;

use super::data;

#[derive(Serialize)]
struct Order {
    lines: Vec<Line>,
    totals: BTreeMap<String, f64>,
    change: Option<Change>,
}

#[derive(Serialize)]
struct Line {
    price: f64,
}

#[derive(Serialize)]
enum Change {
    Rate(f32),
    Pair(u8, f64),
    Range { from: f64, until: Option<f64> },
}

fn order() -> Order {
    Order { lines: vec![Line { price: 1.5 }, Line { price: 0.1 }], totals: BTreeMap::new(), change: None }
}

/// The place and what serde said.
fn refused(value: &impl Serialize) -> (String, String) {
    let error = data(value).unwrap_err();
    (error.place, error.source.to_string())
}

#[test]
fn a_float_without_a_number_is_told_by_its_place() {
    let mut order = order();
    order.lines[1].price = f64::NAN;
    let expected = "NaN is no number of JSON; use an `Option`, and `None` for it";
    assert_eq!(refused(&order), ("lines[1].price".to_owned(), expected.to_owned()));
    assert_eq!(refused(&f32::NEG_INFINITY).0, "");
    assert_eq!(refused(&f32::NEG_INFINITY).1, "-inf is no number of JSON; use an `Option`, and `None` for it");
    assert_eq!(refused(&Some(f64::INFINITY)).1, "inf is no number of JSON; use an `Option`, and `None` for it");
}

#[test]
fn variants_and_keys_are_steps_of_a_place() {
    let place = |change: Change| refused(&Order { change: Some(change), ..order() }).0;
    assert_eq!(place(Change::Rate(f32::NAN)), "change.Rate");
    assert_eq!(place(Change::Pair(1, f64::NAN)), "change.Pair[1]");
    assert_eq!(place(Change::Range { from: f64::NAN, until: None }), "change.Range.from");
    assert_eq!(place(Change::Range { from: 1.0, until: Some(f64::NAN) }), "change.Range.until");
    let keyed = |key: &str| refused(&Order { totals: [(key.to_owned(), f64::NAN)].into(), ..order() }).0;
    assert_eq!((keyed("eur"), keyed("2026-01")), ("totals.eur".to_owned(), "totals[\"2026-01\"]".to_owned()));
    assert_eq!(refused(&BTreeMap::from([(7, f64::NAN)])).0, "[\"7\"]");
}

#[test]
fn a_key_that_is_no_text_is_told_by_the_place_of_its_map() {
    #[derive(Serialize)]
    struct Event {
        prices: BTreeMap<(u8, u8), u8>,
    }
    let event = Event { prices: [((1, 2), 3)].into() };
    assert_eq!(refused(&event), ("prices".to_owned(), "key must be a string".to_owned()));
}

#[test]
fn what_was_caught_is_forgotten() {
    struct Caught;
    impl Serialize for Caught {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            map.serialize_key("first")?;
            assert!(map.serialize_value(&[f64::NAN]).is_err());
            map.serialize_key("second key")?;
            map.serialize_value(&f64::NAN)?;
            map.end()
        }
    }
    assert_eq!(refused(&Caught).0, "[\"second key\"]");
}

/// Every method of a serializer that isn't met elsewhere.
struct Rare;

impl Serialize for Rare {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_struct("Rare", 3)?;
        all.serialize_field("text", &Text)?;
        all.skip_field("skipped")?;
        all.serialize_field("bytes", &Bytes)?;
        all.end()
    }
}

struct Text;
impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        assert!(serializer.is_human_readable());
        serializer.collect_str(&format_args!("a {} text", '"'))
    }
}

struct Bytes;
impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(b"bytes")
    }
}

#[test]
fn everything_else_is_written_as_serde_json_does() {
    fn same(value: &impl Serialize) {
        assert_eq!(data(value).unwrap().get(), serde_json::to_string(value).unwrap());
    }
    same(&(i128::MIN, u128::MAX, i64::MIN, u64::MAX, 'ß', "\u{0}\"", (), [0.1_f32; 3], -0.0, f64::MIN_POSITIVE));
    same(&Rare);
    same(&RawValue::from_string(" {\"b\" : 1e400,\n\"a\":1.0} ".to_owned()).unwrap());
    same(&json!({"z": [1, null, {"a": 0.5}], "a": "text"}));
    same(&BTreeMap::from([(u128::MAX, Some(false)), (1, None)]));
    same(&BTreeMap::from([('a', true)]));
    same(&vec![BTreeMap::from([(true, ())]), BTreeMap::new()]);
    same(&[Some(Change::Rate(1.5)), Some(Change::Pair(1, 2.0)), None]);
    same(&Change::Range { from: f64::MAX, until: Some(1e-7) });
}
