//! What a domain event is: a serialisable, described type with a stable wire name and version.

mod also;
mod data;
mod standing;

use serde_json::value::RawValue;

use crate::deprecation::Deprecation;
use crate::key::EventKey;
use crate::upcast::chain::{Reading, Shapes, Wire};
use crate::write::Unwritable;

pub use also::{Also, also};
pub use data::{Described, Reads, Writes};
pub(crate) use standing::Standing;
pub use standing::{Foreign, Newest, Superseded};
use standing::{Handled, Published};

/// A versioned domain event: a Rust type with a wire name and a version that renaming the type never changes.
///
/// Implemented by `#[derive(DomainEvent)]`; writing it by hand is not supported.
///
/// ```
/// use event_core::DomainEvent;
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
/// #[event(type = "order.placed", version = 1, key = order_id)]
/// pub struct OrderPlaced {
///     pub order_id: String,
/// }
///
/// assert_eq!(OrderPlaced::EVENT_TYPE, "order.placed");
/// assert_eq!(OrderPlaced::EVENT_VERSION, 1);
/// assert_eq!(OrderPlaced::AGGREGATE, "order");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a domain event",
    label = "not a domain event",
    note = "add `#[derive(DomainEvent)]` and `#[event(type = \"…\", version = 1, key = …)]` to `{Self}`"
)]
pub trait DomainEvent: Reads + Described + Sized + Send + Sync + 'static {
    /// The wire type, `order.placed`: CloudEvents' `type`.
    const EVENT_TYPE: &'static str;

    /// The version of this shape of the event: CloudEvents' extension `eventversion`.
    const EVENT_VERSION: u32;

    /// What the event is about: together with the key it names what is ordered.
    const AGGREGATE: &'static str;

    /// The oldest version whose reader understands what this one writes: CloudEvents' extension `readablesince`.
    const READABLE_SINCE: u32 = Self::EVENT_VERSION;

    /// What is said about the end of this version, if it is deprecated.
    const DEPRECATION: Option<Deprecation> = None;

    /// Whether it is the newest version, superseded or foreign. All but a foreign event can be written.
    #[doc(hidden)]
    type Standing: Standing<Self>;

    /// The key within the aggregate, CloudEvents' `subject`; `None` for keyless events, and for foreign ones without it.
    fn event_key(&self) -> Option<EventKey>;

    /// The older version that is written beside it during a cut-over.
    #[doc(hidden)]
    fn __also(&self) -> Also {
        None
    }

    /// Reads what an older version wrote, upcast to this one.
    ///
    /// # Errors
    /// When no older version is known, its data doesn't fit, or a step refuses it.
    #[doc(hidden)]
    fn __read_older(wire: &Wire<'_>) -> Reading<Self> {
        Err(wire.unknown())
    }

    /// Adds every shape that the older versions read, the newest first.
    #[doc(hidden)]
    fn __older_shapes(_: &mut Shapes) {}
}

/// An event which is the newest version of its type: what handlers take.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be handled: it is a superseded version, or no domain event",
    label = "not the newest version of an event",
    note = "handle the newest version of the event: older ones are upcast to it before the handler runs"
)]
pub trait Current: DomainEvent {}

#[diagnostic::do_not_recommend]
impl<E: DomainEvent> Current for E where E::Standing: Handled {}

/// An event that can be published. Superseded versions and foreign events are read, never published.
///
/// What its standing lacks says why it can't be: so each reason has a message of its own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be published: it is not a domain event",
    label = "not a domain event",
    note = "add `#[derive(DomainEvent)]` and `#[event(type = \"…\", version = 1, key = …)]` to `{Self}`"
)]
pub trait Publish: DomainEvent {
    /// The data as JSON.
    ///
    /// # Errors
    /// When serde refuses it, or JSON has no number for a float in it.
    #[doc(hidden)]
    fn __write(&self) -> Result<Box<RawValue>, Unwritable>;
}

impl<E: DomainEvent> Publish for E
where
    E::Standing: Published<E>,
{
    fn __write(&self) -> Result<Box<RawValue>, Unwritable> {
        E::Standing::write(self)
    }
}
