//! Chains whose steps were drawn by lot: every kind follows many others.

mod prelude {
    pub(super) use event_core::{DomainEvent, TryUpcast, Upcast};
    pub(super) use proptest::prelude::Strategy;
    pub(super) use schemars::JsonSchema;
    pub(super) use serde::{Deserialize, Serialize};
    pub(super) use serde_json::Value;

    pub(super) use super::{content_of_listed, content_of_named};
    pub(super) use crate::content::{self, Content, content, listed, named};
    pub(super) use crate::ladder::{Ladder, Rung};
    pub(super) use crate::values::{Line, Mood};
}

use serde_json::Value;

use crate::content::Content;
use crate::values::{Line, Mood};

/// `Named`, read without its type.
fn content_of_named(old: &Value) -> Content {
    let id = old.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let n = old.get("n").and_then(Value::as_i64).unwrap_or_default();
    Content { id, n, note: None, lines: Vec::new(), mood: Mood::Calm }
}

/// `Listed`, read without its type.
fn content_of_listed(old: &Value) -> Result<Content, String> {
    let n = old.get(0).and_then(Value::as_i64).ok_or("it isn't listed")?;
    let words = old.get(1).and_then(Value::as_array).ok_or("it has no words")?;
    let mut words = words.iter().filter_map(Value::as_str).map(str::to_owned);
    let id = words.next().ok_or_else(|| format!("{n} comes without a word"))?;
    let lines = words.map(|sku| Line { sku, pieces: 0, gift: None }).collect();
    Ok(Content { id, n, note: None, lines, mood: Mood::Loud(0) })
}

chain! { amber to V6 {
    record first V1 (type = "amber.found", version = 1)
    record added V2 of V1 (type = "amber.found", version = 2)
    choice tried V3 of V2 (type = "amber.found", version = 3)
    record with V4 of V3 (type = "amber.found", version = 4)
    record added V5 of V4 (type = "amber.found", version = 5)
    record added V6 of V5 (type = "amber.found", version = 6)
} }

chain! { basalt to V6 {
    tuple first V1 (type = "basalt.found", version = 5, since = 5)
    tuple added V2 of V1 (type = "basalt.found", version = 6, since = 5)
    tuple bare V3 of V2 (type = "basalt.mined", version = 7, since = 5, was = "basalt.found")
    tuple added V4 of V3 (type = "basalt.mined", version = 8, since = 5)
    tuple added V5 of V4 (type = "basalt.mined", version = 9, since = 5)
    record with V6 of V5 (type = "basalt.mined", version = 10, since = 5)
} }

chain! { cobalt to V6 {
    tuple schemas V1 (type = "cobalt.found", version = 3)
    choice tried V2 of V1 (type = "cobalt.found", version = 4)
    record hand V3 of V2 (type = "cobalt.found", version = 5)
    record added V4 of V3 (type = "cobalt.found", version = 6)
    record moved V5 of V4 (type = "cobalt.found", version = 7)
    record added V6 of V5 (type = "cobalt.found", version = 8)
} }

chain! { dolomite to V5 {
    record first V1 (type = "dolomite.found", version = 1)
    tuple hand V2 of V1 (type = "dolomite.found", version = 2)
    tuple added V3 of V2 (type = "dolomite.found", version = 3)
    tuple with V4 of V3 (type = "dolomite.found", version = 4)
    tuple added V5 of V4 (type = "dolomite.found", version = 5)
} }

chain! { emerald to V5 {
    record schema_with V1 (type = "emerald.found", version = 2)
    record added V2 of V1 (type = "emerald.found", version = 3)
    record bare V3 of V2 (type = "emerald.found", version = 4)
    tuple tried V4 of V3 (type = "emerald.found", version = 5)
    tuple added V5 of V4 (type = "emerald.mined", version = 1, was = "emerald.found")
} }

chain! { feldspar to V6 {
    choice first V1 (type = "feldspar.found", version = 1)
    tuple tried V2 of V1 (type = "feldspar.found", version = 2)
    record hand V3 of V2 (type = "feldspar.found", version = 3)
    record with V4 of V3 (type = "feldspar.found", version = 4)
    record bare V5 of V4 (type = "feldspar.found", version = 5)
    record added V6 of V5 (type = "feldspar.found", version = 6)
} }

chain! { garnet to V6 {
    record schema_hand V1 (type = "garnet.found", version = 2)
    record added V2 of V1 (type = "garnet.found", version = 3)
    tuple hand V3 of V2 (type = "garnet.found", version = 4)
    tuple hand V4 of V3 (type = "garnet.found", version = 5)
    tuple moved V5 of V4 (type = "garnet.found", version = 6)
    tuple added V6 of V5 (type = "garnet.found", version = 7)
} }

chain! { hematite to V4 {
    tuple first V1 (type = "hematite.found", version = 1)
    choice hand V2 of V1 (type = "hematite.found", version = 2)
    record tried V3 of V2 (type = "hematite.found", version = 3)
    record added V4 of V3 (type = "hematite.mined", version = 4, was = "hematite.found")
} }

chain! { indigo to V6 {
    tuple first V1 (type = "indigo.found", version = 3, since = 3)
    tuple bare V2 of V1 (type = "indigo.found", version = 4, since = 3)
    tuple moved V3 of V2 (type = "indigo.found", version = 5, since = 3)
    tuple with V4 of V3 (type = "indigo.found", version = 6, since = 3)
    record hand V5 of V4 (type = "indigo.found", version = 7, since = 3)
    choice tried V6 of V5 (type = "indigo.found", version = 8, since = 3)
} }

chain! { jasper to V3 {
    tuple schemas V1 (type = "jasper.found", version = 3)
    tuple added V2 of V1 (type = "jasper.found", version = 4)
    choice tried V3 of V2 (type = "jasper.found", version = 5)
} }

chain! { kyanite to V6 {
    choice first V1 (type = "kyanite.found", version = 1)
    record tried V2 of V1 (type = "kyanite.found", version = 2)
    tuple with V3 of V2 (type = "kyanite.mined", version = 3, was = "kyanite.found")
    tuple moved V4 of V3 (type = "kyanite.mined", version = 4)
    tuple bare V5 of V4 (type = "kyanite.mined", version = 5)
    choice hand V6 of V5 (type = "kyanite.mined", version = 6)
} }

chain! { larimar to V2 {
    tuple schema_hand V1 (type = "larimar.found", version = 2)
    tuple added V2 of V1 (type = "larimar.found", version = 3)
} }
