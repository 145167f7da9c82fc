//! Reading any version of an event: decode the version that was written, then step upwards to the newest.

pub(crate) mod chain;
pub(crate) mod check;
pub(crate) mod moved;
pub(crate) mod schema;

use std::convert::Infallible;
use std::error::Error as StdError;

use serde_json::value::RawValue;
use thiserror::Error;

use crate::event::DomainEvent;

use chain::Wire;

/// A step from an older version of an event that always succeeds.
///
/// Written by hand where the step can't be mapped field by field: `#[event(…, from = Older, with)]`, and for enums.
///
/// ```
/// use event_core::{DomainEvent, Upcast};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
/// #[event(type = "light.switched", version = 1, keyless, superseded)]
/// struct SwitchedV1 { on: bool }
///
/// #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
/// #[event(type = "light.switched", version = 2, keyless, from = SwitchedV1)]
/// enum Switched { On, Off }
///
/// impl Upcast<SwitchedV1> for Switched {
///     fn upcast(old: SwitchedV1) -> Self {
///         if old.on { Switched::On } else { Switched::Off }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "no upcaster from `{Older}` to `{Self}`",
    label = "no upcaster from `{Older}`",
    note = "write `impl Upcast<{Older}> for {Self} {{ fn upcast(old: {Older}) -> Self {{ … }} }}`, or `TryUpcast` if it can fail"
)]
pub trait Upcast<Older>: Sized {
    /// The newer version of `old`.
    fn upcast(old: Older) -> Self;
}

/// A step from an older version of an event that can refuse: what it refuses becomes a dead letter.
#[diagnostic::on_unimplemented(
    message = "no upcaster from `{Older}` to `{Self}`",
    label = "no upcaster from `{Older}`",
    note = "write `impl Upcast<{Older}> for {Self} {{ fn upcast(old: {Older}) -> Self {{ … }} }}`, or `TryUpcast` if it can fail"
)]
pub trait TryUpcast<Older>: Sized {
    /// Why an event was refused.
    type Error: Into<Box<dyn StdError + Send + Sync>>;

    /// The newer version of `old`.
    ///
    /// # Errors
    /// When `old` has no meaning in the newer version.
    fn try_upcast(old: Older) -> Result<Self, Self::Error>;
}

#[diagnostic::do_not_recommend]
impl<T: Upcast<Older>, Older> TryUpcast<Older> for T {
    type Error = Infallible;

    fn try_upcast(old: Older) -> Result<Self, Infallible> {
        Ok(T::upcast(old))
    }
}

/// What an upcaster returned when it refused an event.
pub type UpcastError = Box<dyn StdError + Send + Sync>;

/// Why `data` could not be read as an event.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// serde refused the data of a version that is known.
    #[error("cannot decode the data of `{event_type}` version {event_version}")]
    Decode {
        /// The wire type.
        event_type: String,
        /// The version that the envelope names.
        event_version: u32,
        /// serde's own error.
        source: serde_json::Error,
    },
    /// An upcaster refused the event.
    #[error("cannot upcast `{event_type}` to version {to_version}")]
    Upcast {
        /// The wire type of the newer version.
        event_type: String,
        /// The version that the step leads to.
        to_version: u32,
        /// What the upcaster returned.
        source: UpcastError,
    },
    /// The version is not one that this code reads.
    #[error("`{event_type}` version {event_version} is not known to this build")]
    UnknownVersion {
        /// The wire type.
        event_type: String,
        /// The version that the envelope names.
        event_version: u32,
    },
}

/// A published shape: its wire type and version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Shape {
    /// The wire type.
    pub event_type: &'static str,
    /// The version.
    pub event_version: u32,
}

impl Shape {
    /// The shape of a wire type and a version.
    #[must_use]
    pub const fn new(event_type: &'static str, event_version: u32) -> Self {
        Self { event_type, event_version }
    }
}

/// Reads the data of any published version of `E` and upcasts it to `E`.
///
/// # Errors
/// When the version is unknown, serde refuses the data, or an upcaster refuses the event.
///
/// # Examples
/// ```
/// # use event_core::DomainEvent;
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
/// # #[event(type = "order.placed", version = 1, key = order_id, superseded)]
/// # struct OrderPlacedV1 { order_id: String }
/// # #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
/// # #[event(type = "order.placed", version = 2, key = order_id, from = OrderPlacedV1)]
/// # struct OrderPlaced { order_id: String, #[serde(default)] #[event(added)] coupon: Option<String> }
/// let stored = serde_json::value::RawValue::from_string(r#"{"order_id":"o-1"}"#.to_owned())?;
/// let event: OrderPlaced = event_core::read("order.placed", 1, &stored)?;
/// assert_eq!(event.coupon, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read<E: DomainEvent>(event_type: &str, event_version: u32, data: &RawValue) -> Result<E, ReadError> {
    chain::read(&Wire { event_type, event_version, data })
}

/// Every shape that can be read as `E`, the newest first.
#[must_use]
pub fn shapes<E: DomainEvent>() -> Vec<Shape> {
    let mut out = Vec::new();
    chain::shapes::<E>(&mut out);
    out
}
