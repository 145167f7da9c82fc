//! Finding the handler of an event takes nothing from the heap, however many types there are.
#![allow(unsafe_code, reason = "an allocator that counts")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use event_core::__private::{HandlerOptions, Route, Unknown};
use event_core::{Destination, Envelope, Registry, Shape};

/// Counts what each thread allocates.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u32> = const { Cell::new(0) };
}

// SAFETY: all is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn registry(types: usize) -> Registry {
    let route = |number: usize| {
        let event_type: &'static str = format!("order.happened_{number}").leak();
        let shapes = vec![Shape::new(event_type, 2), Shape::new(event_type, 1)];
        Route { handler: "handle", shapes, options: HandlerOptions::default() }
    };
    Registry::new((0..types).map(route).collect(), Unknown::Ignore)
}

fn envelope(event_type: &str, version: u32, readable_since: Option<u32>) -> Envelope {
    let mut envelope = Envelope::new("1".into(), "/s".into(), event_type);
    envelope.event_version = version;
    envelope.readable_since = readable_since;
    envelope
}

#[test]
fn finding_a_handler_allocates_nothing() {
    let registry = registry(1000);
    let envelopes = [
        envelope("order.happened_7", 1, None),
        envelope("order.happened_999", 2, None),
        envelope("order.happened_999", 3, Some(1)),
        envelope("order.happened_999", 3, None),
        envelope("order.elsewhere", 1, None),
    ];
    let before = ALLOCATIONS.get();
    let found = envelopes.each_ref().map(|envelope| registry.destination(envelope));
    let allocated = ALLOCATIONS.get() - before;
    let version = |found: &Destination| match found {
        Destination::Route { version, .. } => Some(*version),
        _ => None,
    };
    assert_eq!(found.each_ref().map(version), [Some(1), Some(2), Some(2), None, None]);
    assert_eq!(allocated, 0);
}
