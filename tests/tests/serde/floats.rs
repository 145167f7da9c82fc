//! Floats: what JSON has a number for is written as serde_json does, what it hasn't is refused before anything is written.

use std::collections::BTreeMap;
use std::sync::Arc;

use event_core::{DEFAULT_MAX_DATA_BYTES, DomainEvent, Draft, EnqueueError, SystemClock, error_chain};
use event_sqlx::Enqueue;
use event_tests::setup::sqlite_pool;
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "basket.priced", version = 1, key = id)]
struct Priced {
    id: String,
    lines: Vec<Line>,
    discount: Option<f64>,
    #[serde(flatten)]
    extra: BTreeMap<String, f64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Line {
    price: f32,
}

fn priced() -> Priced {
    let lines = vec![Line { price: 1.5 }, Line { price: 0.1 }, Line { price: -0.0 }];
    Priced { id: "b-1".to_owned(), lines, discount: None, extra: BTreeMap::new() }
}

fn draft<E: event_core::Publish>(event: &E) -> Result<Draft, EnqueueError> {
    Draft::new(event, &SystemClock, DEFAULT_MAX_DATA_BYTES)
}

fn refused(change: impl FnOnce(&mut Priced)) -> String {
    let mut event = priced();
    change(&mut event);
    error_chain(&draft(&event).unwrap_err()).join(": ")
}

#[test]
fn a_float_that_json_has_no_number_for_is_refused_with_its_place() {
    let expected = "cannot serialise `lines[2].price` of `basket.priced`: NaN is no number of JSON; use an `Option`, and `None` for it";
    assert_eq!(refused(|event| event.lines.get_mut(2).unwrap().price = f32::NAN), expected);
    let expected =
        "cannot serialise `discount` of `basket.priced`: -inf is no number of JSON; use an `Option`, and `None` for it";
    assert_eq!(refused(|event| event.discount = Some(f64::NEG_INFINITY)), expected);
    let expected =
        "cannot serialise `eur` of `basket.priced`: inf is no number of JSON; use an `Option`, and `None` for it";
    assert_eq!(refused(|event| event.extra = [("eur".to_owned(), f64::INFINITY)].into()), expected);
}

#[test]
fn finite_floats_come_back_to_the_last_digit() {
    for price in [0.1_f32, -0.0, f32::MIN_POSITIVE, f32::MAX, 16_777_217.0] {
        let event = Priced { lines: vec![Line { price }], discount: Some(f64::from(price) / 3.0), ..priced() };
        let data = draft(&event).unwrap().content.data;
        let back: Priced = event_core::read("basket.priced", 1, &data).unwrap();
        assert_eq!(back.lines.first().map(|line| line.price.to_bits()), Some(price.to_bits()));
        let (read, written) = (back.discount.unwrap(), event.discount.unwrap());
        assert!((read - written).abs() <= written.abs() * f64::EPSILON, "{read} is not {written}");
    }
}

#[tokio::test]
async fn a_refused_event_writes_nothing_and_the_transaction_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let pool = sqlite_pool(&folder.path().join("test.db")).await;
    event_sqlx::migrate(&pool).await.unwrap();
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    priced().enqueue(&mut tx).await.unwrap();
    let error = Priced { discount: Some(f64::NAN), ..priced() }.enqueue(&mut tx).await.unwrap_err();
    assert!(error.is_permanent() && matches!(&error, EnqueueError::Serialize { place, .. } if place == "discount"));
    priced().enqueue(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM event_outbox").fetch_one(&pool).await.unwrap();
    assert_eq!(rows, 2);
}

/// A value of every shape that serde knows.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
enum Any {
    Unit,
    Float(f64),
    Small(f32),
    Wide(i128, u128),
    Text { text: String, letter: char, flag: Option<bool> },
    List(Vec<Any>),
    Map(BTreeMap<String, Any>),
    Numbered(BTreeMap<u64, Any>),
    Shared(Arc<Any>),
    Json(serde_json::Value),
    Raw(#[schemars(with = "serde_json::Value")] Box<RawValue>),
    Tagged(Tagged),
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
enum Tagged {
    Pair { pair: (f64, Option<Box<Any>>) },
    Inner(Inner),
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Inner {
    #[serde(flatten)]
    rest: BTreeMap<String, f64>,
    deep: Vec<Tagged>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "any.thing", version = 1, keyless)]
struct Anything(Any);

fn anything(float: BoxedStrategy<f64>) -> BoxedStrategy<Any> {
    let raw = any_json().prop_map(|value| Any::Raw(RawValue::from_string(format!(" {value:#}\n")).unwrap()));
    let leaf = prop_oneof![
        Just(Any::Unit),
        float.clone().prop_map(Any::Float),
        float.clone().prop_map(|float| Any::Small(float as f32)),
        (any::<i128>(), any::<u128>()).prop_map(|(signed, wide)| Any::Wide(signed, wide)),
        (".{0,6}", any::<char>(), any::<Option<bool>>()).prop_map(|(text, letter, flag)| Any::Text {
            text,
            letter,
            flag
        }),
        any_json().prop_map(Any::Json),
        raw,
    ];
    leaf.prop_recursive(4, 40, 4, move |inner| {
        let rest = prop::collection::btree_map(".{0,3}", float.clone(), 0..3);
        let pair = (float.clone(), prop::option::of(inner.clone()));
        let pair = pair.prop_map(|(float, any)| Tagged::Pair { pair: (float, any.map(Box::new)) });
        let tagged = (rest, prop::collection::vec(pair.clone(), 0..3));
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Any::List),
            prop::collection::btree_map(".{0,3}", inner.clone(), 0..4).prop_map(Any::Map),
            prop::collection::btree_map(any::<u64>(), inner.clone(), 0..4).prop_map(Any::Numbered),
            inner.prop_map(|any| Any::Shared(Arc::new(any))),
            pair.prop_map(Any::Tagged),
            tagged.prop_map(|(rest, deep)| Any::Tagged(Tagged::Inner(Inner { rest, deep }))),
        ]
    })
    .boxed()
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let texts = prop::collection::btree_map(".{0,3}", prop::option::of(any::<i64>()), 0..3);
    texts.prop_map(|texts| serde_json::to_value(texts).unwrap())
}

/// A finite float that stays finite as an `f32`.
fn of_both() -> BoxedStrategy<f64> {
    any::<f64>().prop_filter("it overflows", |float| (*float as f32).is_finite()).boxed()
}

/// Whether a float in it is NaN or infinite.
fn is_unwritable(any: &Any) -> bool {
    let of_tagged = |tagged: &Tagged| match tagged {
        Tagged::Pair { pair: (float, inner) } => !float.is_finite() || inner.as_deref().is_some_and(is_unwritable),
        Tagged::Inner(_) => false,
    };
    match any {
        Any::Float(float) => !float.is_finite(),
        Any::Small(float) => !float.is_finite(),
        Any::List(items) => items.iter().any(is_unwritable),
        Any::Map(map) => map.values().any(is_unwritable),
        Any::Numbered(map) => map.values().any(is_unwritable),
        Any::Shared(inner) => is_unwritable(inner),
        Any::Tagged(Tagged::Inner(inner)) => {
            inner.rest.values().any(|float| !float.is_finite()) || inner.deep.iter().any(of_tagged)
        }
        Any::Tagged(tagged) => of_tagged(tagged),
        Any::Unit | Any::Wide(..) | Any::Text { .. } | Any::Json(_) | Any::Raw(_) => false,
    }
}

proptest! {
    #[test]
    fn what_is_written_is_what_serde_json_writes_to_the_byte(any in anything(of_both())) {
        let event = Anything(any);
        let data = draft(&event).unwrap().content.data;
        prop_assert_eq!(data.get(), serde_json::to_string(&event).unwrap());
    }

    #[test]
    fn an_event_is_refused_exactly_when_a_float_in_it_has_no_number(any in anything(prop_oneof![
        9 => -1e30..1e30,
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY)],
    ].boxed())) {
        let event = Anything(any);
        match draft(&event) {
            Ok(draft) => {
                prop_assert!(!is_unwritable(&event.0));
                prop_assert_eq!(draft.content.data.get(), serde_json::to_string(&event).unwrap());
            }
            Err(EnqueueError::Serialize { place, .. }) => {
                prop_assert!(is_unwritable(&event.0));
                prop_assert!(!place.is_empty());
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}
