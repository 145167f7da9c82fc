//! The chain of versions: every published version is read as the newest.

use std::error::Error;
use std::fmt;

use event_core::{DomainEvent, ReadError, TryUpcast, Upcast, read, shapes};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

fn data(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).expect("the text is JSON")
}

mod v1 {
    use super::{Deserialize, DomainEvent, JsonSchema, Serialize};

    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "order.placed", version = 1, key = order_id, superseded)]
    pub(super) struct OrderPlaced {
        pub(super) order_id: String,
        pub(super) lines: Vec<String>,
        pub(super) total_cents: i64,
    }
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 2, key = order_id, from = v1::OrderPlaced, superseded)]
struct OrderPlacedV2 {
    /// Moved after an expression has borrowed it.
    lines: Vec<String>,
    #[event(added = old.lines.len())]
    count: usize,
    order_id: String,
    #[event(added = format!("{}.{:02}", old.total_cents / 100, old.total_cents % 100))]
    total: String,
    #[event(added)]
    coupon: Option<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 3, key = order_id, from = OrderPlacedV2, with = Self::counted)]
struct OrderPlaced {
    order_id: String,
    count: usize,
    total: String,
}

impl OrderPlaced {
    fn counted(old: OrderPlacedV2) -> Self {
        Self { order_id: old.order_id, count: old.count, total: old.total }
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.submitted", version = 4, key = order_id, from = OrderPlaced, was = "order.placed")]
enum OrderSubmitted {
    Empty { order_id: String },
    Full { order_id: String, total: String },
}

impl Upcast<OrderPlaced> for OrderSubmitted {
    fn upcast(old: OrderPlaced) -> Self {
        match old.count {
            0 => Self::Empty { order_id: old.order_id },
            _ => Self::Full { order_id: old.order_id, total: old.total },
        }
    }
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.renamed", version = 1, keyless, from = OrderPlaced, was = "order.placed")]
struct NumberedAnew {
    order_id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "door.opened", version = 5, since = 5, keyless, superseded)]
struct DoorV5(u8, String);

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "door.opened", version = 6, since = 5, keyless, from = DoorV5)]
struct Door(#[event(added = u16::from(old.0) * 2)] u16, String);

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "door.opened", version = 7, since = 5, keyless, from = Door)]
struct DoorWithout;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "age.given", version = 1, keyless, superseded)]
struct AgeV1 {
    years: i64,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "age.given", version = 2, keyless, from = AgeV1, with)]
struct Age {
    years: u8,
}

#[derive(Debug)]
struct NoAge(i64);

impl fmt::Display for NoAge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} years are no age", self.0)
    }
}

impl Error for NoAge {}

impl TryUpcast<AgeV1> for Age {
    type Error = NoAge;

    fn try_upcast(old: AgeV1) -> Result<Self, NoAge> {
        u8::try_from(old.years).map(|years| Self { years }).map_err(|_| NoAge(old.years))
    }
}

/// Who reads an old version needs none but the newest.
#[allow(unreachable_pub, reason = "the newer version is more visible than the older one")]
pub mod visible {
    use super::{Deserialize, DomainEvent, JsonSchema, Serialize};

    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "cat.seen", version = 1, keyless, superseded)]
    struct Hidden {
        cats: u8,
    }

    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "cat.seen", version = 2, keyless, from = Hidden)]
    pub struct Visible {
        pub cats: u8,
    }
}

/// Its versions 1 and 2 have no Rust type any more.
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "parcel.sent", version = 3, keyless, superseded, from_schema(1 = Self::from_v1, 2 = Self::from_v2))]
struct ParcelV3 {
    grams: u64,
}

impl ParcelV3 {
    fn from_v1(old: Value) -> Self {
        Self { grams: old.get("kilos").and_then(Value::as_u64).unwrap_or_default() * 1000 }
    }

    fn from_v2(old: Value) -> Result<Self, String> {
        let grams = old.get("weight").and_then(Value::as_u64).ok_or("it has no weight")?;
        Ok(Self { grams })
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "parcel.sent", version = 4, keyless, from = ParcelV3)]
struct Parcel {
    grams: u64,
}

/// By hand, and under another name.
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "lamp.switched", version = 2, keyless, from_schema = 1, was = "light.switched")]
enum LampSwitched {
    On,
    Off,
}

impl TryUpcast<Value> for LampSwitched {
    type Error = String;

    fn try_upcast(old: Value) -> Result<Self, String> {
        match old.as_bool() {
            Some(true) => Ok(Self::On),
            Some(false) => Ok(Self::Off),
            None => Err(format!("{old} is neither on nor off")),
        }
    }
}

#[test]
fn versions_without_a_type_are_read_by_their_schema_and_climb_on() {
    let parcel = |version, json: &str| read::<Parcel>("parcel.sent", version, &data(json));
    assert_eq!(parcel(1, r#"{"kilos":3}"#).expect("version 1 is known"), Parcel { grams: 3000 });
    assert_eq!(parcel(2, r#"{"weight":7}"#).expect("version 2 is known"), Parcel { grams: 7 });
    let refused = parcel(2, "{}").expect_err("version 2 has a weight");
    assert!(matches!(refused, ReadError::Upcast { to_version: 3, .. }), "{refused}");
    assert!(matches!(parcel(5, "{}"), Err(ReadError::UnknownVersion { event_version: 5, .. })));
    let versions: Vec<_> = shapes::<Parcel>().iter().map(|shape| shape.event_version).collect();
    assert_eq!(versions, [4, 3, 2, 1]);
}

#[test]
fn a_step_from_a_schema_can_be_written_by_hand() {
    let lamp = |name: &str, json: &str| read::<LampSwitched>(name, 1, &data(json));
    assert_eq!(lamp("light.switched", "true").expect("it was light.switched"), LampSwitched::On);
    assert_eq!(lamp("light.switched", "false").expect("it was light.switched"), LampSwitched::Off);
    assert!(matches!(lamp("light.switched", "3"), Err(ReadError::Upcast { .. })));
    assert!(matches!(lamp("lamp.switched", "true"), Err(ReadError::UnknownVersion { .. })));
    assert!(matches!(lamp("light.switched", "1e999"), Err(ReadError::Decode { .. })));
}

#[test]
fn an_older_version_may_be_private() {
    let seen: visible::Visible = read("cat.seen", 1, &data(r#"{"cats":3}"#)).expect("version 1 is known");
    assert_eq!(seen.cats, 3);
}

const STORED: &str = r#"{"order_id":"o-1","lines":["a","b"],"total_cents":1205}"#;

#[test]
fn a_stored_version_climbs_to_the_newest() {
    let placed: OrderPlaced = read("order.placed", 1, &data(STORED)).expect("version 1 is known");
    assert_eq!(placed, OrderPlaced { order_id: "o-1".to_owned(), count: 2, total: "12.05".to_owned() });
}

#[test]
fn a_renamed_type_reads_what_was_stored_under_its_old_name() {
    let submitted: OrderSubmitted = read("order.placed", 1, &data(STORED)).expect("version 1 is known");
    assert_eq!(submitted, OrderSubmitted::Full { order_id: "o-1".to_owned(), total: "12.05".to_owned() });
    let names = shapes::<OrderSubmitted>();
    let names: Vec<_> = names.iter().map(|shape| (shape.event_type, shape.event_version)).collect();
    let placed = "order.placed";
    assert_eq!(names, [("order.submitted", 4), (placed, 3), (placed, 2), (placed, 1)]);
}

#[test]
fn a_renamed_type_may_count_from_one() {
    assert_eq!(shapes::<NumberedAnew>().len(), 4);
    assert_eq!(NumberedAnew::EVENT_VERSION, 1);
}

#[test]
fn a_tuple_moves_by_index() {
    let door: Door = read("door.opened", 5, &data(r#"[3,"back"]"#)).expect("version 5 is known");
    assert_eq!(door, Door(6, "back".to_owned()));
    assert_eq!(shapes::<DoorWithout>().len(), 3);
}

#[test]
fn a_step_may_refuse() {
    let age = |years: &str| read::<Age>("age.given", 1, &data(&format!(r#"{{"years":{years}}}"#)));
    assert_eq!(age("36").expect("36 is an age"), Age { years: 36 });
    let refused = age("-1").expect_err("-1 is no age");
    assert!(matches!(refused, ReadError::Upcast { to_version: 2, .. }), "{refused}");
    assert_eq!(refused.source().map(ToString::to_string).as_deref(), Some("-1 years are no age"));
}
