//! Versioned domain events: vocabulary and decisions.

// The derive's output names this crate by its own name, also in our own tests.
extern crate self as event_core;

mod discovery;
mod event;
mod handler;
mod key;
mod message;
mod upcast;

pub use event::{Current, DomainEvent, Publish};
pub use event_macros::{DomainEvent, event_handlers};
pub use handler::{HandlerError, HandlerResult, Handlers, Unknown};
pub use key::EventKey;
pub use message::Message;
pub use upcast::{ReadError, Shape, TryUpcast, Upcast, UpcastError, read, shapes};

/// What the macros' output names. Not for users: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::__discover;
    pub use crate::event::{Current, Described, DomainEvent, Publish, Reads, Writes};
    pub use crate::handler::{HandlerError, HandlerOptions, HandlerResult, Handlers, Route, Unknown};
    pub use crate::key::{EventKey, joined, single};
    pub use crate::message::Message;
    pub use crate::upcast::{First, UpcastError, chain, step};
}
