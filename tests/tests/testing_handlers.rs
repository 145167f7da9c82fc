//! The guide "Testing handlers": each of its snippets is compiled here, and runs.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(unreachable_pub, reason = "the guide shows what a service would write")]

#[path = "testing_handlers/bench.rs"]
mod bench;
#[path = "testing_handlers/faults.rs"]
mod faults;
#[path = "testing_handlers/first.rs"]
mod first;
#[path = "testing_handlers/letters.rs"]
mod letters;
#[path = "testing_handlers/order.rs"]
mod order;
#[path = "testing_handlers/shop.rs"]
mod shop;

use event_core::testing::Expected;
use shop::{InvoiceIssued, OrderPlaced};

const GUIDE: &str = include_str!("../../docs/guides/testing-handlers.md");

/// What is compiled, and nothing else.
const COMPILED: [&str; 6] = [
    include_str!("testing_handlers/shop.rs"),
    include_str!("testing_handlers/bench.rs"),
    include_str!("testing_handlers/first.rs"),
    include_str!("testing_handlers/faults.rs"),
    include_str!("testing_handlers/letters.rs"),
    include_str!("testing_handlers/order.rs"),
];

#[test]
fn every_snippet_of_the_guide_is_compiled() {
    let blocks = GUIDE.split("```rust\n").skip(1);
    let snippets: Vec<_> = blocks.map(|block| block.split("```").next().unwrap()).collect();
    assert_eq!(snippets.len(), COMPILED.len());
    for snippet in snippets {
        assert!(COMPILED.iter().any(|file| file.contains(snippet)), "not compiled:\n{snippet}");
    }
}

fn invoice(order_id: &str, cents: i64) -> InvoiceIssued {
    InvoiceIssued { order_id: order_id.to_owned(), cents }
}

/// The difference that the guide shows.
#[tokio::test]
async fn a_difference_shows_what_is_common_and_what_is_not() {
    let kit = bench::bench().await.unwrap();
    let order = |order_id: &str, cents| OrderPlaced { order_id: order_id.to_owned(), cents };
    kit.deliver_all(&[order("o-1", 990), order("o-2", 50), order("o-3", 7)]).await.unwrap();
    let expected = [invoice("o-1", 990), invoice("o-2", 60), invoice("o-4", 1)].map(|event| Expected::of(&event));
    let difference = kit.compare_published(expected).await.unwrap().unwrap().to_string();
    insta::assert_snapshot!(difference, @r#"
    what was published is not what was expected (- expected, + published)
      invoice.issued v1 o-1 {"cents":990,"order_id":"o-1"}
    - invoice.issued v1 o-2 {"cents":60,"order_id":"o-2"}
    + invoice.issued v1 o-2 {"cents":50,"order_id":"o-2"}
    + invoice.issued v1 o-3 {"cents":7,"order_id":"o-3"}
    - invoice.issued v1 o-4 {"cents":1,"order_id":"o-4"}
    "#);
    assert!(GUIDE.contains(&difference), "the guide should show:\n{difference}");
    assert!(kit.compare_published([]).await.unwrap().is_none(), "what was compared isn't compared again");
}

#[tokio::test]
#[should_panic(expected = "what was published is not what was expected")]
async fn an_event_too_few_fails_the_assertion() {
    let kit = bench::bench().await.unwrap();
    event_core::assert_published!(kit, [invoice("o-1", 1)]);
}

#[tokio::test]
async fn a_gap_that_nothing_closes_is_told() {
    let kit = bench::bench().await.unwrap();
    let body = br#"{"specversion":"1.0","id":"1","source":"/shop","type":"order.placed","subject":"o-1","sequence":"00000000000000000009",
        "previous":"00000000000000000005","data":{"order_id":"o-1","cents":1}}"#;
    assert_eq!(kit.deliver_message(body).await.unwrap().gaps, 1);
    assert_eq!(kit.census().await.unwrap().gaps, 1);
}
