//! Versioned domain events: vocabulary and decisions.
//!
//! Declare an event with [`macro@DomainEvent`], write it to an outbox with the adapter of your database
//! (`event-sqlx`), handle it with [`event_handlers`]. This crate has no SQL, no broker client and no file I/O.
//!
//! - feature `runtime`: the loops of relay and consumer, generic over store and transport, and the in-process transport
//! - feature `testing`: an in-memory store and a clock that is moved by hand

// The derive's output names this crate by its own name, also in our own tests.
extern crate self as event_core;

mod asked;
mod audit;
mod backlog;
mod characters;
mod clock;
mod deprecation;
mod discovery;
mod draft;
mod entropy;
mod envelope;
mod event;
mod event_set;
mod event_type;
mod event_version;
mod handler;
mod health;
mod id;
mod inbox;
mod key;
mod message;
mod registry;
mod relay;
mod retry;
mod schema;
mod selection;
mod sequence;
mod slot;
mod twin;
mod upcast;
mod write;

#[cfg(feature = "runtime")]
pub mod runtime;

#[cfg(feature = "testing")]
pub mod testing;

pub use asked::Asked;
pub use audit::{Action, Entry};
pub use backlog::{Class, Letter, LetterId, Place, Verdict, after_failure, error_chain};
pub use clock::{Clock, SystemClock, Timestamp, TimestampError};
pub use deprecation::Deprecation;
pub use draft::{Content, DEFAULT_MAX_DATA_BYTES, Draft, EnqueueError, ExtensionValue, Metadata, OutboxRow};
pub use entropy::{FullJitter, Jitter};
pub use envelope::{Envelope, EnvelopeError, Source};
pub use event::{Current, DomainEvent, Publish};
pub use event_macros::DomainEvent;
/// # Examples
/// ```
/// use event_core::{DomainEvent, HandlerResult, Handlers, event_handlers};
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
/// # #[event(type = "order.placed", version = 1, key = order_id)]
/// # struct OrderPlaced { order_id: String }
/// # struct Context<'a> { invoices: &'a mut Vec<String> }
///
/// struct Billing;
///
/// #[event_handlers(consumer = "billing")]
/// impl Billing {
///     #[on(attempts = 3, timeout = "30s")]
///     async fn charge(&self, event: OrderPlaced, cx: &mut Context<'_>) -> HandlerResult {
///         cx.invoices.push(event.order_id);
///         Ok(())
///     }
/// }
///
/// assert_eq!(<Billing as Handlers<Context>>::CONSUMER, "billing");
/// ```
pub use event_macros::event_handlers;
pub use event_set::EventSet;
pub use handler::{HandlerError, HandlerResult, Handlers, Unknown};
pub use health::{Census, Level, Limit, Reason, Report, Thresholds, examine};
pub use id::EventId;
pub use inbox::{
    FirstContact, Gap, GapPolicy, Identity, Kept, Mark, OpenGap, Passage, Past, RECENT, Standing, Stream, digests,
    passages, standing,
};
pub use key::EventKey;
pub use message::Message;
pub use registry::{Destination, Registry};
#[cfg(feature = "runtime")]
pub use relay::Breaker;
pub use relay::{
    Advance, Claim, Cursor, Filter, FilterError, Lease, Owner, Parked, Record, RecordError, Registration, RelayState,
    Sink, SinkState, SlotState, Start, Survey,
};
pub use retry::RetryPolicy;
#[cfg(feature = "runtime")]
pub use runtime::{
    Consumer, Consumers, FanOutError, Follow, FromOutbox, InProcess, InProcessSubscription, Relay, follow, in_process,
};
pub use schema::{reader_schema, writer_schema};
pub use selection::Selection;
pub use sequence::{Sequence, SequenceError};
pub use slot::{PartitionKey, Slot};
pub use twin::{Reach, Twin, TwinVersion};
pub use upcast::{ReadError, Shape, TryUpcast, Upcast, UpcastError, read, shapes};

/// What the macros' output names. Not for users: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::deprecation::{Deprecated, deprecated};
    #[cfg(feature = "__discover")]
    pub use crate::discovery::{Discovered, Source, register};
    pub use crate::event::{Also, Described, DomainEvent, Foreign, Newest, Reads, Superseded, Writes, also};
    pub use crate::event_set::{Answers, Complaint, Handled, HandlesEvents, Named, events_of, handled};
    pub use crate::handler::{
        HandlerError, HandlerOptions, HandlerResult, Handlers, Route, Unknown, is_first, no_route, on, run,
    };
    pub use crate::key::{Key, joined, single};
    pub use crate::message::Message;
    pub use crate::upcast::chain::{Reading, Shapes, Wire, older, step};
    pub use crate::upcast::check::newer;
    pub use crate::upcast::moved::moved;
    pub use crate::upcast::schema::{read_by_schema, shapes_by_schema, stepped};
    pub use crate::{__discover, __read};
    pub use serde_json::Value;
}
