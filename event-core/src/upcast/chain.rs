//! The chain of versions: what the derive's output says of the version below an event.
//!
//! The older version is named in bodies only. As an associated type it would have to be as visible as the newer one,
//! and who reads an old version needs none but the newest.

use serde_json::value::RawValue;

use crate::event::{DomainEvent, Standing};

use super::schema::refused;
use super::{ReadError, Shape, TryUpcast};

/// What comes of reading a version.
pub type Reading<E> = Result<E, ReadError>;

/// Where shapes are collected.
pub type Shapes = Vec<Shape>;

/// What was stored: its shape and its data.
#[derive(Debug, Clone, Copy)]
pub struct Wire<'a> {
    pub(super) event_type: &'a str,
    pub(super) event_version: u32,
    pub(super) data: &'a RawValue,
}

impl Wire<'_> {
    /// The answer of a chain that doesn't know the shape.
    #[must_use]
    pub(crate) fn unknown(&self) -> ReadError {
        ReadError::UnknownVersion { event_type: self.event_type.to_owned(), event_version: self.event_version }
    }
}

/// The version below an event. Fields, not methods: these would repeat the bound of [`older`], and so its message.
#[derive(Debug)]
pub struct Older<E> {
    pub(super) event_type: &'static str,
    /// Its version.
    pub event_version: u32,
    pub(super) foreign: bool,
    /// Reads it, or a version below it.
    pub read: fn(&Wire<'_>) -> Reading<E>,
    /// Adds every shape that it reads.
    pub shapes: fn(&mut Shapes),
}

/// Every use of an older version begins here.
#[must_use]
pub const fn older<E: DomainEvent>() -> Older<E> {
    Older {
        event_type: E::EVENT_TYPE,
        event_version: E::EVENT_VERSION,
        foreign: !<E::Standing as Standing<E>>::IS_OURS,
        read: read::<E>,
        shapes: shapes::<E>,
    }
}

/// The older event, or the end of reading. The compiler solves the traits of `?` in each event; here there are none.
#[doc(hidden)]
#[macro_export]
macro_rules! __read {
    ($older:ty, $wire:expr) => {
        match ($crate::__private::older::<$older>().read)($wire) {
            ::core::result::Result::Ok(old) => old,
            ::core::result::Result::Err(error) => return ::core::result::Result::Err(error),
        }
    };
}

/// Takes a step that was written by hand.
///
/// # Errors
/// When the step refuses the event.
pub fn step<E: DomainEvent + TryUpcast<Older>, Older>(old: Older) -> Reading<E> {
    E::try_upcast(old).map_err(|source| refused::<E>(source.into()))
}

/// Decodes the version that was written and steps upwards to `E`.
pub(super) fn read<E: DomainEvent>(wire: &Wire<'_>) -> Reading<E> {
    if wire.event_version == E::EVENT_VERSION && wire.event_type == E::EVENT_TYPE {
        return decode(wire.data);
    }
    E::__read_older(wire)
}

fn decode<E: DomainEvent>(data: &RawValue) -> Reading<E> {
    E::__read(data).map_err(|source| ReadError::Decode {
        event_type: E::EVENT_TYPE.to_owned(),
        event_version: E::EVENT_VERSION,
        source,
    })
}

/// Adds every shape that `E` reads, the newest first.
pub(super) fn shapes<E: DomainEvent>(out: &mut Shapes) {
    out.push(Shape { event_type: E::EVENT_TYPE, event_version: E::EVENT_VERSION });
    E::__older_shapes(out);
}

/// Whether two wire types are the same text.
pub(crate) const fn same_type(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        #[allow(clippy::indexing_slicing, reason = "`i` is below the length; const fn has no iterator")]
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}
