//! An order whose shape changes with each version, as it does in life.

use std::error::Error;
use std::fmt;

use event_core::{DomainEvent, TryUpcast, Upcast};
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ladder::{Ladder, Rung};
use crate::values::{Line, Mood, integer, line, lines, maybe, mood, text};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 3, since = 3, key = order_id, superseded)]
struct V3 {
    order_id: String,
    lines: Vec<Line>,
    total_cents: i64,
    mood: Mood,
}

/// Fields are moved in another order, retyped, added and dropped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 4, since = 3, key = order_id, from = V3, superseded)]
struct V4 {
    lines: Vec<Line>,
    #[event(added = old.lines.len())]
    count: usize,
    #[event(added = format!("{} for {}", old.total_cents, old.order_id))]
    total: String,
    order_id: String,
    #[event(added)]
    coupon: Option<String>,
    #[event(added)]
    tags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 5, since = 3, key = 0, from = V4, with = first_line, superseded)]
struct V5(String, Option<Line>, String);

fn first_line(old: V4) -> V5 {
    V5(old.order_id, old.lines.into_iter().next(), old.total)
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 6, since = 3, keyless, from = V5, superseded)]
enum V6 {
    Empty,
    Of { order_id: String, line: Line },
    Gift(String, String),
}

#[derive(Debug)]
struct TooMany(u8);

impl fmt::Display for TooMany {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} pieces are too many", self.0)
    }
}

impl Error for TooMany {}

impl TryUpcast<V5> for V6 {
    type Error = TooMany;

    fn try_upcast(old: V5) -> Result<Self, TooMany> {
        match old.1 {
            None => Ok(Self::Empty),
            Some(Line { pieces: pieces @ 128.., .. }) => Err(TooMany(pieces)),
            Some(Line { gift: Some(gift), .. }) => Ok(Self::Gift(old.0, gift)),
            Some(line) => Ok(Self::Of { order_id: old.0, line }),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.submitted", version = 7, keyless, from = V6, was = "order.placed", with, superseded)]
struct V7 {
    order_id: Option<String>,
    line: Option<Line>,
}

impl Upcast<V6> for V7 {
    fn upcast(old: V6) -> Self {
        match old {
            V6::Empty => Self { order_id: None, line: None },
            V6::Of { order_id, line } => Self { order_id: Some(order_id), line: Some(line) },
            V6::Gift(order_id, gift) => {
                Self { order_id: Some(order_id), line: Some(Line { sku: gift, pieces: 1, gift: None }) }
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.submitted", version = 8, keyless, from = V7)]
struct V8 {
    #[event(added = old.line.as_ref().map_or(0, |line| line.pieces))]
    pieces: u8,
    #[event(added = old.line.clone().into_iter().collect())]
    lines: Vec<Line>,
    order_id: Option<String>,
}

fn to_v4(old: V3) -> V4 {
    let total = format!("{} for {}", old.total_cents, old.order_id);
    let count = old.lines.len();
    V4 { lines: old.lines, count, total, order_id: old.order_id, coupon: None, tags: Vec::new() }
}

fn to_v5(old: V4) -> V5 {
    V5(old.order_id, old.lines.first().cloned(), old.total)
}

fn to_v6(V5(order_id, line, _): V5) -> Result<V6, String> {
    let Some(line) = line else { return Ok(V6::Empty) };
    if line.pieces > 127 {
        return Err(format!("{} pieces are too many", line.pieces));
    }
    Ok(match line.gift {
        Some(gift) => V6::Gift(order_id, gift),
        None => V6::Of { order_id, line },
    })
}

fn to_v7(old: V6) -> V7 {
    let (order_id, line) = match old {
        V6::Empty => return V7 { order_id: None, line: None },
        V6::Of { order_id, line } => (order_id, line),
        V6::Gift(order_id, sku) => (order_id, Line { sku, pieces: 1, gift: None }),
    };
    V7 { order_id: Some(order_id), line: Some(line) }
}

fn to_v8(old: V7) -> V8 {
    match old.line {
        Some(line) => V8 { pieces: line.pieces, lines: vec![line], order_id: old.order_id },
        None => V8 { pieces: 0, lines: Vec::new(), order_id: old.order_id },
    }
}

fn v3() -> impl Strategy<Value = V3> {
    (text(), lines(), integer(), mood()).prop_map(|(order_id, lines, total_cents, mood)| V3 {
        order_id,
        lines,
        total_cents,
        mood,
    })
}

fn v4() -> impl Strategy<Value = V4> {
    let tags = prop::collection::vec(text(), 0..3);
    (lines(), any::<usize>(), text(), text(), maybe(text()), tags)
        .prop_map(|(lines, count, total, order_id, coupon, tags)| V4 { lines, count, total, order_id, coupon, tags })
}

fn v6() -> impl Strategy<Value = V6> {
    prop_oneof![
        Just(V6::Empty),
        (text(), line()).prop_map(|(order_id, line)| V6::Of { order_id, line }),
        (text(), text()).prop_map(|(order_id, gift)| V6::Gift(order_id, gift)),
    ]
}

fn ladder() -> Ladder<V8> {
    let v5 = (text(), maybe(line()), text()).prop_map(|(order_id, line, total)| V5(order_id, line, total));
    let v7 = (maybe(text()), maybe(line())).prop_map(|(order_id, line)| V7 { order_id, line });
    let v8 = (any::<u8>(), lines(), maybe(text()));
    Ladder::new([
        Rung::bottom(("order.placed", 3), v3()),
        Rung::above(("order.placed", 4), v4(), |old| Ok(to_v4(old))),
        Rung::above(("order.placed", 5), v5, |old| Ok(to_v5(old))),
        Rung::above(("order.placed", 6), v6(), to_v6).refuses(),
        Rung::above(("order.submitted", 7), v7, |old| Ok(to_v7(old))),
        Rung::above(
            ("order.submitted", 8),
            v8.prop_map(|(pieces, lines, order_id)| V8 { pieces, lines, order_id }),
            |old| Ok(to_v8(old)),
        ),
    ])
}

#[test]
fn every_version_reads_as_by_its_steps_one_by_one() {
    ladder().holds();
}

#[test]
fn exactly_the_versions_of_the_chain_are_known() {
    ladder().is_whole();
}
