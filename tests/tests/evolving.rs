//! The guide "Evolving an event": each of its snippets is compiled here, and does what the guide says.
#![allow(clippy::expect_used, reason = "a test says what it expected")]
#![allow(dead_code, unreachable_pub, reason = "the guide shows what a service would write")]

#[path = "evolving/additive.rs"]
mod additive;
#[path = "evolving/by_hand.rs"]
mod by_hand;
#[path = "evolving/cut_over.rs"]
mod cut_over;
#[path = "evolving/ending.rs"]
mod ending;
#[path = "evolving/fields.rs"]
mod fields;
#[path = "evolving/first.rs"]
mod first;
#[path = "evolving/function.rs"]
mod function;
#[path = "evolving/gone.rs"]
mod gone;
#[path = "evolving/readable.rs"]
mod readable;

use event_core::{DomainEvent, Draft, ReadError, SystemClock, read};
use serde_json::value::RawValue;

const GUIDE: &str = include_str!("../../docs/guides/evolving-an-event.md");

/// What is compiled, and nothing else.
const COMPILED: [&str; 9] = [
    include_str!("evolving/first.rs"),
    include_str!("evolving/additive.rs"),
    include_str!("evolving/fields.rs"),
    include_str!("evolving/function.rs"),
    include_str!("evolving/by_hand.rs"),
    include_str!("evolving/readable.rs"),
    include_str!("evolving/cut_over.rs"),
    include_str!("evolving/ending.rs"),
    include_str!("evolving/gone.rs"),
];

fn data(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).expect("the text is JSON")
}

fn snippets() -> Vec<&'static str> {
    let blocks = GUIDE.split("```rust\n").skip(1);
    blocks.map(|block| block.split("```").next().expect("a block has an end")).collect()
}

#[test]
fn every_snippet_of_the_guide_is_compiled() {
    let snippets = snippets();
    assert_eq!(snippets.len(), COMPILED.len());
    for snippet in snippets {
        assert!(COMPILED.iter().any(|file| file.contains(snippet)), "not compiled:\n{snippet}");
    }
}

#[test]
fn every_attribute_of_a_step_is_in_the_guide() {
    let attributes =
        ["from", "added", "with", "was", "since", "superseded", "readable_since", "also", "deprecated", "from_schema"];
    for attribute in attributes {
        assert!(GUIDE.contains(&format!("`{attribute}")), "`{attribute}` is missing");
    }
}

#[test]
fn an_added_field_reads_what_was_stored_without_it() {
    let placed: additive::OrderPlaced =
        read("order.placed", 1, &data(r#"{"order_id":"o-1","total_cents":5}"#)).expect("version 1 is the newest");
    assert_eq!(placed.coupon, None);
}

#[test]
fn the_steps_do_what_the_guide_says() {
    let v1 = data(r#"{"order_id":"o-1","total_cents":1205,"coupon":"MAY"}"#);
    let placed: fields::OrderPlaced = read("order.placed", 1, &v1).expect("version 1 is known");
    assert_eq!((placed.total.cents, placed.total.currency.as_str(), placed.tags.len()), (1205, "EUR", 0));
    let v2 = data(&serde_json::to_string(&placed).expect("an event is JSON"));
    let placed: function::OrderPlaced = read("order.placed", 2, &v2).expect("version 2 is known");
    assert_eq!(placed.discounts, [function::Discount { code: "MAY".to_owned() }]);
    let submitted: by_hand::OrderSubmitted = read("order.placed", 2, &v2).expect("the chain goes on");
    assert!(matches!(submitted, by_hand::OrderSubmitted::Paid { .. }));
    let negative = data(r#"{"order_id":"o-1","total":{"cents":-1,"currency":"EUR"},"discounts":[]}"#);
    let refused = read::<by_hand::OrderSubmitted>("order.placed", 3, &negative).expect_err("no order is negative");
    assert!(matches!(refused, ReadError::Upcast { to_version: 4, .. }));
}

#[test]
fn a_cut_over_makes_two_rows() {
    let total = fields::Money { cents: 1205, currency: "EUR".to_owned() };
    let event = cut_over::OrderPlaced { order_id: "o-1".to_owned(), total };
    let draft = Draft::new(&event, &SystemClock, 1000).expect("the event is JSON");
    let rows: Vec<_> = draft.rows().iter().map(|row| (row.event_version, row.data.get().to_owned())).collect();
    let older = r#"{"order_id":"o-1","total_cents":1205,"coupon":null}"#;
    assert_eq!(rows.len(), 2);
    assert_eq!(rows.get(1), Some(&(1, older.to_owned())));
    assert_eq!(readable::OrderPlaced::READABLE_SINCE, 1);
}

#[test]
fn a_version_without_a_struct_is_read() {
    let placed: gone::OrderPlaced =
        read("order.placed", 1, &data(r#"{"order_id":"o-1","total_cents":5}"#)).expect("version 1 is known");
    assert_eq!(placed.cents, 5);
    let deprecation = ending::OrderPlacedV1::DEPRECATION.expect("version 1 is deprecated");
    assert_eq!(deprecation.sunset.map(|at| at.to_string()).as_deref(), Some("2027-06-30T00:00:00.000000Z"));
}
