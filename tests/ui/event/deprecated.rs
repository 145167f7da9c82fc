//! What is said about the end of a version.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless, deprecated = true)]
struct Value;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless, deprecated(from = "2026-01-01", sunset = 2027))]
struct NoTime;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless)]
#[event(deprecated(from = "2027-01-01T00:00:00Z", sunset = "2026-01-01T00:00:00Z"))]
struct EndsBeforeItBegins;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless, deprecated(migration = "see the wiki"))]
struct NoUri;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless, deprecated(sunst = "2027-01-01T00:00:00Z", note = "gone", sunset))]
struct Unknown;

#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, keyless, deprecated, deprecated(sunset = "2027-01-01T00:00:00Z"))]
struct Twice;

fn main() {}
