//! What the output of `#[event_handlers]` calls.

use std::future::Future;

use crate::event::Current;
use crate::message::Message;
use crate::upcast::chain::same_type;

use super::{HandlerError, HandlerOptions, HandlerResult, Route};

/// What a handler of `E` needs of its event. Fields, not methods: these would repeat the bound, and so its message.
#[derive(Debug)]
pub struct On<E> {
    /// The wire type.
    pub event_type: &'static str,
    /// The route of the handler.
    pub route: fn(&'static str, HandlerOptions) -> Route,
    /// Reads the event.
    pub read: fn(&Message) -> Result<E, HandlerError>,
}

/// Every use of a handler's event begins here.
#[must_use]
pub const fn on<E: Current>() -> On<E> {
    On { event_type: E::EVENT_TYPE, route: Route::of::<E>, read: Message::read::<E> }
}

/// The future of a handler: what isn't `Send` is reported at the handler.
pub fn run<F: Future + Send>(handler: F) -> impl Future<Output = F::Output> + Send {
    handler
}

/// The answer for a route that the consumer doesn't have.
///
/// # Errors
/// Always a permanent one.
pub fn no_route(route: usize) -> HandlerResult {
    Err(HandlerError::permanent(format!("the consumer has no handler with the number {route}")))
}

/// Whether no earlier handler takes the wire type of the handler at `index`. An event which the derive refused has none.
#[must_use]
pub const fn is_first(event_types: &[&str], index: usize) -> bool {
    let mut i = 0;
    while i < index {
        #[allow(clippy::indexing_slicing, reason = "the macro counts; const fn has no iterator")]
        if !event_types[i].is_empty() && same_type(event_types[i], event_types[index]) {
            return false;
        }
        i += 1;
    }
    true
}
