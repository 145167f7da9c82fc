//! Writing the data of an event: serde_json's own text, but for two things. A float that JSON has no number for is
//! refused, where serde_json writes `null`, which a reader takes for `None` or can't read at all. And what can't be
//! written is told by its place.

mod entries;
mod finite;
mod parts;
mod place;

#[cfg(test)]
mod tests;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use finite::Finite;
use place::Place;

/// Why the data of an event can't be written, and where in it.
#[derive(Debug)]
pub struct Unwritable {
    /// As one would write it in Rust, `lines[2].price`; empty for the event as a whole.
    pub(crate) place: String,
    /// What serde said.
    pub(crate) source: serde_json::Error,
}

/// The data as JSON.
pub(crate) fn data<T: Serialize + ?Sized>(value: &T) -> Result<Box<RawValue>, Unwritable> {
    let place = Place::default();
    to_raw_value(&Finite { value, place: &place }).map_err(|source| Unwritable { place: place.text(), source })
}
