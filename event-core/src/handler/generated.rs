//! What the output of `#[event_handlers]` calls.

use std::future::Future;
use std::marker::PhantomData;

use crate::event::Current;
use crate::message::Message;
use crate::upcast::chain::same_type;

use super::{HandlerError, HandlerOptions, HandlerResult, Route};

/// A handler of `E`.
#[derive(Debug)]
pub struct On<E>(PhantomData<E>);

/// Every use of a handler's event begins here: one bound, so a type that is none is reported once.
#[must_use]
pub const fn on<E: Current>() -> On<E> {
    On(PhantomData)
}

impl<E: Current> On<E> {
    /// The wire type.
    #[must_use]
    pub const fn event_type(&self) -> &'static str {
        E::EVENT_TYPE
    }

    /// The route of the handler.
    #[must_use]
    pub fn route(&self, handler: &'static str, options: HandlerOptions) -> Route {
        Route::of::<E>(handler, options)
    }

    /// Reads the event of the handler.
    ///
    /// # Errors
    /// A permanent one when the data doesn't fit.
    pub fn read(&self, message: &Message) -> Result<E, HandlerError> {
        message.read()
    }
}

/// The future of a handler: what isn't `Send` is reported at the handler.
pub fn run<F: Future<Output = HandlerResult> + Send>(handler: F) -> impl Future<Output = HandlerResult> + Send {
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
