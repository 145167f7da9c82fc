//! Allocations, counted on the thread that enqueues.
#![allow(unsafe_code, reason = "an allocator is unsafe")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use event_core::{EventId, SystemClock};
use event_sqlx::Enqueue;
use event_tests::events::Placed;
use event_tests::postgres::url;
use event_tests::setup::{postgres_schema, sqlite_pool};

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: everything is handed to the system's allocator; the count is on the side.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: as the caller promises.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often the fewest-allocating of some runs allocates: a pool and a driver now and then grow a buffer.
macro_rules! fewest {
    ($step:expr) => {{
        let mut fewest = usize::MAX;
        for _ in 0..20 {
            let before = COUNT.get();
            $step;
            fewest = fewest.min(COUNT.get() - before);
        }
        fewest
    }};
}

const BY_HAND: &str = include_str!("../../../adapters/event-sqlx/sql/postgres/enqueue.sql");
const BY_HAND_SQLITE: &str = include_str!("../../../adapters/event-sqlx/sql/sqlite/enqueue.sql");

/// What the suite's events cost is known; this one is as large as real ones are.
fn event() -> Placed {
    Placed { order_id: "0193a1b2-0000-7000-8000-00000000abcd".to_owned(), step: 1, note: Some("x".repeat(800)) }
}

pub(crate) async fn on_postgres(major: u32) {
    let pool = postgres_schema(&url(&format!("postgres_{major}"))).await;
    let event = event();
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    let ids: Vec<String> = (0..20).map(|_| EventId::generate(&SystemClock).as_str().to_owned()).collect();
    let mut next = ids.iter();
    let by_hand = fewest!({
        let data = serde_json::value::to_raw_value(&event).unwrap();
        sqlx::query(BY_HAND)
            .bind(next.next().unwrap().as_str())
            .bind("trial")
            .bind(event.order_id.as_str())
            .bind("trial.placed")
            .bind(2_i32)
            .bind(None::<i64>)
            .bind(data.get())
            .bind("{}")
            .execute(tx.connection())
            .await
            .ok();
    });
    drop(tx);
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    let ours = fewest!(event.enqueue(&mut tx).await.unwrap());
    assert!(ours <= by_hand + 3, "{ours} allocations, and {by_hand} by hand");
}

#[tokio::test]
async fn on_sqlite_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let pool = sqlite_pool(&folder.path().join("test.db")).await;
    event_sqlx::migrate(&pool).await.unwrap();
    let event = event();
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    let ids: Vec<String> = (0..20).map(|_| EventId::generate(&SystemClock).as_str().to_owned()).collect();
    let mut next = ids.iter();
    let by_hand = fewest!({
        let data = serde_json::value::to_raw_value(&event).unwrap();
        sqlx::query(BY_HAND_SQLITE)
            .bind(next.next().unwrap().as_str())
            .bind(3_i64)
            .bind("trial")
            .bind(event.order_id.as_str())
            .bind("trial.placed")
            .bind(2_i64)
            .bind(0_i64)
            .bind(data.get())
            .bind("{}")
            .execute(tx.connection())
            .await
            .unwrap();
    });
    let ours = fewest!(event.enqueue(&mut tx).await.unwrap());
    assert!(ours <= by_hand + 3, "{ours} allocations, and {by_hand} by hand");
}
