//! Wire types are words joined by dots.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order", version = 1, keyless)]
struct NoDot;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order placed.v1", version = 1, keyless)]
struct Space;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order..placed", version = 1, keyless)]
struct TwoDots;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "", version = 1, keyless)]
struct Empty;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "bestellung.aufgehört", version = 1, keyless)]
struct NotAscii;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "a.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", version = 1, keyless)]
struct TooLong;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = order_placed, version = 1, keyless)]
struct NoString;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type, version = 1, keyless)]
struct NoValue;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = , version = 1, keyless)]
struct NoValueAfterEquals;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless, aggregate = "an order")]
struct Aggregate;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless, aggregate = 5)]
struct AggregateNoString;

fn main() {}
