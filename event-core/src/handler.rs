//! Handlers: what a service does when an event arrives.

mod generated;

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use crate::backlog::Class;
use crate::event::Current;
use crate::message::Message;
use crate::upcast::{Shape, shapes};

#[doc(hidden)]
pub use generated::{is_first, no_route, on, run};

/// What a handler returns.
pub type HandlerResult = Result<(), HandlerError>;

/// Why a handler failed, and whether trying again can help.
///
/// Every error converts into a transient one by `?`; say [`HandlerError::permanent`] where no retry can help.
///
/// ```
/// use event_core::HandlerError;
///
/// let error = HandlerError::permanent("the order has no lines");
/// assert!(!error.is_transient());
/// ```
pub struct HandlerError {
    class: Class,
    source: Box<dyn StdError + Send + Sync>,
}

impl HandlerError {
    /// A failure that may be gone on the next try: it is retried on the schedule.
    pub fn transient(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { class: Class::Transient, source: source.into() }
    }

    /// A failure that stays: the event becomes a dead letter at once.
    pub fn permanent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { class: Class::Permanent, source: source.into() }
    }

    /// Data that is not what its version says: the event becomes a dead letter at once, of this class.
    pub fn schema(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { class: Class::Schema, source: source.into() }
    }

    /// Whether trying again can help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.class == Class::Transient
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn class(&self) -> Class {
        self.class
    }

    /// What failed.
    #[must_use]
    pub fn cause(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.source
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for HandlerError {
    fn from(source: E) -> Self {
        Self::transient(source)
    }
}

impl fmt::Debug for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandlerError").field("class", &self.class).field("source", &self.source).finish()
    }
}

impl fmt::Display for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.source, f)
    }
}

/// What happens to events of a type that no handler of the consumer takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Unknown {
    /// They are acknowledged and forgotten: the consumer doesn't want them.
    #[default]
    Ignore,
    /// They become dead letters: the consumer means to handle all that it receives.
    DeadLetter,
}

/// Options of one handler: `#[on(unordered, attempts = 3, retry = "1s, 5s", timeout = "30s")]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[doc(hidden)]
pub struct HandlerOptions {
    /// Later events of a key don't wait for an earlier one that failed.
    pub unordered: bool,
    /// How often to try before the event becomes a dead letter.
    pub attempts: Option<u32>,
    /// How long to wait between tries.
    pub retry: Option<&'static [Duration]>,
    /// How long one try may take.
    pub timeout: Option<Duration>,
}

/// One handler of a consumer: which event it takes and how.
#[derive(Debug, Clone)]
#[doc(hidden)]
pub struct Route {
    /// The name of the method.
    pub handler: &'static str,
    /// Every shape that is read as the handler's event, the newest first.
    pub shapes: Vec<Shape>,
    /// The options of the handler.
    pub options: HandlerOptions,
}

impl Route {
    /// The route of a handler of `E`.
    #[must_use]
    pub fn of<E: Current>(handler: &'static str, options: HandlerOptions) -> Self {
        Self { handler, shapes: shapes::<E>(), options }
    }
}

/// The handlers of one consumer, over the context type `Cx` of a store. Implemented by `#[event_handlers]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no event handlers for the context `{Cx}`",
    label = "no event handlers",
    note = "put `#[event_handlers(consumer = \"…\")]` on `impl {Self}`, and `#[on]` on each `async fn name(&self, event: Event, cx: &mut Context<'_, Db>) -> HandlerResult`"
)]
pub trait Handlers<Cx>: Send + Sync {
    /// The name of the consumer: marks, retries and dead letters are kept under it. Renaming it starts anew.
    const CONSUMER: &'static str;

    /// What happens to events that no handler takes.
    const UNKNOWN: Unknown;

    /// The handlers in their order; the index is what [`Handlers::handle`] takes.
    fn routes() -> Vec<Route>;

    /// Decodes `message` for the handler at `route`, upcasts it, and runs the handler.
    fn handle<'a>(
        &'a self,
        route: usize,
        message: &'a Message,
        cx: &'a mut Cx,
    ) -> impl Future<Output = HandlerResult> + Send + 'a;
}
