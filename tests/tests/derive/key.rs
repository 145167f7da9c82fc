//! The key of an event, in all its spellings.

use std::fmt::Display;

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

fn key(event: &impl DomainEvent) -> Option<String> {
    event.event_key().map(|key| key.to_string())
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id)]
struct Field {
    order_id: u64,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = type)]
struct Raw {
    r#type: String,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = 1)]
struct Index(u8, String);

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = (tenant, order_id))]
struct Joined {
    tenant: String,
    order_id: u64,
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = (1, 0))]
struct JoinedIndices(u8, u8);

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = self::in_region)]
struct Function {
    region: Option<String>,
}

fn in_region(event: &Function) -> impl Display {
    event.region.clone().unwrap_or_else(|| "none".to_owned())
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = Method::borrowed)]
struct Method {
    name: String,
}

impl Method {
    fn borrowed(&self) -> &str {
        &self.name
    }
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.changed", version = 1, key = order_id)]
enum Variants {
    Placed { order_id: u64, total: u64 },
    Cancelled { order_id: String },
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.changed", version = 1, key = (0, 1))]
enum Tuples {
    Placed(u64, String, bool),
    Cancelled(String, u8),
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "shop.order.changed", version = 1, keyless)]
enum Keyless {
    Opened,
    Closed(u8),
}

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "shop.order.changed", version = 1, keyless, aggregate = "shop")]
struct Unit;

#[test]
fn a_key_is_a_field() {
    assert_eq!(key(&Field { order_id: 7 }).as_deref(), Some("7"));
    assert_eq!(key(&Raw { r#type: "a/b".to_owned() }).as_deref(), Some("a/b"));
    assert_eq!(key(&Index(1, "b".to_owned())).as_deref(), Some("b"));
}

#[test]
fn a_key_of_several_fields_is_joined() {
    assert_eq!(key(&Joined { tenant: "a/b%".to_owned(), order_id: 7 }).as_deref(), Some("a%2Fb%25/7"));
    assert_eq!(key(&JoinedIndices(1, 2)).as_deref(), Some("2/1"));
}

#[test]
fn a_key_is_made_by_a_function() {
    assert_eq!(key(&Function { region: None }).as_deref(), Some("none"));
    assert_eq!(key(&Method { name: "n".to_owned() }).as_deref(), Some("n"));
}

#[test]
fn every_variant_has_the_key() {
    assert_eq!(key(&Variants::Placed { order_id: 7, total: 1 }).as_deref(), Some("7"));
    assert_eq!(key(&Variants::Cancelled { order_id: "o".to_owned() }).as_deref(), Some("o"));
    assert_eq!(key(&Tuples::Placed(7, "x".to_owned(), true)).as_deref(), Some("7/x"));
    assert_eq!(key(&Tuples::Cancelled("o".to_owned(), 1)).as_deref(), Some("o/1"));
}

#[test]
fn a_keyless_event_has_none() {
    assert_eq!(key(&Keyless::Closed(1)), None);
    assert_eq!(key(&Unit), None);
}

#[test]
fn an_aggregate_is_the_type_before_its_last_dot_unless_given() {
    assert_eq!(Keyless::AGGREGATE, "shop.order");
    assert_eq!(Unit::AGGREGATE, "shop");
}
