//! The guide "Choosing keys": each of its snippets is compiled here, and each of its claims is tried.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(dead_code, unreachable_pub, reason = "the guide shows what a service would write")]

#[path = "keys/entity.rs"]
mod entity;
#[path = "keys/none.rs"]
mod none;
#[path = "keys/parts.rs"]
mod parts;
#[path = "keys/wide.rs"]
mod wide;

use std::collections::{BTreeMap, BTreeSet};

use entity::{OrderCancelled, OrderPlaced};
use event_core::runtime::Counts;
use event_core::testing::{ManualClock, MemoryContext, MemoryStore};
use event_core::{
    Consumer, DomainEvent, Draft, HandlerError, HandlerResult, PartitionKey, Publish, Relay, SystemClock,
    event_handlers,
};
use event_tests::recorder::Recorder;
use none::PageViewed;
use parts::StockMoved;
use wide::BasketFilled;

const GUIDE: &str = include_str!("../../docs/guides/choosing-keys.md");

/// What is compiled, and nothing else.
const COMPILED: [&str; 4] = [
    include_str!("keys/entity.rs"),
    include_str!("keys/wide.rs"),
    include_str!("keys/parts.rs"),
    include_str!("keys/none.rs"),
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

/// What orders an event.
fn ordering_key(event: &impl Publish) -> PartitionKey {
    let draft = Draft::new(event, &SystemClock, 1000).unwrap();
    let rows = draft.rows();
    let row = rows.first().unwrap();
    PartitionKey::new(row.aggregate, row.key, row.id)
}

#[test]
fn a_cancellation_is_in_the_order_of_its_order() {
    let placed = OrderPlaced { order_id: "o-1".to_owned(), customer_id: "c-1".to_owned() };
    let cancelled = OrderCancelled { order_id: "o-1".to_owned() };
    assert_eq!(ordering_key(&placed), ordering_key(&cancelled));
    assert_eq!(OrderPlaced::AGGREGATE, "order");
}

#[test]
fn no_two_pairs_make_the_same_key_and_no_two_views_are_ordered() {
    let moved = |warehouse: &str, article| StockMoved { warehouse: warehouse.to_owned(), article, pieces: 1 };
    assert_eq!(ordering_key(&moved("a/1", 2)).as_str(), "stock/a%2F1/2");
    assert_ne!(ordering_key(&moved("a/1", 2)), ordering_key(&moved("a", 12)));
    let viewed = PageViewed { page: "/".to_owned() };
    assert_ne!(ordering_key(&viewed), ordering_key(&viewed), "each has its id");
}

#[test]
fn a_thousand_keys_fill_all_slots_and_ten_do_not() {
    let slots = |count: u32| {
        let keys = (0..count).map(|number| PartitionKey::from(format!("order/o-{number}")).slot().number());
        keys.collect::<BTreeSet<_>>().len()
    };
    assert_eq!(slots(1000), 64);
    assert!(slots(10) <= 10);
    let mut per_slot: BTreeMap<u8, u32> = BTreeMap::new();
    for number in 0..10_000 {
        *per_slot.entry(PartitionKey::from(format!("order/o-{number}")).slot().number()).or_default() += 1;
    }
    assert!(per_slot.values().all(|count| (100..220).contains(count)), "{per_slot:?}");
}

/// A handler that can't take one of the orders.
struct Picky;

#[event_handlers(consumer = "picky")]
impl Picky {
    #[on]
    async fn place(&self, event: OrderPlaced, _cx: &mut MemoryContext<'_>) -> HandlerResult {
        refuse(&event.order_id)
    }

    #[on]
    async fn fill(&self, event: BasketFilled, _cx: &mut MemoryContext<'_>) -> HandlerResult {
        refuse(&event.order_id)
    }
}

fn refuse(order: &str) -> HandlerResult {
    if order == "o-1" { Err(HandlerError::permanent("the order is bad")) } else { Ok(()) }
}

async fn applied(events: &[impl Publish]) -> Counts {
    let store = MemoryStore::new(ManualClock::new("2026-03-01T12:00:00Z".parse().unwrap()));
    let mut transaction = store.transaction().await.unwrap();
    events.iter().for_each(|event| drop(transaction.enqueue(event).unwrap()));
    transaction.commit().await.unwrap();
    let recorder = Recorder::default();
    Relay::new(store.clone(), recorder.clone()).step().await.unwrap();
    let bodies = recorder.bodies();
    let bodies: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
    Consumer::new(store, Picky).apply(&bodies).await.unwrap().1
}

#[tokio::test]
async fn a_bad_order_holds_what_has_its_key_and_nothing_else() {
    let orders = ["o-1", "o-2", "o-3"];
    let narrow = orders.map(|order| OrderPlaced { order_id: order.to_owned(), customer_id: "c-1".to_owned() });
    let counts = applied(&narrow).await;
    assert_eq!((counts.applied, counts.dead_letters, counts.held), (2, 1, 0));
    let wide = orders.map(|order| BasketFilled { order_id: order.to_owned(), customer_id: "c-1".to_owned() });
    let counts = applied(&wide).await;
    assert_eq!((counts.applied, counts.dead_letters, counts.held), (0, 1, 2));
}
